// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <ownroute/error.hpp>
#include <ownroute/netns.hpp>
#include <utility>

#include "text.hpp"

namespace ownroute {
namespace {

bool same_file(int a, int b) {
  struct stat left, right;
  return fstat(a, &left) == 0 && fstat(b, &right) == 0 && left.st_dev == right.st_dev &&
         left.st_ino == right.st_ino;
}

/// Brings the thread back where it came from.
class Return {
 public:
  explicit Return(const Netns &home) : home_(home) {}
  Return(const Return &) = delete;
  Return &operator=(const Return &) = delete;
  ~Return() {
    // Going on in the wrong namespace would change somebody else's network.
    if (setns(home_.fd(), CLONE_NEWNET) != 0) {
      std::terminate();
    }
  }

 private:
  const Netns &home_;
};

}  // namespace

Netns Netns::current() {
  const int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    throw Error(ErrorKind::refused,
                std::string("cannot open /proc/thread-self/ns/net: ") + std::strerror(errno),
                errno);
  }
  return Netns(fd);
}

Netns Netns::by_name(const std::string &name) {
  const bool is_path = name.find('/') != name.npos;
  // Not the directory itself, nor the one above it.
  const bool is_dots = name.find_first_not_of('.') == name.npos;
  const std::string path = is_path ? name : is_dots ? "" : "/run/netns/" + name;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const int code = errno;
    throw Error(code == ENOENT || code == ENAMETOOLONG ? ErrorKind::not_found : ErrorKind::refused,
                "no network namespace " + detail::cite(name) + ": " + std::strerror(code), code);
  }
  Netns netns(fd);
  if (ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWNET) {
    throw Error(ErrorKind::refused, detail::cite(path) + " is no network namespace");
  }
  return netns;
}

Netns::Netns(Netns &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Netns &Netns::operator=(Netns &&other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Netns::~Netns() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

bool Netns::has_own_users() const {
  // The kernel doesn't show an owner that is out of the caller's reach.
  const Netns owner(ioctl(fd_, NS_GET_USERNS));
  const Netns own(open("/proc/thread-self/ns/user", O_RDONLY | O_CLOEXEC));
  return owner.fd_ >= 0 && own.fd_ >= 0 && same_file(owner.fd_, own.fd_);
}

bool operator==(const Netns &a, const Netns &b) {
  return same_file(a.fd_, b.fd_);
}

void Netns::enter() const {
  // Entering one's own namespace takes a privilege too, and isn't needed.
  if (current() == *this) {
    return;
  }
  if (setns(fd_, CLONE_NEWNET) != 0) {
    const int code = errno;
    throw Error(code == EPERM ? ErrorKind::not_permitted : ErrorKind::refused,
                code == EPERM
                    ? "entering a network namespace needs CAP_SYS_ADMIN: run it as root"
                    : std::string("cannot enter the network namespace: ") + std::strerror(code),
                code);
  }
}

void Netns::run(const std::function<void()> &work) const {
  const Netns home = current();
  if (home == *this) {
    work();
    return;
  }
  enter();
  const Return way_back(home);
  work();
}

}  // namespace ownroute
