// SPDX-License-Identifier: LGPL-2.1-or-later
#include "check_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CheckNeeds : public CheckFixture {
 protected:
  /// Of IPv4.
  void lose_rules() {
    std::erase_if(kernel_.world.rules,
                  [](const Rule &rule) { return rule.family == Family::ipv4; });
  }
  void lose_routes(bool backstops) {
    std::erase_if(kernel_.world.routes, [=](const DefaultRoute &route) {
      return route.family == Family::ipv4 && route.is_backstop() == backstops;
    });
  }
};

TEST_F(CheckNeeds, NothingIsMissing) {
  EXPECT_THAT(found(), IsEmpty());
  add(torrent());
  add({.uid = UidRange{5, 5}, .action = Action::block});
  add({.uid = UidRange{6, 6}, .action = Action::bypass});
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(CheckNeeds, WithoutARuleItLeaks) {
  add(torrent());
  add(torrent(1002));
  lose_rules();
  EXPECT_THAT(
      found(),
      ElementsAre(
          "leak 1,2: IPv4 rule from mark 0x1111/0xffff to table 200 is missing: ownroute repair",
          "broken 1,2: IPv4 rule from mark 0xffff/0xffff to table 254 is missing: ownroute repair",
          "broken 1: IPv4 rule from uid 1001 to table 200 is missing: ownroute repair",
          "broken 2: IPv4 rule from uid 1002 to table 200 is missing: ownroute repair"));
}

TEST_F(CheckNeeds, AGuardLeaksNothing) {
  Mapping guarded = torrent();
  guarded.source = Source::keep;
  guarded.guard = true;
  add(guarded);
  lose_rules();
  lose_routes(true);
  EXPECT_THAT(
      found(),
      ElementsAre(
          "broken 1: IPv4 backstop in table 200 is missing: ownroute repair",
          "broken 1: IPv4 rule from mark 0x1111/0xffff to table 200 is missing: ownroute repair"));
}

TEST_F(CheckNeeds, ABackstopKeepsWhatHasNoRoute) {
  add(torrent());
  lose_routes(false);
  EXPECT_THAT(found(),
              ElementsAre("broken 1: IPv4 default route in table 200 is missing: ownroute repair"));
  lose_routes(true);
  EXPECT_THAT(found(),
              ElementsAre("leak 1: IPv4 backstop in table 200 is missing: ownroute repair",
                          "leak 1: IPv4 default route in table 200 is missing: ownroute repair"));
}

TEST_F(CheckNeeds, OfADeviceNothingElseIsSaid) {
  add(torrent());
  lose_routes(false);
  kernel_.devices.at("tun0").up = false;
  EXPECT_THAT(
      found(),
      ElementsAre("broken 1: device tun0 is down: ip link set tun0 up, then ownroute repair"));
  std::erase_if(kernel_.world.routes,
                [](const DefaultRoute &route) { return route.dev == "tun0"; });
  kernel_.devices.erase("tun0");
  kernel_.addresses.erase("tun0");
  kernel_.ways.erase(0x1111);
  EXPECT_THAT(found(),
              ElementsAre("broken 1: device tun0 is gone: bring it back, then ownroute repair"));
}

TEST_F(CheckNeeds, CgroupsComeAndGo) {
  cgroups_["/x"] = 77;
  add({.priority = 2, .cgroup = "/x", .action = Action::block});
  add({.priority = 1, .cgroup = "/x", .action = Action::bypass});
  EXPECT_THAT(found(), IsEmpty());
  cgroups_["/x"] = 78;
  EXPECT_THAT(found(), ElementsAre("leak 1: cgroup /x was made again, and matches no more: "
                                   "ownroute replace id 1 with the same words",
                                   "broken 2: cgroup /x was made again, and matches no more: "
                                   "ownroute replace id 2 with the same words"));
  cgroups_.clear();
  EXPECT_THAT(found(), ElementsAre("leak 1: cgroup /x is gone, and will be another one: ownroute "
                                   "del id 1, or replace id 1 when it is back",
                                   "broken 2: cgroup /x is gone, and will be another one: ownroute "
                                   "del id 2, or replace id 2 when it is back"));
}

}  // namespace
}  // namespace ownroute::test
