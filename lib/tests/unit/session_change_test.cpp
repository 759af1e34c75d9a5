// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cerrno>
#include <ownroute/table_names.hpp>

#include "session_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// del

class Del : public SessionFixture {};

TEST_F(Del, TakesAwayAllThatAddPutThere) {
  const World before = kernel_.world;
  add(over("tun0"));
  EXPECT_NE(kernel_.world, before);
  del({1});
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(Del, GoesTheOtherWayRound) {
  add(over("tun0", 0x1111, 200));
  EXPECT_THAT(words(session().plan_del({1})),
              ElementsAre("mapping del id 1",  //
                          "rule del ipv4 fwmark 0x1111 lookup 200",
                          "rule del ipv6 fwmark 0x1111 lookup 200",
                          "route del ipv4 default dev tun0 table 200",
                          "route del ipv6 default dev tun0 table 200",
                          "route del ipv4 unreachable default table 200 metric 4294967295",
                          "route del ipv6 unreachable default table 200 metric 4294967295"));
}

TEST_F(Del, KeepsWhatAnotherMappingNeeds) {
  add(over("tun0", 0x1111, 200));
  add(over("tun0", 0x1111, 200, 1002));
  EXPECT_THAT(words(session().plan_del({1})), ElementsAre("mapping del id 1"));
  EXPECT_EQ(session().plan_del({1, 2}).size(), 8u);
}

TEST_F(Del, KeepsTheTableThatAnotherMarkLeadsTo) {
  add(over("tun0", 0x1111, 200));
  add(over("tun0", 0x2222, 200, 1002));
  EXPECT_THAT(words(session().plan_del({1})),
              ElementsAre("mapping del id 1", "rule del ipv4 fwmark 0x1111 lookup 200",
                          "rule del ipv6 fwmark 0x1111 lookup 200"));
}

TEST_F(Del, LeavesWhatIsLeftOverOfOthers) {
  add(over("tun0", 0x1111, 200));
  kernel_.world.rules.insert({.mark = Mark{0x5555}, .table = 500});
  del({1});
  EXPECT_EQ(kernel_.world.rules.size(), 1u);
}

TEST_F(Del, NeedsNoDevice) {
  add(over("tun0", 0x1111, 200));
  // With the device go its routes.
  kernel_.devices.erase("tun0");
  std::erase_if(kernel_.world.routes,
                [](const DefaultRoute &route) { return route.dev == "tun0"; });
  del({1});
  EXPECT_EQ(kernel_.world, World());
}

TEST_F(Del, RouteThatGoesMeanwhileIsGone) {
  add(over("tun0", 0x1111, 200));
  Session session = this->session();
  const Plan plan = session.plan_del({1});
  kernel_.world.routes.clear();
  EXPECT_NO_THROW(session.apply(plan));
  EXPECT_EQ(kernel_.world, World());
}

TEST_F(Del, RouteByAGatewayIsFoundWithItsDevice) {
  Mapping mapping = over("", 0x1111, 200);
  mapping.via = {Address::parse("10.2.0.254").value()};
  add(mapping);
  del({1});
  EXPECT_EQ(kernel_.world, World());
}

TEST_F(Del, UnknownIdIsRefused) {
  const Error error = thrown_by([&] { session().plan_del({9}); });
  EXPECT_THAT(error, IsError(ErrorKind::refused, "no mapping has id 9"));
  EXPECT_EQ(error.code(), ENOENT);
}

TEST_F(Del, TakesTheTablesNameAwayWithItsLastMapping) {
  Mapping mapping = over("tun0");
  mapping.table_name = "torrents";
  add(mapping);
  add({.uid = UidRange{1002, 1002}, .table = 20000});
  del({1});
  EXPECT_THAT(our_names(), HasSubstr("torrents"));
  del({2});
  EXPECT_EQ(our_names(), "");
}

// flush

class Flush : public SessionFixture {};

TEST_F(Flush, TakesAwayAllThatIsOursAndNothingElse) {
  kernel_.world.rules.insert({.mark = Mark{0x1}, .table = 300, .protocol = 3});
  kernel_.world.routes.insert({.table = 300, .dev = "tun1", .protocol = 3});
  const World before = kernel_.world;
  add(over("tun0"));
  add(over("tun1", 0x1111, 200));
  // Left over by others.
  kernel_.world.rules.insert({.mark = Mark{0x5555}, .table = 500});
  kernel_.world.routes.insert({.table = 500, .metric = kBackstopMetric});
  flush();
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(Flush, DeletesAllMappingsAtOnceAndFirst) {
  add(over("tun0", 0x1111, 200));
  add(over("tun0", 0x1111, 200, 1002));
  const std::vector<std::string> steps = words(session().plan_flush());
  EXPECT_EQ(steps.size(), 7u);
  EXPECT_EQ(steps.at(0), "mapping flush (2)");
}

TEST_F(Flush, OfNothingIsNothing) {
  EXPECT_THAT(session().plan_flush(), IsEmpty());
}

TEST_F(Flush, TakesTheNamesOfItsTablesAway) {
  Mapping mapping = over("tun0");
  mapping.table_name = "torrents";
  add(mapping);
  flush();
  EXPECT_EQ(our_names(), "");
  EXPECT_EQ(root_.read("etc/iproute2/rt_tables"), "200 vpn\n");
}

TEST_F(Flush, LeavesTheNamesOfOtherNamespaces) {
  TableNames(root_.path()).add(20999, "elsewhere");
  Mapping mapping = over("tun0");
  mapping.table_name = "torrents";
  add(mapping);
  flush();
  EXPECT_THAT(our_names(), HasSubstr("elsewhere"));
  EXPECT_THAT(our_names(), Not(HasSubstr("torrents")));
}

// replace

class Replace : public SessionFixture {
 protected:
  Replace() {
    first_ = over("tun0", 0x1111, 200);
    first_.id = 1;
    add(first_);
  }

  Mapping first_;
};

TEST_F(Replace, OfTheSelectorTouchesTheMappingAlone) {
  first_.uid = UidRange{1001, 1010};
  EXPECT_THAT(words(session().plan_replace(first_)),
              ElementsAre("mapping replace id 1 priority 1000 uid 1001-1010 mark 0x1111"));
  EXPECT_EQ(replace(first_).uid, (UidRange{1001, 1010}));
}

TEST_F(Replace, OfAllTakesTheOldAwayAfterwards) {
  Mapping other = over("tun1", 0x2222, 300);
  other.id = 1;
  const std::vector<std::string> steps = words(session().plan_replace(other));
  ASSERT_EQ(steps.size(), 13u);
  EXPECT_EQ(steps.at(0), "route add ipv4 unreachable default table 300 metric 4294967295");
  EXPECT_EQ(steps.at(5), "rule add ipv6 fwmark 0x2222 lookup 300");
  EXPECT_EQ(steps.at(6), "mapping replace id 1 priority 1000 uid 1001 mark 0x2222");
  EXPECT_EQ(steps.at(7), "rule del ipv4 fwmark 0x1111 lookup 200");
  EXPECT_EQ(steps.at(12), "route del ipv6 unreachable default table 200 metric 4294967295");
  replace(other);
  del({1});
  EXPECT_EQ(kernel_.world, World());
}

TEST_F(Replace, OfTheDeviceInTheTable) {
  first_.dev = "tun1";
  EXPECT_THAT(words(session().plan_replace(first_)),
              ElementsAre("route del ipv4 default dev tun0 table 200",
                          "route del ipv6 default dev tun0 table 200",
                          "route add ipv4 default dev tun1 table 200",
                          "route add ipv6 default dev tun1 table 200",
                          "mapping replace id 1 priority 1000 uid 1001 mark 0x1111"));
  replace(first_);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
}

TEST_F(Replace, OfTheTableOfAMark) {
  first_.table = 300;
  const std::vector<std::string> steps = words(session().plan_replace(first_));
  // The new rule is there before the old one goes, and the old one goes before it counts.
  EXPECT_THAT(std::vector(steps.begin() + 4, steps.begin() + 9),
              ElementsAre("rule add ipv4 fwmark 0x1111 lookup 300",
                          "rule add ipv6 fwmark 0x1111 lookup 300",
                          "rule del ipv4 fwmark 0x1111 lookup 200",
                          "rule del ipv6 fwmark 0x1111 lookup 200",
                          "mapping replace id 1 priority 1000 uid 1001 mark 0x1111"));
  replace(first_);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  del({1});
  EXPECT_EQ(kernel_.world, World());
}

TEST_F(Replace, KeepsWhatAnotherMappingNeeds) {
  add(over("tun0", 0x1111, 200, 1002));
  Mapping other = over("tun1", 0x2222, 300);
  other.id = 1;
  replace(other);
  for (const Listed &item : session().list()) {
    EXPECT_THAT(item.missing, IsEmpty());
  }
  // A way that another mapping needs can't be changed.
  other = over("tun1", 0x2222, 200);
  other.id = 1;
  EXPECT_THAT(thrown_by([&] { session().plan_replace(other); }),
              IsError(ErrorKind::refused, "for mapping 2"));
}

TEST_F(Replace, KeepsChosenMarkAndTableWhereTheWayStays) {
  const Mapping chosen = add(over("tun1", 1002));
  Mapping wanted = over("tun1", 1003);
  wanted.id = chosen.id;
  const Mapping replaced = replace(wanted);
  EXPECT_EQ(replaced.mark, chosen.mark);
  EXPECT_EQ(replaced.table, chosen.table);
}

TEST_F(Replace, ByAMarkAloneTakesTheWayAway) {
  replace({.id = 1, .uid = UidRange{1001, 1001}, .mark = Mark{0x1111}});
  EXPECT_TRUE(kernel_.world.rules.empty());
  EXPECT_TRUE(kernel_.world.routes.empty());
}

TEST_F(Replace, UnknownIdIsRefused) {
  first_.id = 9;
  EXPECT_THAT(thrown_by([&] { session().plan_replace(first_); }),
              IsError(ErrorKind::refused, "no mapping has id 9"));
}

TEST_F(Replace, TakesTheOldTablesNameAway) {
  Mapping named = over("tun1", 1002);
  named.table_name = "torrents";
  named = add(named);
  Mapping other = over("tun0", 0x1111, 200, 1002);
  other.id = named.id;
  replace(other);
  EXPECT_EQ(our_names(), "");
}

// list

class List : public SessionFixture {};

TEST_F(List, ShowsMappingsStatsAndNames) {
  add(over("tun0", 0x1111, 200));
  const std::vector<Listed> listed = session().list();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].mapping.table_name, "vpn");
  EXPECT_EQ(listed[0].mapping.dev, "tun0");
  EXPECT_EQ(listed[0].stats, (Stats{11, 1001}));
  EXPECT_THAT(listed[0].missing, IsEmpty());
}

TEST_F(List, ShowsWhatIsMissing) {
  add(over("tun0", 0x1111, 200));
  std::erase_if(kernel_.world.routes, [](const DefaultRoute &route) {
    return route.family == Family::ipv6 && !route.is_backstop();
  });
  EXPECT_THAT(session().list().at(0).missing, ElementsAre("IPv6 default route in table 200"));
}

TEST_F(List, ShowsTheMissingDevice) {
  add(over("tun0", 0x1111, 200));
  kernel_.devices.erase("tun0");
  std::erase_if(kernel_.world.routes,
                [](const DefaultRoute &route) { return route.dev == "tun0"; });
  EXPECT_THAT(session().list().at(0).missing,
              ElementsAre("device tun0", "IPv4 default route in table 200",
                          "IPv6 default route in table 200"));
}

TEST_F(List, Ipv6ThatTheDeviceCannotCarryIsNotMissing) {
  add(over("ipv4only", 0x1111, 200));
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  kernel_.ipv6 = false;
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
}

TEST_F(List, MappingWithoutAWayMissesNothing) {
  add({.uid = UidRange{1001, 1001}, .mark = Mark{0x1111}});
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
}

}  // namespace
}  // namespace ownroute::test
