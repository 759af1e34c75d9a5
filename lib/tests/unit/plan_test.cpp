// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/plan.hpp>

#include "planner.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Mapping torrent() {
  return {.id = 1, .uid = UidRange{1001, 1001}, .mark = Mark{0x1111}, .table = 200, .dev = "tun0"};
}

std::vector<Address> addresses(std::initializer_list<const char *> texts) {
  std::vector<Address> addresses;
  for (const char *text : texts) {
    addresses.push_back(Address::parse(text).value());
  }
  return addresses;
}

/// In the words of the steps that would make them.
std::vector<std::string> words(const Needs &needs) {
  std::vector<std::string> words;
  for (const Rule &rule : needs.rules) {
    words.push_back(describe(RuleStep{true, rule}));
  }
  for (const DefaultRoute &route : needs.routes) {
    words.push_back(describe(RouteStep{true, route}));
  }
  return words;
}

constexpr const char *kRule4 = "rule add ipv4 fwmark 0x1111 lookup 200";
constexpr const char *kRule6 = "rule add ipv6 fwmark 0x1111 lookup 200";
constexpr const char *kDefault4 = "route add ipv4 default dev tun0 table 200";
constexpr const char *kDefault6 = "route add ipv6 default dev tun0 table 200";
constexpr const char *kBackstop4 = "route add ipv4 unreachable default table 200 metric 4294967295";
constexpr const char *kBackstop6 = "route add ipv6 unreachable default table 200 metric 4294967295";

TEST(NeedsOf, DeviceBothFamilies) {
  EXPECT_THAT(words(needs_of(torrent())),
              ElementsAre(kRule4, kRule6, kDefault4, kDefault6, kBackstop4, kBackstop6));
}

TEST(NeedsOf, AreOurs) {
  const Needs needs = needs_of(torrent());
  for (const Rule &rule : needs.rules) {
    EXPECT_EQ(rule.protocol, 111);
    EXPECT_EQ(rule.priority, 2000u);
  }
  for (const DefaultRoute &route : needs.routes) {
    EXPECT_EQ(route.protocol, 111);
  }
}

TEST(NeedsOf, DeviceThatCannotCarryIpv6KeepsTheBackstop) {
  EXPECT_THAT(words(needs_of(torrent(), Ipv6::blocked)),
              ElementsAre(kRule4, kRule6, kDefault4, kBackstop4, kBackstop6));
}

TEST(NeedsOf, KernelWithoutIpv6NeedsNoneOfIt) {
  EXPECT_THAT(words(needs_of(torrent(), Ipv6::absent)), ElementsAre(kRule4, kDefault4, kBackstop4));
}

TEST(NeedsOf, GatewayOfOneFamilyLeavesTheOtherTheBackstop) {
  Mapping mapping = torrent();
  mapping.via = addresses({"10.2.0.254"});
  EXPECT_THAT(
      words(needs_of(mapping)),
      ElementsAre(kRule4, kRule6, "route add ipv4 default via 10.2.0.254 dev tun0 table 200",
                  kBackstop4, kBackstop6));
  mapping.via = addresses({"fd02::254"});
  EXPECT_THAT(words(needs_of(mapping)),
              ElementsAre(kRule4, kRule6, "route add ipv6 default via fd02::254 dev tun0 table 200",
                          kBackstop4, kBackstop6));
}

TEST(NeedsOf, GatewaysOfBothFamiliesWithoutDevice) {
  Mapping mapping = torrent();
  mapping.dev = "";
  mapping.via = addresses({"fd02::254", "10.2.0.254"});
  EXPECT_THAT(
      words(needs_of(mapping)),
      ElementsAre(kRule4, kRule6, "route add ipv4 default via 10.2.0.254 table 200",
                  "route add ipv6 default via fd02::254 table 200", kBackstop4, kBackstop6));
}

TEST(NeedsOf, MarkAndTableAreRulesOnly) {
  Mapping mapping = torrent();
  mapping.dev = "";
  EXPECT_THAT(words(needs_of(mapping)), ElementsAre(kRule4, kRule6));
}

TEST(NeedsOf, MarkAloneIsNothing) {
  EXPECT_TRUE(needs_of({.uid = UidRange{1001, 1001}, .mark = Mark{0x1111}}).empty());
}

Routing routing_of(const Needs &needs) {
  return {.rules = needs.rules, .routes = needs.routes};
}

TEST(Missing, NothingWhereAllIsThere) {
  EXPECT_THAT(missing(torrent(), routing_of(needs_of(torrent()))), IsEmpty());
}

TEST(Missing, EachThingByItsName) {
  EXPECT_THAT(missing(torrent(), Routing()),
              ElementsAre("IPv4 rule from mark 0x1111 to table 200",
                          "IPv6 rule from mark 0x1111 to table 200",
                          "IPv4 default route in table 200", "IPv6 default route in table 200",
                          "IPv4 backstop in table 200", "IPv6 backstop in table 200"));
}

TEST(Missing, WhatSomebodyElseMadeCounts) {
  Routing routing = routing_of(needs_of(torrent()));
  for (Rule &rule : routing.rules) {
    rule.protocol = 3;
  }
  for (DefaultRoute &route : routing.routes) {
    route.protocol = 4;
  }
  EXPECT_THAT(missing(torrent(), routing), IsEmpty());
}

