// SPDX-License-Identifier: LGPL-2.1-or-later
#include "module.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "file.hpp"

namespace ownroute::test {

void load_module() {
  const char *file = getenv("OWNROUTE_KO");
  if (file == nullptr) {
    throw std::runtime_error("OWNROUTE_KO must name the module's file");
  }
  const detail::FileDescriptor fd(open(file, O_RDONLY | O_CLOEXEC));
  if (syscall(SYS_finit_module, fd.get(), "", 0) != 0 && errno != EEXIST) {
    throw std::runtime_error(std::string("cannot load ") + file + ": " + std::strerror(errno));
  }
}

void unload_module() {
  if (syscall(SYS_delete_module, "ownroute", O_NONBLOCK) != 0 && errno != ENOENT) {
    throw std::runtime_error(std::string("cannot unload ownroute: ") + std::strerror(errno));
  }
}

}  // namespace ownroute::test
