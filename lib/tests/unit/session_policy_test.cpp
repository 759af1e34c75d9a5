// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cerrno>

#include "session_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Session::plan_apply().
class ApplyPolicy : public SessionFixture {
 protected:
  Changes apply(std::vector<Mapping> mappings) {
    Session session = this->session();
    return session.apply(session.plan_apply({std::move(mappings)}));
  }
  std::vector<std::string> planned(std::vector<Mapping> mappings) {
    return words(session().plan_apply({std::move(mappings)}));
  }
  Error refused_policy(std::vector<Mapping> mappings) {
    const World before = kernel_.world;
    const Error error = thrown_by([&] { session().plan_apply({std::move(mappings)}); });
    EXPECT_EQ(kernel_.world, before);
    return error;
  }
  std::vector<std::uint32_t> ids() const {
    std::vector<std::uint32_t> ids;
    for (const auto &[id, mapping] : kernel_.world.mappings) {
      ids.push_back(id);
    }
    return ids;
  }
  void count(std::uint32_t id, std::uint64_t packets) {
    kernel_.world.mappings.at(id).packets = packets;
  }
  std::uint64_t counted(std::uint32_t id) { return kernel_.world.mappings.at(id).packets; }
};

Mapping with_id(std::uint32_t id, Mapping mapping) {
  mapping.id = id;
  return mapping;
}

Mapping marked(std::uint32_t uid, std::uint32_t mark) {
  return {.uid = UidRange{uid, uid}, .mark = Mark{mark}};
}

Mapping blocked(std::uint32_t uid) {
  return {.uid = UidRange{uid, uid}, .action = Action::block};
}

TEST_F(ApplyPolicy, MakesAllInOneTransaction) {
  const Changes changes = apply({over("tun0", 1001), over("tun0", 1002), over("tun1", 1003)});
  EXPECT_EQ(changes.made.size(), 3u);
  EXPECT_THAT(changes.replaced, IsEmpty());
  EXPECT_THAT(changes.deleted, IsEmpty());
  EXPECT_EQ(kernel_.transactions, 1);
  EXPECT_EQ(kernel_.world.mappings.size(), 3u);
  // Two ways, whoever goes them.
  EXPECT_EQ(kernel_.world.rules.size(), 4u);
  EXPECT_EQ(kernel_.world.routes.size(), 8u);
  const std::vector<Listed> listed = session().list();
  EXPECT_EQ(listed[0].mapping, changes.made[0]);
  EXPECT_EQ(listed[0].mapping.mark, listed[1].mapping.mark);
  EXPECT_NE(listed[0].mapping.mark, listed[2].mapping.mark);
  for (const Listed &each : listed) {
    EXPECT_THAT(each.missing, IsEmpty());
  }
}

TEST_F(ApplyPolicy, SecondTimeChangesNothing) {
  Mapping by_gateway{
      .uid = UidRange{7, 7},
      .via = {Address::parse("fd02::1").value(), Address::parse("10.0.0.1").value()}};
  Mapping named = over("tun1", 1005);
  named.table_name = "torrents";
  cgroups_["/x"] = 77;
  const std::vector<Mapping> policy{
      over("tun0", 1001),
      over("tun0", 1002),
      over("tun0", 1002),
      with_id(50, over("tun1", 1003)),
      over("tun0", 0x1111, 200, 1004),
      {.uid = UidRange{1, 1}, .table = 200},
      {.uid = UidRange{2, 2}, .table_name = "vpn"},
      by_gateway,
      named,
      {.gid = GidRange{100, 100}, .suppl = true, .action = Action::bypass},
      {.cgroup = "/x", .kernel = true, .action = Action::block},
      {.uid = UidRange{6, 6}, .dev = "tun0", .nostamp = true},
      marked(5, 5)};
  apply(policy);
  EXPECT_THAT(planned(policy), IsEmpty());
  const World before = kernel_.world;
  const int changes = kernel_.changes;
  apply(policy);
  EXPECT_EQ(kernel_.world, before);
  EXPECT_EQ(kernel_.changes, changes);
}

TEST_F(ApplyPolicy, WhatIsThereStaysWithItsIdAndCounters) {
  apply({over("tun0", 1001), over("tun1", 1002)});
  count(1, 41);
  count(2, 42);
  const Changes changes = apply({over("tun1", 1002), over("tun0", 1003)});
  EXPECT_EQ(changes.made.size(), 1u);
  EXPECT_EQ(changes.deleted.size(), 1u);
  EXPECT_EQ(changes.deleted.at(0).id, 1u);
  EXPECT_THAT(ids(), ElementsAre(2, 3));
  EXPECT_EQ(counted(2), 42u);
  EXPECT_EQ(counted(3), 0u);
}

