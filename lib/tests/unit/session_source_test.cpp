// SPDX-License-Identifier: LGPL-2.1-or-later
#include "planner.hpp"
#include "session_fixture.hpp"
#include "sources.hpp"

namespace ownroute::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

/// "uid MIN-MAX dev DEV inbound follow"
Mapping by(const std::string &dev, std::uint32_t min, std::uint32_t max) {
  return {.uid = UidRange{min, max}, .dev = dev, .inbound = Inbound::follow};
}

Mapping with_priority(std::uint32_t priority, Mapping mapping) {
  mapping.priority = priority;
  return mapping;
}

Mapping with_source(Source source, Mapping mapping) {
  mapping.source = source;
  return mapping;
}

Mapping bypassed(std::uint32_t min, std::uint32_t max) {
  return {.priority = 10, .uid = UidRange{min, max}, .action = Action::bypass};
}

class SourceRule : public SessionFixture {
 protected:
  /// The IPv4 rules for uids, "MIN-MAX: TABLE".
  std::vector<std::string> rules() const {
    std::vector<std::string> words;
    for (const Rule &rule : kernel_.world.rules) {
      if (rule.uid && rule.family == Family::ipv4) {
        words.push_back(std::to_string(rule.uid->min) + "-" + std::to_string(rule.uid->max) + ": " +
                        std::to_string(rule.table));
      }
    }
    return words;
  }

  void apply(std::vector<Mapping> mappings) {
    Session session = this->session();
    session.apply(session.plan_apply({std::move(mappings)}));
  }
};

TEST_F(SourceRule, IsMadeBelowTheRuleForTheMark) {
  Mapping wanted = by("tun0", 1001, 1001);
  wanted.mark = Mark{0x1111};
  wanted.table = 200;
  EXPECT_THAT(words(session().plan_add(wanted)),
              ElementsAre("route add ipv4 unreachable default table 200 metric 4294967295",
                          "route add ipv6 unreachable default table 200 metric 4294967295",
                          "route add ipv4 default dev tun0 table 200",
                          "route add ipv6 default dev tun0 table 200",
                          "rule add ipv4 fwmark 0x1111 lookup 200",
                          "rule add ipv6 fwmark 0x1111 lookup 200",
                          "rule add ipv4 uidrange 1001-1001 lookup 200",
                          "rule add ipv6 uidrange 1001-1001 lookup 200",
                          "mapping add priority 1000 uid 1001 mark 0x1111"));
  add(wanted);
  EXPECT_THAT(
      kernel_.world.rules,
      Contains(
          Rule{.priority = 2001, .mark = Mark{0, 0}, .table = 200, .uid = UidRange{1001, 1001}}));
}

