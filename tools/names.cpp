// SPDX-License-Identifier: LGPL-2.1-or-later
#include "names.hpp"

#include <pwd.h>

#include <cerrno>
#include <cstring>
#include <ownroute/error.hpp>
#include <ownroute/table_names.hpp>
#include <vector>

#include "quote.hpp"

namespace ownroute::cli {
namespace {

std::optional<std::uint32_t> find_user(const std::string &name) {
  std::vector<char> buffer(1024);
  for (;;) {
    passwd entry;
    passwd *found = nullptr;
    const int error = getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (found != nullptr) {
      return found->pw_uid;
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
        throw Error(ErrorKind::refused,
                    "cannot look up user " + cite(name) + ": " + std::strerror(error), error);
    }
  }
}

}  // namespace

Names system_names() {
  return {find_user, [](const std::string &name) { return TableNames().number(name); }};
}

}  // namespace ownroute::cli
