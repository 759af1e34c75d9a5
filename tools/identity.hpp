// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Who a command runs as: not who gave us our privileges, but who uses them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ownroute/users.hpp>
#include <string>
#include <vector>

namespace ownroute::cli {

/// As in environ(7): each NAME=VALUE.
using Environment = std::vector<std::string>;

struct Identity {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  /// Supplementary ones; none: those of this process.
  std::optional<std::vector<std::uint32_t>> groups = {};
  Environment environment = {};

  friend bool operator==(const Identity &, const Identity &) = default;
};

/// The databases of users.
struct Users {
  std::function<std::optional<std::uint32_t>(const std::string &name)> find;
  std::function<std::optional<User>(std::uint32_t uid)> entry;
  std::function<std::optional<UserGroups>(std::uint32_t uid)> groups;
};

/// Who has started a process that has the real ids @p uid and @p gid: these, but if sudo, doas or
/// pkexec has made it root's, the user that @p environment names as theirs, with this user's groups
/// and variables, and without those of sudo, doas and pkexec.
/// @throws Error of kind refused if there is no such user.
Identity caller(std::uint32_t uid, std::uint32_t gid, Environment environment, const Users &users);

}  // namespace ownroute::cli
