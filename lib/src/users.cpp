// SPDX-License-Identifier: LGPL-2.1-or-later
#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <ownroute/error.hpp>
#include <ownroute/users.hpp>

#include "text.hpp"

namespace ownroute {
namespace {

/// Runs @p look with buffers that grow until it has room; false if the databases have no such
/// entry.
/// @p look returns an errno value and sets @p found, as getpwnam_r(3).
bool look_up(const std::string &subject,
             const std::function<int(std::vector<char> &buffer, bool &found)> &look) {
  std::vector<char> buffer(1024);
  for (;;) {
    bool found = false;
    const int error = look(buffer, found);
    if (found) {
      return true;
    }
    switch (error) {
      case EINTR:
        break;
      case ERANGE:
        buffer.resize(buffer.size() * 2);
        break;
      // What the databases say of a name that they don't have, see getpwnam(3).
      case 0:
      case ENOENT:
      case ESRCH:
      case EBADF:
      case EPERM:
        return false;
      default:
        throw Error(ErrorKind::refused, "cannot look up " + subject + ": " + std::strerror(error),
                    error);
    }
  }
}

}  // namespace

std::optional<std::uint32_t> find_user(const std::string &name) {
  passwd entry;
  const auto look = [&](std::vector<char> &buffer, bool &found) {
    passwd *result = nullptr;
    const int error = getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &result);
    found = result != nullptr;
    return error;
  };
  return look_up("user " + detail::cite(name), look) ? std::optional(entry.pw_uid) : std::nullopt;
}

std::optional<std::uint32_t> find_group(const std::string &name) {
  group entry;
  const auto look = [&](std::vector<char> &buffer, bool &found) {
    group *result = nullptr;
    const int error = getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &result);
    found = result != nullptr;
    return error;
  };
  return look_up("group " + detail::cite(name), look) ? std::optional(entry.gr_gid) : std::nullopt;
}

std::optional<UserGroups> groups_of(std::uint32_t uid) {
  passwd entry;
  std::string name;
  const auto look = [&](std::vector<char> &buffer, bool &found) {
    passwd *result = nullptr;
    const int error = getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &result);
    found = result != nullptr;
    if (found) {
      name = entry.pw_name;
    }
    return error;
  };
  if (!look_up("uid " + std::to_string(uid), look)) {
    return std::nullopt;
  }
  UserGroups groups{.primary = entry.pw_gid};
  int count = 32;
  do {
    groups.supplementary.resize(static_cast<std::size_t>(count));
  } while (getgrouplist(name.c_str(), entry.pw_gid, groups.supplementary.data(), &count) < 0);
  groups.supplementary.resize(static_cast<std::size_t>(count));
  // It puts the primary one among them.
  std::erase(groups.supplementary, entry.pw_gid);
  return groups;
}

}  // namespace ownroute
