// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Add : public SessionFixture {};

constexpr Mark kFirstMark{0x01000000, 0xff000000};
constexpr Mark kSecondMark{0x02000000, 0xff000000};

// The way

TEST_F(Add, MakesAllInASafeOrder) {
  EXPECT_THAT(words(session().plan_add(over("tun0", 0x1111, 200))),
              ElementsAre("route add ipv4 unreachable default table 200 metric 4294967295",
                          "route add ipv6 unreachable default table 200 metric 4294967295",
                          "route add ipv4 default dev tun0 table 200",
                          "route add ipv6 default dev tun0 table 200",
                          "rule add ipv4 fwmark 0x1111 lookup 200",
                          "rule add ipv6 fwmark 0x1111 lookup 200",
                          "mapping add priority 1000 uid 1001 mark 0x1111"));
  EXPECT_EQ(kernel_.changes, 0);
}

TEST_F(Add, ReturnsTheMappingAsItIs) {
  Mapping expected = over("tun0", 0x1111, 200);
  expected.id = 1;
  expected.table_name = "vpn";
  EXPECT_EQ(add(over("tun0", 0x1111, 200)), expected);
}

TEST_F(Add, AsksForAllMappingsOnceIfItChoosesAMark) {
  add(over("tun0", 0x1111, 200));
  add({.uid = UidRange{1002, 1002}, .mark = Mark{1}});
  EXPECT_EQ(kernel_.mapping_dumps, 0);
  add(over("tun1", 1003));
  EXPECT_EQ(kernel_.mapping_dumps, 1);
  Mapping back = over("tun1", 1004);
  back.inbound = Inbound::back;
  add(back);
  EXPECT_EQ(kernel_.mapping_dumps, 2);
}

TEST_F(Add, SecondMappingOfTheSameWayNeedsNothingElse) {
  add(over("tun0", 0x1111, 200));
  EXPECT_THAT(words(session().plan_add(over("tun0", 0x1111, 200, 1002))),
              ElementsAre("mapping add priority 1000 uid 1002 mark 0x1111"));
}

