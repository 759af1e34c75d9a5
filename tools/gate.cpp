// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gate.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ownroute/error.hpp>
#include <string>
#include <utility>

namespace ownroute::cli {
namespace {

void close_one(int &fd) {
  if (fd >= 0) {
    close(std::exchange(fd, -1));
  }
}

}  // namespace

Gate::Gate() {
  if (pipe2(pipe_.data(), O_CLOEXEC) != 0) {
    throw Error(ErrorKind::refused, std::string("cannot make a pipe: ") + std::strerror(errno),
                errno);
  }
}

bool Gate::wait() {
  close_one(pipe_[1]);
  char byte;
  ssize_t length;
  do {
    length = read(pipe_[0], &byte, sizeof(byte));
  } while (length < 0 && errno == EINTR);
  return length > 0;
}

void Gate::open() {
  // SIGPIPE is ignored, see main().
  (void)!write(pipe_[1], "", 1);
  leave();
}

void Gate::leave() {
  close_one(pipe_[0]);
  close_one(pipe_[1]);
}

}  // namespace ownroute::cli
