// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/ownroute.h>

#include "session_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Mapping with_lan(Mapping mapping) {
  mapping.lan = true;
  return mapping;
}

class Lan : public SessionFixture {
 protected:
  /// The IPv4 rules for the LAN.
  std::vector<std::string> rules() const {
    std::vector<std::string> words;
    for (const Rule &rule : kernel_.world.rules) {
      if (rule.suppress && rule.family == Family::ipv4) {
        words.push_back(rule.uid ? "uid " + std::to_string(rule.uid->min)
                                 : "mark " + std::to_string(rule.mark.value));
      }
    }
    return words;
  }
};

TEST_F(Lan, RulesStandAboveTheOthers) {
  Mapping wanted{.uid = UidRange{1001, 1001},
                 .mark = Mark{0x1111},
                 .table = 200,
                 .dev = "tun0",
                 .lan = true,
                 .inbound = Inbound::follow};
  EXPECT_THAT(words(session().plan_add(wanted)),
              ElementsAre("route add ipv4 unreachable default table 200 metric 4294967295",
                          "route add ipv6 unreachable default table 200 metric 4294967295",
                          "route add ipv4 default dev tun0 table 200",
                          "route add ipv6 default dev tun0 table 200",
                          "rule add ipv4 fwmark 0x1111 lookup 254 suppress_prefixlength 1",
                          "rule add ipv4 fwmark 0x1111 lookup 200",
                          "rule add ipv6 fwmark 0x1111 lookup 254 suppress_prefixlength 7",
                          "rule add ipv6 fwmark 0x1111 lookup 200",
                          "rule add ipv4 uidrange 1001-1001 lookup 254 suppress_prefixlength 1",
                          "rule add ipv4 uidrange 1001-1001 lookup 200",
                          "rule add ipv6 uidrange 1001-1001 lookup 254 suppress_prefixlength 7",
                          "rule add ipv6 uidrange 1001-1001 lookup 200",
                          "mapping add priority 1000 uid 1001 mark 0x1111 lan"));
  const World before = kernel_.world;
  const Mapping made = add(wanted);
  EXPECT_TRUE(made.lan);
  EXPECT_THAT(kernel_.world.rules,
              Contains(Rule{.priority = 1999, .mark = Mark{0x1111}, .table = 254, .suppress = 1}));
  EXPECT_EQ(kernel_.world.mappings.at(1).flags, std::uint32_t{OWNROUTE_FLAG_LAN});
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  EXPECT_THAT(session().plan_apply({{wanted}}), IsEmpty());
  del({made.id});
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(Lan, WhatIsMissingIsSaid) {
  add(with_lan(over("tun0", 1, 200)));
  std::erase_if(kernel_.world.rules, [](const Rule &rule) { return rule.suppress.has_value(); });
  EXPECT_THAT(session().list().at(0).missing, ElementsAre("IPv4 rule from mark 0x1 to the LAN",
                                                          "IPv6 rule from mark 0x1 to the LAN"));
}

// The mark is the way, and the rule is for the mark.
TEST_F(Lan, OnlyMappingsThatAreAlikeShareAMark) {
  const Mapping first = add(over("tun0", 1001));
  const Mapping second = add(with_lan(over("tun0", 1002)));
  EXPECT_NE(first.mark, second.mark);
  EXPECT_EQ(add(with_lan(over("tun0", 1003))).mark, second.mark);
  EXPECT_EQ(add(over("tun0", 1004)).mark, first.mark);
}

TEST_F(Lan, OneMarkForBothIsRefused) {
  add(over("tun0", 1, 200));
  EXPECT_THAT(refused(with_lan(over("tun0", 1, 200, 1002))).what(),
              HasSubstr("one of them has lan"));
  flush();
  add(with_lan(over("tun0", 1, 200)));
  EXPECT_THAT(refused(over("tun0", 1, 200, 1002)).what(),
              HasSubstr("mark 0x1 already leads to the LAN for mapping"));
  const Error error = thrown_by([&] {
    session().plan_apply({{over("tun0", 1, 200), with_lan(over("tun0", 1, 200, 1002))}});
  });
  EXPECT_THAT(error.what(), HasSubstr("one of them has lan"));
}

TEST_F(Lan, ReplaceTakesItAway) {
  Mapping wanted = with_lan(over("tun0", 1, 200));
  wanted.id = add(wanted).id;
  wanted.lan = false;
  replace(wanted);
  EXPECT_THAT(rules(), IsEmpty());
  replace(with_lan(wanted));
  EXPECT_THAT(rules(), ElementsAre("mark 1"));
}

// wg-quick's, and one for a mark of somebody's own.
TEST_F(Lan, OthersRulesStay) {
  kernel_.world.rules.insert(
      {.priority = 100, .mark = Mark{0x7777}, .table = 254, .protocol = 3, .suppress = 0});
  const World before = kernel_.world;
  del({add(with_lan(over("tun0", 0x7777, 200))).id});
  EXPECT_EQ(kernel_.world, before);
}

// In front, and to the same table: its packets have no exception.
TEST_F(Lan, UnlikeMappingInFrontTakesTheSourceRule) {
  Mapping wide{.priority = 2000,
               .uid = UidRange{1, 9},
               .mark = Mark{1},
               .table = 200,
               .dev = "tun0",
               .lan = true};
  add(wide);
  EXPECT_THAT(rules(), UnorderedElementsAre("mark 1", "uid 1"));
  add({.uid = UidRange{2, 2}, .mark = Mark{2}, .table = 200, .dev = "tun0"});
  EXPECT_THAT(rules(), ElementsAre("mark 1"));
}

}  // namespace
}  // namespace ownroute::test
