// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

Address address(const char *text) {
  return Address::parse(text).value();
}

class Settings : public SessionFixture {
 protected:
  std::uint32_t &rp_filter(const std::string &dev = "tun0") {
    return kernel_.world.settings[{dev, Setting::rp_filter}];
  }
  std::uint32_t &route_localnet() {
    return kernel_.world.settings[{"tun0", Setting::route_localnet}];
  }
};

TEST_F(Settings, StrictFilterIsLoosenedAndPutBack) {
  rp_filter() = 1;
  rp_filter("tun1") = 1;
  const World before = kernel_.world;
  EXPECT_THAT(words(session().plan_add(over("tun0", 1, 200))),
              Contains("set net.ipv4.conf.tun0.rp_filter=2"));
  const Mapping made = add(over("tun0", 1, 200));
  EXPECT_EQ(rp_filter(), 2u);
  EXPECT_EQ(rp_filter("tun1"), 1u);
  EXPECT_THAT(words(session().plan_del({made.id})), Contains("set net.ipv4.conf.tun0.rp_filter=1"));
  del({made.id});
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(Settings, FilterOfAllDevicesCounts) {
  rp_filter() = 0;
  kernel_.rp_filter = 1;
  const Mapping made = add(over("tun0", 1, 200));
  EXPECT_EQ(rp_filter(), 2u);
  del({made.id});
  EXPECT_EQ(rp_filter(), 0u);
}

TEST_F(Settings, WhatWillDoIsLeft) {
  for (const auto &[all, own] : {std::pair(0, 0), {0, 2}, {2, 0}, {2, 1}, {1, 2}}) {
    kernel_.rp_filter = all;
    rp_filter() = static_cast<std::uint32_t>(own);
    const World before = kernel_.world;
    const Mapping made = add(over("tun0", 1, 200));
    EXPECT_EQ(kernel_.world.settings, before.settings);
    del({made.id});
    EXPECT_EQ(kernel_.world, before);
  }
}

TEST_F(Settings, LastMappingOfTheDevicePutsItBack) {
  rp_filter() = 1;
  const Mapping first = add(over("tun0", 1, 200));
  const Mapping second = add(over("tun0", 1, 200, 1002));
  const Mapping third = add(over("tun0", 1, 200, 1003));
  del({first.id});
  EXPECT_EQ(rp_filter(), 2u);
  del({third.id, second.id});
  EXPECT_EQ(rp_filter(), 1u);
}

TEST_F(Settings, WhatOthersHaveSetSinceStays) {
  rp_filter() = 1;
  const Mapping made = add(over("tun0", 1, 200));
  rp_filter() = 0;
  del({made.id});
  EXPECT_EQ(rp_filter(), 0u);
}

TEST_F(Settings, FlushPutsItBack) {
  rp_filter() = 1;
  add(over("tun0", 1, 200));
  flush();
  EXPECT_EQ(rp_filter(), 1u);
}

TEST_F(Settings, ReplacePutsTheOldDevicesBack) {
  rp_filter() = 1;
  rp_filter("tun1") = 1;
  Mapping wanted = over("tun1", 1, 200);
  wanted.id = add(over("tun0", 1, 200)).id;
  replace(wanted);
  EXPECT_EQ(rp_filter(), 1u);
  EXPECT_EQ(rp_filter("tun1"), 2u);
  wanted.comment = "once more";
  replace(wanted);
  EXPECT_EQ(rp_filter("tun1"), 2u);
  del({wanted.id});
  EXPECT_EQ(rp_filter("tun1"), 1u);
}

TEST_F(Settings, DeviceThatWasMadeAgainIsSetAgain) {
  rp_filter() = 1;
  const Mapping wanted = over("tun0", 1, 200);
  const Mapping made = add(wanted);
  rp_filter() = 1;
  EXPECT_THAT(session().list().at(0).missing, ElementsAre("net.ipv4.conf.tun0.rp_filter=2"));
  Session again = session();
  const Plan plan = again.plan_apply({{wanted}});
  EXPECT_THAT(words(plan), ElementsAre("set net.ipv4.conf.tun0.rp_filter=2"));
  again.apply(plan);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  del({made.id});
  EXPECT_EQ(rp_filter(), 1u);
}

TEST_F(Settings, ApplyRemembersWhatItDidNotHaveTo) {
  const Mapping wanted = over("tun0", 1, 200);
  add(wanted);
  rp_filter() = 1;
  Session again = session();
  again.apply(again.plan_apply({{wanted}}));
  EXPECT_EQ(rp_filter(), 2u);
  flush();
  EXPECT_EQ(rp_filter(), 1u);
}

// All that remembers it goes, and who still needs it is from before it was changed.
TEST_F(Settings, MappingThatStaysIsToRemember) {
  rp_filter() = 0;
  const Mapping first = add(over("tun0", 1, 200));
  kernel_.rp_filter = 1;
  const Mapping second = add(over("tun0", 1, 200, 1002));
  EXPECT_EQ(rp_filter(), 2u);
  del({second.id});
  EXPECT_EQ(rp_filter(), 2u);
  del({first.id});
  EXPECT_EQ(rp_filter(), 0u);
}

TEST_F(Settings, ReplaceOnAnotherDeviceHandsItOn) {
  rp_filter() = 0;
  const Mapping first = add(over("tun0", 1, 200));
  kernel_.rp_filter = 1;
  Mapping second = add(over("tun0", 1, 200, 1002));
  second.dev = "tun1";
  second.mark = Mark{2};
  second.table = 300;
  second.settings_before = {};
  replace(second);
  EXPECT_EQ(rp_filter(), 2u);
  del({first.id});
  EXPECT_EQ(rp_filter(), 0u);
}

TEST_F(Settings, WhatRepairSetsIsPutBack) {
  rp_filter() = 0;
  const Mapping first = add(over("tun0", 1, 200));
  const Mapping second = add(over("tun0", 1, 200, 1002));
  rp_filter() = 1;
  Session again = session();
  again.repair(again.plan_repair(""));
  EXPECT_EQ(rp_filter(), 2u);
  del({first.id});
  EXPECT_EQ(rp_filter(), 2u);
  del({second.id});
  EXPECT_EQ(rp_filter(), 1u);
}

TEST_F(Settings, NameServerMayBeAskedFromLoopback) {
  Mapping wanted = over("tun0", 1, 200);
  wanted.dns = {address("fd00::53")};
  del({add(wanted).id});
  EXPECT_THAT(words(session().plan_add(wanted)),
              Not(Contains("set net.ipv4.conf.tun0.route_localnet=1")));
  wanted.dns = {address("10.0.0.53")};
  const Mapping made = add(wanted);
  EXPECT_EQ(route_localnet(), 1u);
  del({made.id});
  EXPECT_EQ(route_localnet(), 0u);
}

TEST_F(Settings, FailurePutsItBack) {
  rp_filter() = 1;
  const World before = kernel_.world;
  const std::size_t steps = session().plan_add(over("tun0", 1, 200)).size();
  for (std::size_t step = 1; step <= steps; ++step) {
    kernel_.changes = 0;
    kernel_.refused_change = static_cast<int>(step);
    EXPECT_THROW(add(over("tun0", 1, 200)), Error);
    EXPECT_EQ(kernel_.world, before);
  }
}

TEST_F(Settings, DeviceThatIsGoneHasNone) {
  rp_filter() = 1;
  const Mapping made = add(over("tun0", 1, 200));
  kernel_.devices.erase("tun0");
  std::erase_if(kernel_.world.routes,
                [](const DefaultRoute &route) { return route.dev == "tun0"; });
  EXPECT_NO_THROW(del({made.id}));
}

}  // namespace
}  // namespace ownroute::test
