// SPDX-License-Identifier: LGPL-2.1-or-later
#include "owner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ownroute::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Owner assumed(const Asked &asked) {
  return assume(asked, [](std::uint32_t uid) {
    return uid == 1001 ? std::optional(UserGroups{.primary = 100, .supplementary = {27, 44}})
                       : std::nullopt;
  });
}

TEST(Assume, TakesTheGroupsOfTheUser) {
  const Owner owner = assumed({.uid = 1001, .cgroup = "/a"});
  EXPECT_EQ(owner.uid, 1001U);
  EXPECT_EQ(owner.gid, 100U);
  EXPECT_THAT(owner.groups, ElementsAre(27, 44));
  EXPECT_EQ(owner.cgroup, "/a");
  EXPECT_FALSE(owner.kernel);
}

TEST(Assume, TakesTheGroupThatWasAskedFor) {
  const Owner primary = assumed({.uid = 1001, .gid = 5});
  EXPECT_EQ(primary.gid, 5U);
  EXPECT_THAT(primary.groups, ElementsAre(27, 44));
  const Owner supplementary = assumed({.uid = 1001, .gid = 5, .suppl = true});
  EXPECT_EQ(supplementary.gid, 100U);
  EXPECT_THAT(supplementary.groups, ElementsAre(27, 44, 5));
  EXPECT_THAT(assumed({.uid = 1001, .gid = 44, .suppl = true}).groups, ElementsAre(27, 44));
}

TEST(Assume, KnowsNoGroupsOfAStranger) {
  for (const Asked &asked : {Asked{.uid = 7}, Asked{.cgroup = "/a"}}) {
    const Owner owner = assumed(asked);
    EXPECT_EQ(owner.uid, asked.uid);
    EXPECT_EQ(owner.gid, std::nullopt);
    EXPECT_THAT(owner.groups, IsEmpty());
  }
  EXPECT_EQ(assumed({.gid = 5}).gid, 5U);
}

TEST(Assume, GivesAKernelSocketNoGroups) {
  const Owner owner = assumed({.uid = 1001, .kernel = true});
  EXPECT_TRUE(owner.kernel);
  EXPECT_EQ(owner.gid, std::nullopt);
  EXPECT_THAT(owner.groups, IsEmpty());
}

}  // namespace
}  // namespace ownroute::cli
