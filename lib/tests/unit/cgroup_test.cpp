// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/cgroup.hpp>
#include <sstream>

#include "cgroup_mount.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

TEST(NormalCgroup, IsWrittenOneWay) {
  for (const auto &[path, normal] :
       {std::pair("/system.slice/x.service", "/system.slice/x.service"),
        {"system.slice", "/system.slice"},
        {"//a///b/", "/a/b"},
        {"/./a/.", "/a"},
        {"/", "/"},
        {"/...", "/..."},
        {"id:42", "id:42"},
        {"id:042", "id:42"},
        {"/id:42", "/id:42"}}) {
    EXPECT_EQ(normal_cgroup(path), normal) << path;
  }
}

TEST(NormalCgroup, RefusesWhatIsNone) {
  EXPECT_THAT(thrown_by([] { normal_cgroup(""); }), IsError(ErrorKind::usage, "is empty"));
  for (const char *path : {"..", "/a/..", "/../a"}) {
    EXPECT_THAT(thrown_by([&] { normal_cgroup(path); }), IsError(ErrorKind::usage, "without .."));
  }
  for (const char *path : {"id:", "id:0", "id:x", "id:1x", "id:-1", "id:18446744073709551616"}) {
    EXPECT_THAT(thrown_by([&] { normal_cgroup(path); }), IsError(ErrorKind::usage, "write id:N"));
  }
}

TEST(CgroupIdOf, IdIsItself) {
  EXPECT_EQ(cgroup_id_of("id:18446744073709551615"), 18446744073709551615u);
}

TEST(CgroupIdOf, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(thrown_by([] { cgroup_id_of("/no-such-cgroup"); }).kind(), ErrorKind::not_found);
}

std::optional<std::string> found_in(const std::string &mountinfo) {
  std::istringstream stream(mountinfo);
  return detail::find_cgroup2(stream);
}

TEST(FindCgroup2, FindsItBesideTheOldOnes) {
  EXPECT_EQ(
      found_in("22 1 0:20 / /proc rw - proc proc rw\n"
               "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw\n"
               "32 31 0:29 / /sys/fs/cgroup/cpu rw shared:9 - cgroup cgroup rw,cpu\n"
               "41 31 0:38 / /sys/fs/cgroup/unified rw shared:1 master:2 - cgroup2 none rw\n"),
      "/sys/fs/cgroup/unified");
}

TEST(FindCgroup2, PrefersTheWholeTree) {
  EXPECT_EQ(found_in("41 31 0:38 /part /mnt rw - cgroup2 none rw\n"
                     "42 31 0:38 / /my\\040mount rw - cgroup2 none rw\n"),
            "/my mount");
  EXPECT_EQ(found_in("41 31 0:38 /part /mnt rw - cgroup2 none rw\n"), "/mnt");
}

TEST(FindCgroup2, FindsNoneWhereThereIsNone) {
  EXPECT_EQ(found_in(""), std::nullopt);
  EXPECT_EQ(found_in("22 1 0:20 / /cgroup2 rw - proc cgroup2 rw\nnonsense\n"), std::nullopt);
}

}  // namespace
}  // namespace ownroute::test
