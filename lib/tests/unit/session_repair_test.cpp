// SPDX-License-Identifier: LGPL-2.1-or-later

#include "session_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Session::plan_repair() and repair().
class RepairTest : public SessionFixture {
 protected:
  RepairTest() {
    add(over("tun0", 0x1111, 200));
    add(over("tun1", 0x2222, 300, 1002));
    whole_ = kernel_.world;
  }

  Repair planned(const std::string &dev = "") { return session().plan_repair(dev); }
  Repair repair(const std::string &dev = "") {
    Session session = this->session();
    return session.repair(session.plan_repair(dev));
  }
  /// As the kernel does it.
  void lose_device(const std::string &name) {
    std::erase_if(kernel_.world.routes,
                  [&](const DefaultRoute &route) { return route.dev == name; });
  }

  World whole_;
};

TEST_F(RepairTest, NothingMissingNothingDone) {
  const int changes = kernel_.changes;
  const Repair done = repair();
  EXPECT_THAT(done.plan, IsEmpty());
  EXPECT_THAT(done.hindrances, IsEmpty());
  EXPECT_EQ(kernel_.changes, changes);
}

TEST_F(RepairTest, PutsBackAllWithoutTouchingMappings) {
  add({.uid = UidRange{1003, 1003}, .dev = "tun0"});
  whole_ = kernel_.world;
  kernel_.world.rules.clear();
  kernel_.world.routes.clear();
  const std::uint64_t generation = kernel_.generation;
  const Repair done = repair();
  EXPECT_THAT(done.plan, SizeIs(2 * 2 + 2 * 4 + 2 + 2));
  EXPECT_THAT(done.hindrances, IsEmpty());
  EXPECT_EQ(kernel_.world, whole_);
  EXPECT_EQ(kernel_.generation, generation);
  EXPECT_THAT(planned().plan, IsEmpty());
}

TEST_F(RepairTest, BackstopsComeFirstAndRulesLast) {
  kernel_.world.rules.clear();
  kernel_.world.routes.clear();
  EXPECT_THAT(words(planned("tun0").plan),
              ElementsAre("route add ipv4 unreachable default table 200 metric 4294967295",
                          "route add ipv6 unreachable default table 200 metric 4294967295",
                          "route add ipv4 default dev tun0 table 200",
                          "route add ipv6 default dev tun0 table 200",
                          "rule add ipv4 fwmark 0x1111 lookup 200",
                          "rule add ipv6 fwmark 0x1111 lookup 200"));
}

TEST_F(RepairTest, ExceptionsForTheLanStay) {
  Mapping lan = over("tun0", 0x3333, 400, 1003);
  lan.lan = true;
  add(lan);
  whole_ = kernel_.world;
  for (const Rule &rule : whole_.rules) {
    kernel_.world.rules.erase(kernel_.world.rules.find(rule));
    const Repair done = repair();
    EXPECT_THAT(done.plan, SizeIs(1));
    EXPECT_THAT(done.hindrances, IsEmpty());
    EXPECT_EQ(kernel_.world, whole_);
  }
}

TEST_F(RepairTest, OfOneDeviceOnly) {
  lose_device("tun0");
  lose_device("tun1");
  EXPECT_THAT(words(repair("tun1").plan), ElementsAre("route add ipv4 default dev tun1 table 300",
                                                      "route add ipv6 default dev tun1 table 300"));
}

TEST_F(RepairTest, DeviceOfNoMapping) {
  EXPECT_THAT(thrown_by([&] { planned("tun7"); }),
              IsError(ErrorKind::not_found, "no mapping has dev 'tun7'"));
}

TEST_F(RepairTest, WhatTwoShareIsPutBackOnce) {
  add(over("tun0", 0x1111, 200, 1003));
  add(over("tun0", 0x3333, 200, 1004));
  lose_device("tun0");
  EXPECT_THAT(planned().plan, SizeIs(2));
}

