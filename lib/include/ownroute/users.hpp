// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Users and groups of the system's databases.
#pragma once

#include <cstdint>
#include <optional>
#include <ownroute/export.hpp>
#include <string>
#include <vector>

namespace ownroute {

/// Uid of user @p name; none if there is no such user.
/// @throws Error refused if the databases can't be asked.
OWNROUTE_API std::optional<std::uint32_t> find_user(const std::string &name);
/// Gid of group @p name; none if there is no such group.
/// @throws Error refused if the databases can't be asked.
OWNROUTE_API std::optional<std::uint32_t> find_group(const std::string &name);

/// A user's entry in the databases.
struct User {
  std::string name = {};
  std::uint32_t uid = 0;
  std::string home = {};
  std::string shell = {};
};
/// None if there is no such user.
/// @throws Error refused if the databases can't be asked.
OWNROUTE_API std::optional<User> user_of(std::uint32_t uid);

/// The groups that a login of user @p uid has.
struct UserGroups {
  std::uint32_t primary = 0;
  std::vector<std::uint32_t> supplementary = {};
};
/// None if there is no such user.
/// @throws Error refused if the databases can't be asked.
OWNROUTE_API std::optional<UserGroups> groups_of(std::uint32_t uid);

}  // namespace ownroute
