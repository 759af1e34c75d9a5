// SPDX-License-Identifier: LGPL-2.1-or-later
#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <cstring>
#include <ownroute/error.hpp>
#include <ownroute/users.hpp>
#include <utility>
#include <vector>

#include "text.hpp"

namespace ownroute {
namespace {

/// What @p read makes of the database's entry that @p get finds by @p key; nothing if there is
/// none.
/// @p get is one of getpwnam_r(3)'s kind. The entry's strings are gone when @p read returns.
template <typename Entry, typename Key, typename Read>
auto look_up(const std::string &subject,
             int (*get)(Key, Entry *, char *buffer, std::size_t size, Entry **found), Key key,
             const Read &read) -> std::optional<decltype(read(std::declval<const Entry &>()))> {
  std::vector<char> buffer(1024);
  for (;;) {
    Entry entry;
    Entry *found = nullptr;
    const int error = get(key, &entry, buffer.data(), buffer.size(), &found);
    if (found != nullptr) {
      return read(entry);
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
        return std::nullopt;
      default:
        throw Error(ErrorKind::refused, "cannot look up " + subject + ": " + std::strerror(error),
                    error);
    }
  }
}

auto look_up_uid(std::uint32_t uid, const auto &read) {
  return look_up("uid " + std::to_string(uid), getpwuid_r, uid_t{uid}, read);
}

UserGroups read_groups(const passwd &user) {
  UserGroups groups{.primary = user.pw_gid};
  int count = 32;
  do {
    groups.supplementary.resize(static_cast<std::size_t>(count));
  } while (getgrouplist(user.pw_name, user.pw_gid, groups.supplementary.data(), &count) < 0);
  groups.supplementary.resize(static_cast<std::size_t>(count));
  // It puts the primary one among them.
  std::erase(groups.supplementary, user.pw_gid);
  return groups;
}

}  // namespace

std::optional<std::uint32_t> find_user(const std::string &name) {
  return look_up("user " + detail::cite(name), getpwnam_r, name.c_str(),
                 [](const passwd &user) { return std::uint32_t{user.pw_uid}; });
}

std::optional<std::uint32_t> find_group(const std::string &name) {
  return look_up("group " + detail::cite(name), getgrnam_r, name.c_str(),
                 [](const group &entry) { return std::uint32_t{entry.gr_gid}; });
}

std::optional<User> user_of(std::uint32_t uid) {
  return look_up_uid(uid, [](const passwd &user) {
    return User{user.pw_name, user.pw_uid, user.pw_dir, user.pw_shell};
  });
}

std::optional<UserGroups> groups_of(std::uint32_t uid) {
  return look_up_uid(uid, read_groups);
}

}  // namespace ownroute
