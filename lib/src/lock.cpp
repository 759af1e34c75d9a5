// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <ownroute/error.hpp>
#include <string>

namespace ownroute::detail {

void Lock::take() {
  if (held_) {
    return;
  }
  FileDescriptor fd(open(file_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) {
    return;
  }
  while (flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) {
      const int code = errno;
      throw Error(ErrorKind::refused, "cannot lock " + file_.string() + ": " + std::strerror(code),
                  code);
    }
  }
  held_ = std::move(fd);
}

}  // namespace ownroute::detail
