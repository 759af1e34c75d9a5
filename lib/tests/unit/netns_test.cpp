// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <ownroute/netns.hpp>

#include "temporary_root.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

TEST(Netns, CurrentIsClosedOnExec) {
  const Netns netns = Netns::current();
  EXPECT_NE(fcntl(netns.fd(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Netns, MovesAndClosesItsFile) {
  int fd = -1;
  {
    Netns netns = Netns::current();
    fd = netns.fd();
    const Netns moved = std::move(netns);
    EXPECT_EQ(moved.fd(), fd);
  }
  EXPECT_EQ(fcntl(fd, F_GETFD), -1);
}

TEST(Netns, RunsInItsOwnNamespaceWithoutPrivilege) {
  bool ran = false;
  Netns::current().run([&] { ran = true; });
  EXPECT_TRUE(ran);
  EXPECT_NO_THROW(Netns::current().enter());
  EXPECT_THROW(Netns::current().run([] { throw std::runtime_error("work"); }), std::runtime_error);
}

TEST(Netns, ByPathIsTheSameNamespace) {
  EXPECT_NO_THROW(Netns::by_name("/proc/self/ns/net").run([] {}));
}

TEST(Netns, UnknownNameIsNotFound) {
  EXPECT_THAT(thrown_by([] { Netns::by_name("no-such-namespace"); }),
              IsError(ErrorKind::not_found, "no network namespace 'no-such-namespace'"));
  EXPECT_THAT(thrown_by([] { Netns::by_name(std::string(300, 'x')); }),
              IsError(ErrorKind::not_found, "no network namespace"));
}

TEST(Netns, OtherFilesAreRefused) {
  const TemporaryRoot root;
  root.write("file", "");
  EXPECT_THAT(thrown_by([&] { Netns::by_name(root.path() / "file"); }),
              IsError(ErrorKind::refused, "is no network namespace"));
  EXPECT_THAT(thrown_by([] { Netns::by_name("/proc/self/ns/mnt"); }),
              IsError(ErrorKind::refused, "is no network namespace"));
  EXPECT_THAT(thrown_by([] { Netns::by_name(""); }),
              IsError(ErrorKind::not_found, "no network namespace ''"));
}

}  // namespace
}  // namespace ownroute::test