TEST_F(ApplyPolicy, ReplacesByIdAndCountersGoOn) {
  apply({with_id(7, marked(1001, 1)), with_id(8, marked(1002, 1))});
  count(7, 41);
  const Changes changes = apply({with_id(7, blocked(2000)), with_id(8, marked(1002, 1))});
  EXPECT_THAT(changes.made, IsEmpty());
  EXPECT_THAT(changes.deleted, IsEmpty());
  EXPECT_THAT(changes.replaced, ElementsAre(with_id(7, blocked(2000))));
  EXPECT_EQ(counted(7), 41u);
}

TEST_F(ApplyPolicy, ReplacesBySelectorAndPriorityAndCountersGoOn) {
  apply({marked(1001, 1), over("tun0", 1002)});
  count(1, 41);
  count(2, 42);
  EXPECT_THAT(planned({blocked(1001), over("tun1", 1002)}),
              testing::IsSupersetOf({"mapping replace id 1 priority 1000 uid 1001 block",
                                     "mapping replace id 2 priority 1000 uid 1002 mark "
                                     "0x2000000/0xff000000"}));
  apply({blocked(1001), over("tun1", 1002)});
  EXPECT_EQ(counted(1), 41u);
  EXPECT_EQ(counted(2), 42u);
  EXPECT_THAT(planned({blocked(1001), over("tun1", 1002)}), IsEmpty());
  // Of another priority it is another mapping.
  Mapping later = blocked(1001);
  later.priority = 2000;
  EXPECT_EQ(apply({later, over("tun1", 1002)}).made.size(), 1u);
}

TEST_F(ApplyPolicy, NewOnesShareTheChosenMark) {
  const auto to_table = [](std::uint32_t uid) {
    return Mapping{.uid = UidRange{uid, uid}, .table = 300};
  };
  apply({to_table(1)});
  EXPECT_THAT(planned({to_table(1), to_table(2)}),
              ElementsAre("mapping add id 2 priority 1000 uid 2 mark 0x1000000/0xff000000"));
}

TEST_F(ApplyPolicy, EqualOnesFirst) {
  apply({with_id(1, marked(1001, 1)), with_id(2, blocked(1001))});
  count(2, 42);
  // The first of its selector is 1, but 2 is what is wanted.
  EXPECT_THAT(planned({blocked(1001)}), ElementsAre("mapping del id 1"));
  apply({blocked(1001)});
  EXPECT_EQ(counted(2), 42u);
}

TEST_F(ApplyPolicy, WhatHasAnIdIsNobodyElses) {
  apply({with_id(7, blocked(1001))});
  count(7, 41);
  EXPECT_THAT(planned({blocked(1001), with_id(7, marked(1002, 1))}),
              ElementsAre("mapping replace id 7 priority 1000 uid 1002 mark 0x1",
                          "mapping add id 8 priority 1000 uid 1001 block"));
}

TEST_F(ApplyPolicy, KeepsMarkAndTableWhereOnlyTheCommentChanges) {
  Mapping wanted = over("tun0", 1001);
  apply({wanted});
  kernel_.world.rules.clear();
  wanted.comment = "new";
  EXPECT_THAT(planned({wanted}),
              ElementsAre("rule add ipv4 fwmark 0x1000000/0xff000000 lookup 20000",
                          "rule add ipv6 fwmark 0x1000000/0xff000000 lookup 20000",
                          "mapping replace id 1 priority 1000 uid 1001 mark "
                          "0x1000000/0xff000000"));
}

TEST_F(ApplyPolicy, KeepsMarkAndTableWhereOnlyNostampChanges) {
  Mapping wanted = over("tun0", 1001);
  apply({wanted});
  count(1, 41);
  wanted.nostamp = true;
  EXPECT_THAT(planned({wanted}), ElementsAre("mapping replace id 1 priority 1000 uid 1001 mark "
                                             "0x1000000/0xff000000 nostamp"));
  apply({wanted});
  EXPECT_EQ(counted(1), 41u);
  EXPECT_THAT(planned({wanted}), IsEmpty());
  wanted.nostamp = false;
  EXPECT_EQ(planned({wanted}).size(), 1u);
}

TEST_F(ApplyPolicy, MakesAnewWhatIsMissing) {
  apply({over("tun0", 1001)});
  const World whole = kernel_.world;
  kernel_.world.rules.clear();
  kernel_.world.routes.clear();
  apply({over("tun0", 1001)});
  EXPECT_EQ(kernel_.world, whole);
}

TEST_F(ApplyPolicy, WayWhoseDeviceIsDownIsLeftAsItIs) {
  apply({over("tun0", 1001)});
  kernel_.devices["tun0"].up = false;
  std::erase_if(kernel_.world.routes,
                [](const DefaultRoute &route) { return route.dev == "tun0"; });
  EXPECT_THAT(planned({over("tun0", 1001)}), IsEmpty());
  // A new one is refused.
  EXPECT_THAT(refused_policy({over("tun0", 1002)}),
              IsError(ErrorKind::refused,
                      "the mapping for uid 1002: device tun0 is down: bring it up first"));
}

