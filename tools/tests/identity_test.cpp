// SPDX-License-Identifier: LGPL-2.1-or-later
#include "identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ownroute/error.hpp>

namespace ownroute::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using testing::Optional;
using testing::UnorderedElementsAre;

Users users() {
  return {
      [](const std::string &name) { return name == "anna" ? std::optional(1001U) : std::nullopt; },
      [](std::uint32_t uid) {
        return uid == 1001 ? std::optional(User{"anna", 1001, "/home/anna", "/bin/zsh"})
                           : std::nullopt;
      },
      [](std::uint32_t uid) {
        return uid == 1001 ? std::optional(UserGroups{.primary = 100, .supplementary = {27, 44}})
                           : std::nullopt;
      },
  };
}

Identity of_root(Environment environment) {
  return caller(0, 0, std::move(environment), users());
}

TEST(Caller, IsWhoHasStartedIt) {
  const Environment environment{"HOME=/root", "A=b"};
  EXPECT_EQ(of_root(environment), (Identity{.uid = 0, .gid = 0, .environment = environment}));
  EXPECT_EQ(caller(7, 8, environment, users()),
            (Identity{.uid = 7, .gid = 8, .environment = environment}));
}

TEST(Caller, IsTheUserOfSudo) {
  const Identity identity =
      of_root({"HOME=/root", "A=b", "SUDO_UID=1001", "SUDO_GID=44", "SUDO_USER=x", "SUDO_COMMAND=y",
               "USER=root", "LOGNAME=root", "SHELL=/bin/sh", "SUDOKU=z"});
  EXPECT_EQ(identity.uid, 1001U);
  EXPECT_EQ(identity.gid, 44U);
  EXPECT_THAT(identity.groups, Optional(ElementsAre(100, 27, 44)));
  EXPECT_THAT(identity.environment,
              UnorderedElementsAre("A=b", "HOME=/home/anna", "USER=anna", "LOGNAME=anna",
                                   "SHELL=/bin/zsh", "SUDOKU=z"));
}

TEST(Caller, IsTheUserOfDoasAndPkexec) {
  for (const std::string variable : {"DOAS_USER=anna", "PKEXEC_UID=1001"}) {
    const Identity identity = of_root({variable});
    EXPECT_EQ(identity.uid, 1001U) << variable;
    EXPECT_EQ(identity.gid, 100U) << variable;
    EXPECT_THAT(identity.environment, Contains("HOME=/home/anna"));
    EXPECT_THAT(identity.environment, Not(Contains(variable)));
  }
}

TEST(Caller, HasNoGroupThatTheKernelTakesForNone) {
  for (const std::string gid : {"4294967295", "", "-1", "x"}) {
    EXPECT_EQ(of_root({"SUDO_UID=1001", "SUDO_GID=" + gid}).gid, 100U) << gid;
  }
}

TEST(Caller, IsNotWhoTheEnvironmentOfAnotherNames) {
  const Environment environment{"SUDO_UID=1001", "DOAS_USER=anna"};
  EXPECT_EQ(caller(7, 8, environment, users()),
            (Identity{.uid = 7, .gid = 8, .environment = environment}));
}

TEST(Caller, IsKnown) {
  for (const std::string variable : {"SUDO_UID=1002", "SUDO_UID=", "SUDO_UID=anna", "SUDO_UID=-1",
                                     "DOAS_USER=1001", "PKEXEC_UID=4294967295"}) {
    EXPECT_THROW(of_root({variable}), Error) << variable;
  }
}

}  // namespace
}  // namespace ownroute::cli