TEST_F(SourceRule, GoesWithItsMapping) {
  const World before = kernel_.world;
  const std::uint32_t id = add(by("tun0", 1001, 1010)).id;
  EXPECT_THAT(rules(), ElementsAre("1001-1010: 20000"));
  del({id});
  EXPECT_EQ(kernel_.world, before);
  add(by("tun0", 1001, 1010));
  flush();
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(SourceRule, IsKeptInMindAndMissedAndPutBack) {
  const Mapping made = add(by("tun0", 1001, 1001));
  EXPECT_EQ(session().list().at(0).mapping, made);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  std::erase_if(kernel_.world.rules, [](const Rule &rule) { return rule.uid.has_value(); });
  EXPECT_THAT(session().list().at(0).missing,
              ElementsAre("IPv4 rule from uid 1001 to table 20000",
                          "IPv6 rule from uid 1001 to table 20000"));
  EXPECT_THAT(words(session().plan_apply({{by("tun0", 1001, 1001)}})),
              ElementsAre("rule add ipv4 uidrange 1001-1001 lookup 20000",
                          "rule add ipv6 uidrange 1001-1001 lookup 20000"));
}

TEST_F(SourceRule, IsForIpv4AloneWhereThereIsNoIpv6) {
  kernel_.ipv6 = false;
  add(by("tun0", 1001, 1001));
  EXPECT_EQ(kernel_.world.rules.size(), 2u);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
}

TEST_F(SourceRule, IsOnlyForAUidAloneThatGoesSomewhere) {
  Mapping with_gid = by("tun0", 1, 1);
  with_gid.gid = GidRange{5, 5};
  cgroups_["/x"] = 7;
  apply({by("tun0", 0, 5),
         with_gid,
         with_priority(2000, {.cgroup = "/x", .dev = "tun0"}),
         {.uid = UidRange{9, 9}, .mark = Mark{1}},
         {.uid = UidRange{8, 8}, .table = 300},
         with_source(Source::keep, by("tun0", 7, 7))});
  EXPECT_THAT(rules(), IsEmpty());
  // Whoever gives no device has to ask for it.
  replace({.id = 5, .uid = UidRange{8, 8}, .table = 300, .source = Source::rule});
  EXPECT_THAT(rules(), ElementsAre("8-8: 300"));
}

TEST_F(SourceRule, KeepIsNothingWhereNothingElseCanBe) {
  Mapping with_gid = with_source(Source::keep, {.via = {Address::parse("10.0.0.1").value()}});
  with_gid.gid = GidRange{5, 5};
  EXPECT_EQ(add(with_gid).source, Source::automatic);
  EXPECT_THAT(session().plan_apply({{with_gid}}), IsEmpty());
}

TEST_F(SourceRule, ReplaceChangesIt) {
  const std::uint32_t id = add(by("tun0", 1001, 1001)).id;
  Mapping other = by("tun1", 1002, 1002);
  other.id = id;
  replace(other);
  EXPECT_THAT(rules(), ElementsAre("1002-1002: 20001"));
  replace(with_source(Source::keep, other));
  EXPECT_THAT(rules(), IsEmpty());
  EXPECT_EQ(session().list().at(0).mapping.source, Source::keep);
}

TEST_F(SourceRule, ForeignOneIsLeftAndCounts) {
  const Rule foreign{.priority = kSourceRulePriority,
                     .mark = Mark{0, 0},
                     .table = 200,
                     .protocol = 3,
                     .uid = UidRange{1001, 1001}};
  kernel_.world.rules.insert(foreign);
  Mapping wanted = by("tun0", 1001, 1001);
  wanted.table = 200;
  const std::uint32_t id = add(wanted).id;
  EXPECT_EQ(kernel_.world.rules.size(), 4u);
  del({id});
  EXPECT_THAT(kernel_.world.rules, ElementsAre(foreign));
}

// Mappings in front

TEST_F(SourceRule, IsNotThereBehindAnotherWay) {
  add(bypassed(1005, 1005));
  const std::uint32_t id = add(by("tun0", 1001, 1010)).id;
  EXPECT_THAT(rules(), IsEmpty());
  EXPECT_THAT(session().list().at(1).missing, IsEmpty());
  // There is nothing in front of these.
  add(by("tun0", 1011, 1020));
  EXPECT_THAT(rules(), ElementsAre("1011-1020: 20000"));
  Mapping insists = with_source(Source::rule, by("tun0", 1001, 1010));
  insists.id = id;
  EXPECT_THAT(thrown_by([&] { session().plan_replace(insists); }),
              IsError(ErrorKind::refused,
                      "mapping 2 can't have source rule: mapping 1 comes before it and takes some "
                      "of its uids elsewhere, give it source keep"));
}

TEST_F(SourceRule, IsThereBehindTheSameWay) {
  add(with_priority(10, by("tun0", 1005, 1005)));
  add(by("tun0", 1001, 1010));
  EXPECT_THAT(rules(), ElementsAre("1001-1010: 20000", "1005-1005: 20000"));
}

TEST_F(SourceRule, GivesWayToWhatComesInFrontAndIsBackWhenThatGoes) {
  add(by("tun0", 1001, 1010));
  const std::uint32_t bypass = add(bypassed(1010, 1020)).id;
  EXPECT_THAT(rules(), IsEmpty());
  EXPECT_THAT(session().list().at(1).missing, IsEmpty());
  del({bypass});
  EXPECT_THAT(rules(), ElementsAre("1001-1010: 20000"));
  cgroups_["/x"] = 7;
  add({.priority = 10, .cgroup = "/x", .action = Action::bypass});
  EXPECT_THAT(rules(), IsEmpty());
}

TEST_F(SourceRule, IsThereBehindABlock) {
  add(by("tun0", 1001, 1010));
  add({.priority = 10, .uid = UidRange{1005, 1005}, .action = Action::block});
  EXPECT_THAT(rules(), ElementsAre("1001-1010: 20000"));
  add(by("tun0", 1005, 1006));
  EXPECT_THAT(rules(), ElementsAre("1001-1010: 20000", "1005-1006: 20000"));
}

TEST_F(SourceRule, DoesNotTakeTheUidsOfWhoKeepsTheSource) {
  add(with_source(Source::keep, by("tun0", 1001, 1001)));
  add(by("tun0", 1001, 1010));
  EXPECT_THAT(rules(), IsEmpty());
  EXPECT_THAT(session().list().at(1).missing, IsEmpty());
  EXPECT_THAT(
      refused(with_source(Source::rule, by("tun0", 1001, 1010))),
      IsError(ErrorKind::refused, "mapping 1 comes before it and keeps the source of some"));
  add(by("tun0", 1002, 1010));
  EXPECT_THAT(rules(), ElementsAre("1002-1010: 20000"));
}

TEST_F(SourceRule, WhoInsistsIsNotPassed) {
  add(with_source(Source::rule, by("tun0", 1001, 1010)));
  EXPECT_THAT(refused(bypassed(1010, 1020)),
              IsError(ErrorKind::refused,
                      "mapping 1 can't have source rule: the mapping for uid "
                      "1010-1020 comes before it"));
  EXPECT_NO_THROW(session().plan_add(bypassed(1011, 1020)));
  EXPECT_THAT(thrown_by([&] {
                session().plan_apply(
                    {{with_source(Source::rule, by("tun0", 1001, 1010)), bypassed(1, 2000)}});
              }),
              IsError(ErrorKind::refused, "can't have source rule"));
}

TEST_F(SourceRule, WhoInsistsIsNotPassedWhenTheRulesWereDeleted) {
  add(with_source(Source::rule, by("tun0", 1001, 1010)));
  kernel_.world.rules.clear();
  for (const Mapping &mapping : {bypassed(1005, 1005), bypassed(1010, 1020)}) {
    EXPECT_THAT(refused(mapping), IsError(ErrorKind::refused, "can't have source rule"));
  }
}

TEST_F(SourceRule, OfTwoThatOverlapTheFirstHasIt) {
  Mapping first = by("tun0", 1001, 1010);
  first.id = 7;
  add(first);
  // The kernel would take id 1, in front of it.
  EXPECT_EQ(add(by("tun1", 1010, 1020)).id, 8u);
  EXPECT_THAT(rules(), ElementsAre("1001-1010: 20000"));
  add(with_priority(10, by("tun1", 1000, 1001)));
  EXPECT_THAT(rules(), ElementsAre("1000-1001: 20001"));
  for (const Listed &listed : session().list()) {
    EXPECT_THAT(listed.missing, IsEmpty());
  }
}

TEST_F(SourceRule, FileAppliedTwiceChangesNothing) {
  const std::vector<Mapping> policy{by("tun0", 1001, 1010), bypassed(1005, 1005),
                                    by("tun1", 1011, 1011)};
  apply(policy);
  EXPECT_THAT(rules(), ElementsAre("1011-1011: 20001"));
  EXPECT_THAT(session().plan_apply({policy}), IsEmpty());
  Policy exported;
  for (const Listed &listed : session().list()) {
    exported.mappings.push_back(listed.mapping);
  }
  EXPECT_THAT(session().plan_apply(exported), IsEmpty());
}

TEST_F(SourceRule, AsksForAllMappingsOnlyIfTheyMatter) {
  add(by("tun0", 1001, 1010));
  kernel_.mapping_dumps = 0;
  add({.uid = UidRange{2000, 2000}, .action = Action::block});
  add({.uid = UidRange{2001, 2001}, .mark = Mark{1}});
  EXPECT_EQ(kernel_.mapping_dumps, 0);
  add(bypassed(1001, 1001));
  EXPECT_EQ(kernel_.mapping_dumps, 1);
}

// Limits

TEST_F(SourceRule, ThereAreNeverVeryMany) {
  std::vector<Mapping> policy;
  for (std::uint32_t uid = 1; uid <= 1000; ++uid) {
    policy.push_back(by("tun0", uid, uid));
  }
  apply(policy);
  EXPECT_EQ(rules().size(), detail::kMostSourceRules);
  EXPECT_THAT(session().plan_apply({policy}), IsEmpty());
  EXPECT_THAT(refused(with_source(Source::rule, by("tun0", 2000, 2000))),
              IsError(ErrorKind::refused, "there are 256 before it"));
}

// From outside of the user namespace

/// "id ID uid UID table TABLE dev tun0"
Mapping complete(std::uint32_t id, std::uint32_t uid, std::uint32_t table) {
  Mapping mapping = by("tun0", uid, uid);
  mapping.id = id;
  mapping.mark = Mark{id};
  mapping.table = table;
  return mapping;
}

/// As it is seen there: the uids have other numbers.
Rule rule_from_outside(std::uint32_t uid, std::uint32_t table) {
  return {.priority = kSourceRulePriority,
          .mark = Mark{0, 0},
          .table = table,
          .uid = UidRange{100000 + uid, 100000 + uid}};
}

TEST_F(SourceRule, NoneAreMadeForAnotherUserNamespace) {
  Mapping mapping = complete(1, 1001, 200);
  const Routing routing{.uid_rules = false};
  EXPECT_THAT(detail::sources_of({&mapping}, routing).ruled, IsEmpty());
  mapping.source = Source::rule;
  EXPECT_THAT(detail::sources_of({&mapping}, routing).ruled, IsEmpty());
  EXPECT_THAT(
      thrown_by([&] { detail::granted_sources({&mapping}, {&mapping}, routing); }),
      IsError(ErrorKind::refused, "belongs to another user namespace, give it source keep"));
  // That is the others' business.
  const Mapping other = complete(2, 1002, 200);
  EXPECT_THAT(detail::granted_sources({&mapping, &other}, {&other}, routing).ruled, IsEmpty());
}

TEST_F(SourceRule, OfAnotherUserNamespaceGoWithTheTableAlone) {
  const Routing routing{.rules = {rule_from_outside(1001, 200), rule_from_outside(1002, 200),
                                  rule_from_outside(1003, 300)},
                        .uid_rules = false};
  const Mapping first = complete(1, 1001, 200), second = complete(2, 1002, 200),
                third = complete(3, 1003, 300);
  const auto removed = [&](const std::vector<const Mapping *> &gone,
                           const std::vector<const Mapping *> &staying) {
    detail::Change change;
    detail::add_surplus(change, gone, staying, routing, TableNames(root_.path()));
    detail::add_source_rules(change, detail::sources_of(staying, routing), routing);
    return change.removed.rules;
  };
  EXPECT_THAT(removed({&first}, {&second, &third}), IsEmpty());
  EXPECT_THAT(removed({&third}, {&first, &second}), ElementsAre(rule_from_outside(1003, 300)));
  EXPECT_THAT(removed({&first, &second}, {&third}),
              ElementsAre(rule_from_outside(1001, 200), rule_from_outside(1002, 200)));
}

TEST_F(SourceRule, OfAnotherUserNamespaceIsNotPassed) {
  const Routing routing{.rules = {rule_from_outside(1001, 200)}, .uid_rules = false};
  const Mapping ruled = complete(1, 1001, 200), unruled = complete(2, 1002, 300);
  const auto grant = [&](const Mapping &added) {
    detail::granted_sources({&ruled, &unruled, &added}, {&added}, routing);
  };
  EXPECT_THAT(thrown_by([&] { grant(bypassed(1001, 1001)); }),
              IsError(ErrorKind::refused,
                      "the mapping for uid 1001 comes before mapping 1, whose "
                      "rule for its uids can only be deleted inside"));
  EXPECT_NO_THROW(grant(bypassed(1002, 1002)));
  EXPECT_NO_THROW(grant(with_priority(2000, complete(3, 1001, 300))));
}

}  // namespace
}  // namespace ownroute::test