TEST_F(ApplyPolicy, TakesAwayWhatNobodyNeedsAnyMore) {
  kernel_.world.rules.insert({.mark = Mark{0x1}, .table = 300, .protocol = 3});
  const World before = kernel_.world;
  Mapping named = over("tun1", 1005);
  named.table_name = "torrents";
  apply({over("tun0", 1001), named});
  EXPECT_THAT(our_names(), HasSubstr("torrents"));
  apply({});
  EXPECT_EQ(kernel_.world, before);
  EXPECT_EQ(our_names(), "");
}

TEST_F(ApplyPolicy, RouteOfATableIsReplaced) {
  apply({over("tun0", 0x1111, 200)});
  count(1, 41);
  apply({over("tun1", 0x1111, 200)});
  EXPECT_EQ(counted(1), 41u);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  EXPECT_EQ(kernel_.world.routes.size(), 4u);
}

TEST_F(ApplyPolicy, NewIdsMeetNoOthers) {
  apply({marked(1, 1), with_id(2, marked(2, 1)), marked(3, 1), with_id(1, marked(4, 1))});
  EXPECT_THAT(ids(), UnorderedElementsAre(1, 2, 3, 4));
  // Nor those that go.
  apply({marked(5, 1)});
  EXPECT_THAT(ids(), ElementsAre(5));
}

TEST_F(ApplyPolicy, OneNewTableServesAllThatNameIt) {
  Mapping a = over("tun0", 1001);
  Mapping b = over("tun0", 1002);
  a.table_name = b.table_name = "torrents";
  const Changes changes = apply({a, b});
  EXPECT_EQ(changes.made.at(0).table, changes.made.at(1).table);
  EXPECT_EQ(changes.made.at(0).table_name, "torrents");
}

TEST_F(ApplyPolicy, BadOnesAreRefused) {
  apply({with_id(7, over("tun0", 1001))});
  EXPECT_THAT(refused_policy({with_id(7, blocked(1)), with_id(7, blocked(2))}),
              IsError(ErrorKind::usage, "two mappings have id 7: give each its own, or none"));
  EXPECT_THAT(refused_policy({with_id(7, {.uid = UidRange{1, 1}})}),
              IsError(ErrorKind::usage, "mapping 7: nothing is to be done with these packets"));
  EXPECT_THAT(refused_policy({over("tun9")}),
              IsError(ErrorKind::not_found, "the mapping for uid 1001: "));
  EXPECT_THAT(refused_policy({{.cgroup = "/gone", .action = Action::block}}),
              IsError(ErrorKind::not_found, "the mapping for cgroup /gone: no cgroup /gone"));
  EXPECT_THAT(refused_policy({over("tun0", 0x1111, 200), over("tun1", 0x1111, 300, 1002)}),
              IsError(ErrorKind::refused, "mark 0x1111 already leads to table "));
  EXPECT_THAT(refused_policy({over("tun0", 0x1111, 200), over("tun1", 0x2222, 200, 1002)}),
              IsError(ErrorKind::refused, "table 200 already has the IPv4 route"));
  kernel_.world.rules.insert({.mark = Mark{0x3333}, .table = 300, .protocol = 3});
  EXPECT_THAT(refused_policy({over("tun0", 0x3333, 200)}),
              IsError(ErrorKind::refused, "which isn't ownroute's"));
}

TEST_F(ApplyPolicy, IsUndoneWhereverItFails) {
  apply({with_id(7, over("tun0", 1001)), with_id(8, over("tun1", 1002))});
  const World before = kernel_.world;
  const std::vector<Mapping> policy{with_id(7, over("tun1", 1001)), over("ipv4only", 1003)};
  int failed = 0;
  for (int failing = 1;; ++failing) {
    kernel_.world = before;
    kernel_.changes = 0;
    kernel_.refused_change = failing;
    try {
      apply(policy);
      break;
    } catch (const Error &error) {
      ++failed;
      EXPECT_THAT(error.what(), HasSubstr("nothing has been changed"));
      EXPECT_EQ(kernel_.world, before) << failing << ": " << error.what();
    }
  }
  EXPECT_GT(failed, 8);
}

TEST_F(ApplyPolicy, UnwantedPlanIsForgotten) {
  Session session = this->session();
  session.plan_apply({{blocked(1)}});
  session.plan_apply({{blocked(1)}});
  session.apply(session.plan_add(blocked(2)));
  EXPECT_EQ(kernel_.world.mappings.size(), 1u);
  session.apply(session.plan_apply({{blocked(1)}}));
  EXPECT_EQ(kernel_.world.mappings.size(), 1u);
}

