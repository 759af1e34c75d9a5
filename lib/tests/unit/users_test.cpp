// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <ownroute/users.hpp>

namespace ownroute::test {
namespace {

TEST(UserOf, ReadsTheEntry) {
  const auto root = user_of(0);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->name, "root");
  EXPECT_EQ(root->uid, 0U);
  EXPECT_EQ(root->home.substr(0, 1), "/");
  EXPECT_EQ(root->shell.substr(0, 1), "/");
}

TEST(UserOf, KnowsNoStranger) {
  EXPECT_FALSE(user_of(4294967294));
}

}  // namespace
}  // namespace ownroute::test