TEST_F(RepairTest, DeviceThatIsGoneOrDownHindersOnlyItself) {
  kernel_.world.rules.clear();
  kernel_.world.routes.clear();
  kernel_.devices.erase("tun0");
  EXPECT_THAT(repair().hindrances, ElementsAre(HasSubstr("tun0")));
  EXPECT_EQ(kernel_.world.rules, whole_.rules);
  // All but the two by tun0: its backstops, too.
  EXPECT_THAT(kernel_.world.routes, SizeIs(8 - 2));
  kernel_.add_device("tun0", false);
  EXPECT_THAT(repair().hindrances, ElementsAre(HasSubstr("device tun0 is down")));
  kernel_.add_device("tun0");
  EXPECT_THAT(repair("tun0").hindrances, IsEmpty());
  EXPECT_EQ(kernel_.world, whole_);
}

TEST_F(RepairTest, DeviceWithoutIpv6IsNoHindrance) {
  add(over("ipv4only", 1003));
  kernel_.world.routes.clear();
  EXPECT_THAT(repair("ipv4only").hindrances, IsEmpty());
  EXPECT_THAT(planned("ipv4only").plan, IsEmpty());
}

TEST_F(RepairTest, OthersInTheWayHinderOnlyWhatTheyStandFor) {
  lose_device("tun0");
  lose_device("tun1");
  const DefaultRoute theirs{.table = 200, .dev = "tun1", .protocol = 3};
  kernel_.world.routes.insert(theirs);
  const Repair done = repair();
  EXPECT_THAT(done.hindrances, ElementsAre(HasSubstr("which isn't ownroute's")));
  EXPECT_THAT(words(done.plan), ElementsAre("route add ipv6 default dev tun0 table 200",
                                            "route add ipv4 default dev tun1 table 300",
                                            "route add ipv6 default dev tun1 table 300"));
  EXPECT_TRUE(kernel_.world.routes.contains(theirs));
}

TEST_F(RepairTest, WhatAnotherMappingNeedsIsAHindrance) {
  lose_device("tun0");
  add(over("tun1", 0x3333, 200, 1003));
  const World before = kernel_.world;
  EXPECT_THAT(repair("tun0").hindrances, SizeIs(2));
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(RepairTest, WhatIsOursAndNobodysMakesRoom) {
  lose_device("tun0");
  // As of a device that has been renamed.
  kernel_.world.routes.insert({.table = 200, .dev = "tun1"});
  EXPECT_THAT(words(repair("tun0").plan), ElementsAre("route del ipv4 default dev tun1 table 200",
                                                      "route add ipv4 default dev tun0 table 200",
                                                      "route add ipv6 default dev tun0 table 200"));
  EXPECT_EQ(kernel_.world, whole_);
}

TEST_F(RepairTest, StepThatTheKernelRefusesHindersNoOther) {
  lose_device("tun0");
  kernel_.changes = 0;
  kernel_.refused_change = 1;
  const Repair done = repair();
  EXPECT_THAT(done.hindrances, ElementsAre(HasSubstr("refused for the test")));
  EXPECT_THAT(words(done.plan), ElementsAre("route add ipv6 default dev tun0 table 200"));
}

TEST_F(RepairTest, RulesForUidsOfThoseThatHaveThem) {
  const auto automatic = [](std::uint32_t uid) {
    return Mapping{.uid = UidRange{uid, uid}, .dev = "tun0"};
  };
  Mapping in_front{.uid = UidRange{1004, 1004}, .action = Action::bypass};
  in_front.priority = 1;
  add(automatic(1003));
  add(automatic(1004));
  add(in_front);
  const World before = kernel_.world;
  std::erase_if(kernel_.world.rules, [](const Rule &rule) { return rule.uid.has_value(); });
  EXPECT_THAT(words(repair().plan), ElementsAre("rule add ipv4 uidrange 1003-1003 lookup 200",
                                                "rule add ipv6 uidrange 1003-1003 lookup 200"));
  EXPECT_EQ(kernel_.world, before);
}

// Were a step as long as there are mappings, this would take very long.
TEST_F(RepairTest, ManyMappingsOfManyWays) {
  Client client = kernel_.client();
  for (std::uint32_t uid = 1; uid <= 5000; ++uid) {
    client.add(over("tun1", uid * 16, uid + 1000, uid));
  }
  EXPECT_THAT(planned().plan, SizeIs(5000 * (2 + 4)));
}

}  // namespace
}  // namespace ownroute::test