// Others who change the mappings meanwhile

TEST_F(ApplyPolicy, IsPlannedAgainWhenOthersAreQuicker) {
  int times = 3;
  kernel_.before_commit = [&] {
    if (times-- > 0) {
      const auto id = static_cast<std::uint32_t>(100 + times);
      kernel_.world.mappings[id] = kernel_.world.mappings[id];
      kernel_.world.mappings[id].id = id;
      kernel_.world.mappings[id].uid_max = id;
      kernel_.world.mappings[id].mask = 1;
      ++kernel_.generation;
    }
  };
  const Changes changes = apply({over("tun0", 1001)});
  EXPECT_EQ(kernel_.transactions, 4);
  // Theirs are no part of the policy.
  EXPECT_EQ(changes.deleted.size(), 3u);
  EXPECT_EQ(kernel_.world.mappings.size(), 1u);
  EXPECT_EQ(kernel_.world.rules.size(), 2u);
}

TEST_F(ApplyPolicy, IsGivenUpWhenOthersAreAlwaysQuicker) {
  kernel_.before_commit = [&] { ++kernel_.generation; };
  const World before = kernel_.world;
  const Error error = thrown_by([&] { apply({over("tun0", 1001)}); });
  EXPECT_EQ(error.code(), EAGAIN);
  EXPECT_THAT(error, IsError(ErrorKind::refused, "nothing has been changed: stop them"));
  EXPECT_EQ(kernel_.transactions, 10);
  EXPECT_EQ(kernel_.world, before);
}

TEST_F(ApplyPolicy, FlushAndDelOfManyAreTransactionsToo) {
  apply({blocked(1), blocked(2), blocked(3), blocked(4)});
  int times = 1;
  kernel_.before_commit = [&] { kernel_.generation += times-- > 0 ? 1 : 0; };
  kernel_.transactions = 0;
  del({1, 2});
  EXPECT_EQ(kernel_.transactions, 2);
  flush();
  EXPECT_EQ(kernel_.transactions, 3);
  EXPECT_TRUE(kernel_.world.mappings.empty());
}

TEST_F(ApplyPolicy, OneChangeOfOneMappingIsNone) {
  add(blocked(1));
  replace(with_id(1, blocked(2)));
  del({1});
  EXPECT_EQ(kernel_.transactions, 0);
}

// Many

// Were a step as long as there are mappings, each of these would take minutes.

TEST_F(ApplyPolicy, ManyMappingsOfFewWays) {
  std::vector<Mapping> policy;
  for (std::uint32_t uid = 1; uid <= 20000; ++uid) {
    policy.push_back(uid % 3 == 0 ? blocked(uid) : over(uid % 3 == 1 ? "tun0" : "tun1", uid));
  }
  apply(policy);
  EXPECT_EQ(kernel_.world.mappings.size(), 20000u);
  EXPECT_THAT(planned(policy), IsEmpty());
}

TEST_F(ApplyPolicy, ManyMappingsOfManyWays) {
  std::vector<Mapping> policy;
  for (std::uint32_t uid = 1; uid <= 20000; ++uid) {
    policy.push_back(over("tun1", uid * 16, uid + 1000, uid));
  }
  EXPECT_EQ(session().plan_apply({policy}).size(), 20000u * (2 + 4 + 1));
}

// cgroups

TEST_F(ApplyPolicy, CgroupThatWasMadeAgainIsReplaced) {
  cgroups_["/x"] = 77;
  const Mapping wanted{.cgroup = "/x", .action = Action::block};
  apply({wanted});
  EXPECT_EQ(kernel_.world.mappings.at(1).cgroup, 77u);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  cgroups_["/x"] = 78;
  EXPECT_THAT(session().list().at(0).missing,
              ElementsAre("cgroup /x was made again (id 78): replace mapping 1"));
  count(1, 41);
  apply({wanted});
  EXPECT_EQ(kernel_.world.mappings.at(1).cgroup, 78u);
  EXPECT_EQ(counted(1), 41u);
  EXPECT_THAT(session().list().at(0).missing, IsEmpty());
  cgroups_.clear();
  EXPECT_THAT(session().list().at(0).missing, ElementsAre("cgroup /x is gone"));
}

TEST_F(ApplyPolicy, CgroupIsLookedUpByAddAndReplaceToo) {
  cgroups_["/x"] = 77;
  cgroups_["/y"] = 78;
  EXPECT_EQ(add({.cgroup = "/x", .action = Action::block}).cgroup_id, 77u);
  EXPECT_EQ(replace({.id = 1, .cgroup = "/y", .action = Action::block}).cgroup_id, 78u);
  EXPECT_THAT(refused({.cgroup = "/gone", .action = Action::block}),
              IsError(ErrorKind::not_found, "/gone"));
}

}  // namespace
}  // namespace ownroute::test