TEST_F(Add, IdenticalForeignObjectsAreLeftAndCount) {
  kernel_.world.rules.insert({.mark = Mark{0x1111}, .table = 200, .protocol = 3});
  kernel_.world.routes.insert({.table = 200, .dev = "tun0", .protocol = 3});
  const World before = kernel_.world;
  EXPECT_THAT(words(session().plan_add(over("tun0", 0x1111, 200))),
              ElementsAre("route add ipv4 unreachable default table 200 metric 4294967295",
                          "route add ipv6 unreachable default table 200 metric 4294967295",
                          "route add ipv6 default dev tun0 table 200",
                          "rule add ipv6 fwmark 0x1111 lookup 200",
                          "mapping add priority 1000 uid 1001 mark 0x1111"));
  add(over("tun0", 0x1111, 200));
  del({1});
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(Add, MarkAloneIsTheMappingAlone) {
  EXPECT_THAT(words(session().plan_add({.uid = UidRange{1001, 1001}, .mark = Mark{0x1111}})),
              ElementsAre("mapping add priority 1000 uid 1001 mark 0x1111"));
}

TEST_F(Add, MarkAndTableLeaveTheTableToTheAdmin) {
  kernel_.world.routes.insert({.table = 300, .dev = "tun1", .protocol = 3});
  EXPECT_THAT(
      words(session().plan_add({.uid = UidRange{1001, 1001}, .mark = Mark{0x1111}, .table = 300})),
      ElementsAre("rule add ipv4 fwmark 0x1111 lookup 300",
                  "rule add ipv6 fwmark 0x1111 lookup 300",
                  "mapping add priority 1000 uid 1001 mark 0x1111"));
}

TEST_F(Add, DeviceWithoutIpv6GetsTheBackstopAlone) {
  EXPECT_THAT(words(session().plan_add(over("ipv4only", 0x1111, 200))),
              ElementsAre("route add ipv4 unreachable default table 200 metric 4294967295",
                          "route add ipv6 unreachable default table 200 metric 4294967295",
                          "route add ipv4 default dev ipv4only table 200",
                          "rule add ipv4 fwmark 0x1111 lookup 200",
                          "rule add ipv6 fwmark 0x1111 lookup 200",
                          "mapping add priority 1000 uid 1001 mark 0x1111"));
}

TEST_F(Add, KernelWithoutIpv6GetsIpv4) {
  kernel_.ipv6 = false;
  for (auto &[name, device] : kernel_.devices) {
    device.ipv6 = false;
  }
  EXPECT_THAT(words(session().plan_add(over("tun0", 0x1111, 200))),
              ElementsAre("route add ipv4 unreachable default table 200 metric 4294967295",
                          "route add ipv4 default dev tun0 table 200",
                          "rule add ipv4 fwmark 0x1111 lookup 200",
                          "mapping add priority 1000 uid 1001 mark 0x1111"));
}

TEST_F(Add, GatewayIsKeptAndReadBack) {
  Mapping mapping = over("", 0x1111, 200);
  mapping.via = {Address::parse("10.2.0.254").value()};
  const Mapping made = add(mapping);
  EXPECT_EQ(made.via, mapping.via);
  EXPECT_EQ(made.dev, "");
  // The kernel has found the device.
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
}

// Marks

TEST_F(Add, ChoosesTheLowestMarkThatNoRuleUses) {
  EXPECT_EQ(add(over("tun0")).mark, kFirstMark);
  EXPECT_EQ(add({.uid = UidRange{1002, 1002}, .table = 200}).mark, kSecondMark);
}

TEST_F(Add, MarkOfAnyRuleInEitherFamilyIsTaken) {
  kernel_.world.rules.insert(
      {.family = Family::ipv6, .priority = 5, .mark = kFirstMark, .table = 7, .protocol = 3});
  // A bit of the space: every second mark has it.
  kernel_.world.rules.insert({.mark = {0x02000000, 0x02000000}, .table = 7, .protocol = 3});
  EXPECT_EQ(add(over("tun0")).mark, (Mark{0x04000000, 0xff000000}));
}

TEST_F(Add, MarkOfAMappingWithoutARuleIsTaken) {
  add({.uid = UidRange{1001, 1001}, .mark = kFirstMark});
  EXPECT_EQ(add(over("tun0", 1002)).mark, kSecondMark);
}

TEST_F(Add, MarksOutsideTheSpaceAreNoMatter) {
  kernel_.world.rules.insert({.mark = {0xca6c, 0xffffffff}, .table = 7, .protocol = 3});
  kernel_.world.rules.insert({.mark = {0x1, 0xffff}, .table = 7, .protocol = 3});
  EXPECT_EQ(add(over("tun0")).mark, kFirstMark);
}

TEST_F(Add, NoMarkLeftIsRefused) {
  for (std::uint32_t value = 1; value <= 255; ++value) {
    kernel_.world.rules.insert({.mark = {value << 24, 0xff000000}, .table = 7, .protocol = 3});
  }
  EXPECT_THAT(refused(over("tun0")), IsError(ErrorKind::refused, "give a mark of your own"));
}

// Tables

TEST_F(Add, ChoosesTheLowestTableThatNobodyUses) {
  kernel_.world.rules.insert({.mark = Mark{0x1}, .table = 20000, .protocol = 3});
  kernel_.world.routes.insert({.table = 20001, .dev = "tun1", .protocol = 3});
  root_.write("etc/iproute2/rt_tables.d/a.conf", "20002 somebodys\n");
  EXPECT_EQ(add(over("tun0")).table, 20003u);
  EXPECT_EQ(add(over("tun1")).table, 20004u);
}

TEST_F(Add, NoTableLeftIsRefused) {
  for (std::uint32_t table = 20000; table <= 20999; ++table) {
    kernel_.world.routes.insert({.table = table, .dev = "tun1", .protocol = 3});
  }
  EXPECT_THAT(refused(over("tun0")), IsError(ErrorKind::refused, "give a table of your own"));
}

TEST_F(Add, MarkWithoutTableGetsOne) {
  Mapping mapping = over("tun0");
  mapping.mark = Mark{0x1111};
  EXPECT_EQ(add(mapping).table, 20000u);
  // The mark can lead to no other table.
  mapping.uid = UidRange{1002, 1002};
  EXPECT_EQ(add(mapping).table, 20000u);
}

TEST_F(Add, TableByName) {
  Mapping mapping = over("tun0");
  mapping.table_name = "vpn";
  EXPECT_EQ(add(mapping).table, 200u);
  EXPECT_EQ(our_names(), "");
}

TEST_F(Add, TableByNewNameIsNamed) {
  Mapping mapping = over("tun0");
  mapping.table_name = "torrents";
  EXPECT_THAT(words(session().plan_add(mapping)).at(0), "table name add 20000 torrents");
  const Mapping made = add(mapping);
  EXPECT_EQ(made.table, 20000u);
  EXPECT_EQ(made.table_name, "torrents");
  EXPECT_THAT(our_names(), HasSubstr("20000\ttorrents\n"));
  EXPECT_EQ(session().list().at(0).mapping.table_name, "torrents");
}

TEST_F(Add, UnknownNameWithoutAWayIsNotFound) {
  EXPECT_THAT(refused({.uid = UidRange{1001, 1001}, .table_name = "nowhere"}),
              IsError(ErrorKind::not_found, "no table has the name 'nowhere'"));
}

TEST_F(Add, NameThatCannotBeGivenIsRefusedBeforeAnythingIsDone) {
  Mapping mapping = over("tun0");
  mapping.table_name = "a b";
  EXPECT_THAT(refused(mapping), IsError(ErrorKind::usage, "table 'a b'"));
}

TEST_F(Add, EveryonesTableIsRefusedByNameToo) {
  Mapping mapping = over("tun0");
  mapping.table_name = "main";
  EXPECT_THAT(refused(mapping), IsError(ErrorKind::usage, "table 254 is everyone's"));
}

// Sharing

TEST_F(Add, SameWayIsShared) {
  const Mapping first = add(over("tun0"));
  const Mapping second = add(over("tun0", 1002));
  EXPECT_EQ(second.mark, first.mark);
  EXPECT_EQ(second.table, first.table);
}

TEST_F(Add, OtherWayIsNotShared) {
  const Mapping first = add(over("tun0"));
  const Mapping other = add(over("tun1", 1002));
  EXPECT_NE(other.mark, first.mark);
  EXPECT_NE(other.table, first.table);
  Mapping by_gateway = over("tun0", 1003);
  by_gateway.via = {Address::parse("10.2.0.254").value()};
  EXPECT_EQ(add(by_gateway).table, 20002u);
}

TEST_F(Add, WayThatSomebodyElseMadeIsNotShared) {
  kernel_.world.rules.insert({.mark = kFirstMark, .table = 300, .protocol = 3});
  kernel_.world.routes.insert({.table = 300, .dev = "tun0", .protocol = 3});
  EXPECT_EQ(add(over("tun0")).table, 20000u);
}

TEST_F(Add, OnlyAnExactWayIsShared) {
  add(over("tun0"));
  // Half of it is gone.
  std::erase_if(kernel_.world.routes, [](const DefaultRoute &route) {
    return route.family == Family::ipv6 && !route.is_backstop();
  });
  EXPECT_EQ(add(over("tun0", 1002)).table, 20001u);
}

TEST_F(Add, GivenTableIsNotShared) {
  add(over("tun0"));
  Mapping mapping = over("tun0", 1002);
  mapping.table = 300;
  const Mapping made = add(mapping);
  EXPECT_EQ(made.table, 300u);
  EXPECT_EQ(made.mark, kSecondMark);
}

// What is in the way

TEST_F(Add, UnknownDeviceIsNotFound) {
  EXPECT_THAT(refused(over("tun9")), IsError(ErrorKind::not_found, "device 'tun9'"));
}

TEST_F(Add, DeviceThatIsDownIsRefused) {
  EXPECT_THAT(refused(over("down0")),
              IsError(ErrorKind::refused, "bring it up first, ip link set down0 up"));
}

TEST_F(Add, Ipv6GatewayOnADeviceWithoutIpv6IsRefused) {
  Mapping mapping = over("ipv4only");
  mapping.via = {Address::parse("fd02::254").value()};
  EXPECT_THAT(refused(mapping), IsError(ErrorKind::refused, "IPv6 is off on ipv4only"));
  kernel_.ipv6 = false;
  mapping.dev = "";
  EXPECT_THAT(refused(mapping), IsError(ErrorKind::refused, "IPv6 is off, turn it on"));
}

TEST_F(Add, BadMappingIsRefusedBeforeAnythingIsAsked) {
  EXPECT_THAT(refused({.uid = UidRange{1010, 1001}, .dev = "tun9"}),
              IsError(ErrorKind::usage, "upside down"));
}

TEST_F(Add, MarkThatAForeignRuleLeadsElsewhereIsRefused) {
  kernel_.world.rules.insert(
      {.family = Family::ipv6, .mark = Mark{0x1111}, .table = 300, .protocol = 3});
  EXPECT_THAT(refused(over("tun0", 0x1111, 200)),
              IsError(ErrorKind::refused,
                      "mark 0x1111 already leads to table 300, which isn't "
                      "ownroute's: give another mark"));
}

TEST_F(Add, MarkUnderAnOverlappingMaskIsRefusedToo) {
  kernel_.world.rules.insert({.mark = {0x1, 0x1}, .table = 300, .protocol = 3});
  EXPECT_THAT(refused(over("tun0", 0x1111, 200)), IsError(ErrorKind::refused, "mark 0x1/0x1"));
  EXPECT_NO_THROW(session().plan_add(over("tun0", 0x1110, 200)));
}

TEST_F(Add, MarkOfAnotherMappingIsRefusedByItsId) {
  Mapping first = over("tun0", 0x1111, 200);
  first.id = 7;
  add(first);
  EXPECT_THAT(refused(over("tun1", 0x1111, 300)),
              IsError(ErrorKind::refused,
                      "mark 0x1111 already leads to table 200 for mapping 7: give another mark"));
}

TEST_F(Add, ForeignDefaultRouteInTheTableIsRefused) {
  kernel_.world.routes.insert({.table = 200, .dev = "tun1", .protocol = 3});
  EXPECT_THAT(refused(over("tun0", 0x1111, 200)),
              IsError(ErrorKind::refused,
                      "table 200 already has the IPv4 route \"default dev "
                      "tun1\", which isn't ownroute's: give another table"));
}

TEST_F(Add, ForeignDefaultRouteOfAnotherKindIsRefused) {
  kernel_.world.routes.insert({.table = 200, .protocol = 3, .other_kind = true});
  EXPECT_THAT(refused(over("tun0", 0x1111, 200)), IsError(ErrorKind::refused, "another kind"));
}

TEST_F(Add, ForeignRouteThatIpv6PrefersIsRefused) {
  kernel_.world.routes.insert(
      {.family = Family::ipv6, .table = 200, .dev = "tun1", .metric = 100, .protocol = 3});
  EXPECT_THAT(refused(over("tun0", 0x1111, 200)), IsError(ErrorKind::refused, "IPv6 route"));
}

TEST_F(Add, WorseForeignDefaultRouteIsNoMatter) {
  kernel_.world.routes.insert({.table = 200, .dev = "tun1", .metric = 5, .protocol = 3});
  EXPECT_NO_THROW(session().plan_add(over("tun0", 0x1111, 200)));
}

TEST_F(Add, ForeignRouteInTheBackstopsPlaceIsRefused) {
  kernel_.world.routes.insert(
      {.table = 200, .metric = kBackstopMetric, .protocol = 3, .other_kind = true});
  EXPECT_THAT(refused(over("tun0", 0x1111, 200)), IsError(ErrorKind::refused, "table 200"));
}

TEST_F(Add, DefaultRouteOfAnotherMappingIsRefusedByItsId) {
  add(over("tun0", 0x1111, 200));
  EXPECT_THAT(refused(over("tun1", 0x2222, 200)),
              IsError(ErrorKind::refused,
                      "table 200 already has the IPv4 route \"default dev "
                      "tun0\" for mapping 1: give another table"));
}

// As after rmmod: the mappings are gone, rules and routes aren't.
TEST_F(Add, WhatIsLeftOverOfOursMakesWay) {
  add(over("tun0", 0x1111, 200));
  kernel_.world.mappings.clear();
  EXPECT_THAT(words(session().plan_add(over("tun1", 0x1111, 200))),
              ElementsAre("route del ipv4 default dev tun0 table 200",
                          "route del ipv6 default dev tun0 table 200",
                          "route add ipv4 default dev tun1 table 200",
                          "route add ipv6 default dev tun1 table 200",
                          "mapping add priority 1000 uid 1001 mark 0x1111"));
  add(over("tun1", 0x1111, 300));
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  flush();
  EXPECT_EQ(kernel_.world, World());
}

TEST_F(Add, WhatIsLeftOverOfOursIsTakenUp) {
  add(over("tun0"));
  kernel_.world.mappings.clear();
  EXPECT_THAT(words(session().plan_add(over("tun0"))),
              ElementsAre("mapping add priority 1000 uid 1001 mark 0x1000000/0xff000000"));
}

}  // namespace
}  // namespace ownroute::test