TEST(Missing, AlmostTheSameIsNotTheSame) {
  const auto without_first_rule = [](auto change) {
    Routing routing = routing_of(needs_of(torrent()));
    change(routing);
    return missing(torrent(), routing);
  };
  const auto kNoRule = ElementsAre("IPv4 rule from mark 0x1111 to table 200");
  EXPECT_THAT(without_first_rule([](Routing &r) { r.rules[0].priority = 1; }), kNoRule);
  EXPECT_THAT(without_first_rule([](Routing &r) { r.rules[0].mark.mask = 0xffff; }), kNoRule);
  EXPECT_THAT(without_first_rule([](Routing &r) { r.rules[0].table = 201; }), kNoRule);
  const auto kNoRoute = ElementsAre("IPv4 default route in table 200");
  EXPECT_THAT(without_first_rule([](Routing &r) { r.routes[0].metric = 1; }), kNoRoute);
  EXPECT_THAT(without_first_rule([](Routing &r) { r.routes[0].dev = "eth0"; }), kNoRoute);
  EXPECT_THAT(without_first_rule([](Routing &r) { r.routes[0].other_kind = true; }), kNoRoute);
  EXPECT_THAT(without_first_rule([](Routing &r) { r.routes[0].via = Address::parse("10.0.0.1"); }),
              kNoRoute);
}

TEST(Missing, GatewayWithoutDeviceIsThereByAnyDevice) {
  Mapping mapping = torrent();
  mapping.dev = "";
  mapping.via = addresses({"10.2.0.254"});
  Routing routing = routing_of(needs_of(mapping));
  routing.routes[0].dev = "eth0";
  EXPECT_THAT(missing(mapping, routing), IsEmpty());
  // But not by any gateway.
  routing.routes[0].via = Address::parse("10.2.0.1");
  EXPECT_THAT(missing(mapping, routing), ElementsAre("IPv4 default route in table 200"));
}

TEST(Describe, SaysEachStepInOneLine) {
  EXPECT_EQ(describe(TableNameStep{true, 20000, "vpn"}), "table name add 20000 vpn");
  EXPECT_EQ(describe(TableNameStep{false, 20000, "vpn"}), "table name del 20000 vpn");
  EXPECT_EQ(
      describe(RuleStep{
          false, {.family = Family::ipv6, .mark = Mark{0x1000000, 0xff000000}, .table = 20000}}),
      "rule del ipv6 fwmark 0x1000000/0xff000000 lookup 20000");
  Mapping mapping = torrent();
  EXPECT_EQ(describe(MappingStep{{}, mapping}),
            "mapping add id 1 priority 1000 uid 1001 mark 0x1111");
  EXPECT_EQ(describe(MappingStep{mapping, {}}), "mapping del id 1");
  Mapping other = mapping;
  other.uid = UidRange{1001, 1010};
  EXPECT_EQ(describe(MappingStep{mapping, other}),
            "mapping replace id 1 priority 1000 uid 1001-1010 mark 0x1111");
  mapping.id = 0;
  EXPECT_EQ(describe(MappingStep{{}, mapping}), "mapping add priority 1000 uid 1001 mark 0x1111");
  EXPECT_EQ(describe(MappingStep{{},
                                 {{.gid = GidRange{100, 200},
                                   .suppl = true,
                                   .cgroup = "/system.slice",
                                   .kernel = true,
                                   .action = Action::block}}}),
            "mapping add priority 1000 gid 100-200 suppl cgroup /system.slice kernel block");
  EXPECT_EQ(describe(MappingStep{
                {}, {{.uid = UidRange{1, 1}, .mark = Mark{1}, .table = 200, .nostamp = true}}}),
            "mapping add priority 1000 uid 1 mark 0x1 nostamp");
  EXPECT_EQ(describe(FlushStep{{mapping, other}}), "mapping flush (2)");
}

TEST(InSafeOrder, WaysAreThereBeforeMarksAndGoAfterThem) {
  detail::Change change;
  Mapping other = torrent();
  other.table = 300;
  change.new_names = {{true, 200, "vpn"}};
  change.added = needs_of(torrent());
  change.obstacles.routes = {{.table = 200, .dev = "old0"}};
  change.obstacles.rules = {{.mark = Mark{0x1111}, .table = 100}};
  change.mappings.emplace_back(std::in_place_type<MappingStep>, other, torrent());
  change.removed = needs_of(other);
  change.old_names = {{false, 300, "old"}};
  std::vector<std::string> steps;
  for (const Step &step : detail::in_safe_order(change)) {
    steps.push_back(describe(step));
  }
  EXPECT_THAT(steps,
              ElementsAre("table name add 200 vpn", "table name del 300 old",                 //
                          kBackstop4, kBackstop6,                                             //
                          "route del ipv4 default dev old0 table 200", kDefault4, kDefault6,  //
                          kRule4, kRule6,                                                     //
                          "rule del ipv4 fwmark 0x1111 lookup 100",
                          "mapping replace id 1 priority 1000 uid 1001 mark 0x1111",
                          "rule del ipv4 fwmark 0x1111 lookup 300",
                          "rule del ipv6 fwmark 0x1111 lookup 300",
                          "route del ipv4 default dev tun0 table 300",
                          "route del ipv6 default dev tun0 table 300",
                          "route del ipv4 unreachable default table 300 metric 4294967295",
                          "route del ipv6 unreachable default table 300 metric 4294967295"));
}

}  // namespace
}  // namespace ownroute::test
