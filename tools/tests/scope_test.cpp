// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scope.hpp"

#include <gtest/gtest.h>

#include <ownroute/error.hpp>

namespace ownroute::cli {
namespace {

TEST(CgroupOfScope, IsNamedAsTheScope) {
  EXPECT_EQ(cgroup_of_scope("a.scope", "/system.slice/a.scope"), "/system.slice/a.scope");
}

TEST(CgroupOfScope, IsNoOther) {
  // The first is what all processes are in where cgroups are those of the first version.
  for (const char *found : {"/", "/system.slice", "/a.scope/b", "/not-a.scope"}) {
    EXPECT_THROW(cgroup_of_scope("a.scope", found), Error) << found;
  }
}

}  // namespace
}  // namespace ownroute::cli
