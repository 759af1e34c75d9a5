// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cerrno>
#include <ownroute/explain.hpp>

#include "fake_kernel.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

Address address(const char *text) {
  return Address::parse(text).value();
}

class Explain : public testing::Test {
 protected:
  Explain() {
    kernel_.add_device("eth0");
    kernel_.add_device("tun0");
    kernel_.ways[0] = {
        .table = 254, .dev = "eth0", .via = address("192.0.2.1"), .source = address("192.0.2.7")};
  }

  Explanation explain(const Owner &owner, const char *to = "198.51.100.1") {
    Client client = kernel_.client();
    Router router = kernel_.router();
    return ownroute::explain(client, router, {.owner = owner, .to = address(to)});
  }

  void add(const Mapping &mapping) { kernel_.client().add(mapping); }

  /// "id: why"
  std::vector<std::string> near(const Owner &owner) {
    std::vector<std::string> words;
    for (const NearMapping &near : explain(owner).near) {
      words.push_back(std::to_string(near.mapping.id) + ": " + near.why);
    }
    return words;
  }

  FakeKernel kernel_;
};

Mapping torrent(std::uint32_t id = 7) {
  return {.id = id, .uid = UidRange{1001, 1001}, .mark = Mark{0x1111}, .table = 200, .dev = "tun0"};
}

TEST_F(Explain, WhoMeetsNothingGoesAsAllDo) {
  const Explanation explanation = explain({.uid = 1001});
  EXPECT_FALSE(explanation.mapping);
  EXPECT_EQ(explanation.mark, 0u);
  EXPECT_EQ(explanation.route.dev, "eth0");
  EXPECT_EQ(explanation.route.table, 254u);
  EXPECT_EQ(explanation.source, address("192.0.2.7"));
  EXPECT_FALSE(explanation.rule);
  EXPECT_THAT(kernel_.asked_uids, ElementsAre(1001, 1001));
}

TEST_F(Explain, FollowsTheMark) {
  add(torrent());
  kernel_.world.rules.insert({.priority = 1000, .mark = Mark{0x2222}, .table = 200});
  kernel_.world.rules.insert({.priority = 1500, .mark = Mark{0x1111}, .table = 100});
  kernel_.world.rules.insert({.priority = 2000, .mark = Mark{0x1111}, .table = 200});
  kernel_.ways[0x1111] = {
      .table = 200, .dev = "tun0", .via = address("10.2.0.254"), .source = address("10.2.0.1")};
  const Explanation explanation = explain({.uid = 1001});
  EXPECT_EQ(explanation.mapping.value().mapping.id, 7u);
  EXPECT_EQ(explanation.mark, 0x1111u);
  EXPECT_EQ(explanation.route.type, "unicast");
  EXPECT_EQ(explanation.route.error, 0);
  EXPECT_EQ(explanation.route.dev, "tun0");
  EXPECT_EQ(explanation.route.via, address("10.2.0.254"));
  EXPECT_EQ(explanation.route.source, address("10.2.0.1"));
  EXPECT_EQ(explanation.rule.value().priority, 2000u);
  EXPECT_EQ(explanation.rule->table, 200u);
  EXPECT_EQ(explanation.rule->action, "lookup");
  // Chosen before the mark.
  EXPECT_EQ(explanation.source, address("192.0.2.7"));
}

TEST_F(Explain, MarkedPacketHasItsUidInIpv6Alone) {
  add(torrent());
  for (const Family family : kFamilies) {
    kernel_.world.rules.insert({.family = family,
                                .priority = 2001,
                                .mark = Mark{0, 0},
                                .table = 200,
                                .uid = UidRange{1001, 1001}});
  }
  kernel_.ways[0x1111] = {.table = 200, .dev = "tun0"};
  const auto asked = [this](const char *to) {
    kernel_.asked_uids.clear();
    const Explanation explanation = explain({.uid = 1001}, to);
    return std::pair(kernel_.asked_uids, explanation.rule.has_value());
  };
  EXPECT_THAT(asked("198.51.100.1"), Pair(ElementsAre(1001, 0), false));
  EXPECT_THAT(asked("2001:db8::1"), Pair(ElementsAre(1001, 1001), true));
}

TEST_F(Explain, BypassedPacketHasItsUid) {
  add({.id = 1, .uid = UidRange{1001, 1001}, .action = Action::bypass});
  explain({.uid = 1001});
  EXPECT_THAT(kernel_.asked_uids, ElementsAre(1001, 1001));
}

TEST_F(Explain, SaysWhatTheGuardDoes) {
  Mapping guarded = torrent();
  guarded.guard = true;
  add(guarded);
  for (const auto &[route, dropped] : {std::pair(Route{.table = 200, .dev = "tun0"}, false),
                                       {Route{.table = 254, .dev = "eth0"}, true},
                                       {Route{.error = EHOSTUNREACH}, false}}) {
    kernel_.ways[0x1111] = route;
    EXPECT_EQ(explain({.uid = 1001}).guarded, dropped) << route.dev;
  }
  EXPECT_FALSE(explain({.uid = 7}).guarded);
}

TEST_F(Explain, GuardSparesTheLan) {
  Mapping guarded = torrent();
  guarded.guard = true;
  guarded.lan = true;
  add(guarded);
  kernel_.world.rules.insert({.priority = 1999, .mark = Mark{0x1111}, .table = 254, .suppress = 1});
  kernel_.ways[0x1111] = {.table = 254, .dev = "eth0"};
  kernel_.prefix_length = 24;
  EXPECT_FALSE(explain({.uid = 1001}).guarded);
  EXPECT_EQ(explain({.uid = 1001}).rule.value().priority, 1999u);
  kernel_.prefix_length = 1;
  EXPECT_TRUE(explain({.uid = 1001}).guarded);
  EXPECT_FALSE(explain({.uid = 1001}).rule);
}

TEST_F(Explain, QuestionsForNamesGoToTheMappingsServer) {
  Mapping mapping = torrent();
  mapping.dev = "tun0";
  mapping.dns = {address("10.2.0.53")};
  add(mapping);
  kernel_.addresses["eth0"] = {address("192.0.2.7"), address("2001:db8::7")};
  kernel_.addresses["tun0"] = {address("fe80::1"), address("10.2.0.1")};
  kernel_.ways[0x1111] = {.table = 200, .dev = "tun0"};
  const auto asked = [&](const char *to, std::uint16_t port) {
    Client client = kernel_.client();
    Router router = kernel_.router();
    return ownroute::explain(client, router,
                             {.owner = {.uid = 1001}, .to = address(to), .port = port});
  };
  EXPECT_EQ(asked("192.0.2.7", 53).redirected, address("10.2.0.53"));
  EXPECT_EQ(asked("192.0.2.7", 53).route.dev, "tun0");
  EXPECT_EQ(asked("192.0.2.7", 53).nat_source, address("10.2.0.1"));
  EXPECT_FALSE(asked("198.51.100.1", 80).redirected);
  EXPECT_FALSE(asked("198.51.100.1", 80).nat_source);
  EXPECT_TRUE(asked("2001:db8::7", 53).dns_refused);
  EXPECT_FALSE(asked("2001:db8::1", 53).dns_refused);
}

TEST_F(Explain, SaysWhatNatMakesOfTheSource) {
  Mapping mapping = torrent();
  mapping.dev = "tun0";
  mapping.source = Source::masquerade;
  add(mapping);
  kernel_.addresses["tun0"] = {address("10.2.0.1"), address("fd02::1")};
  kernel_.ways[0x1111] = {.table = 200, .dev = "tun0"};
  EXPECT_EQ(explain({.uid = 1001}).nat_source, address("10.2.0.1"));
  EXPECT_EQ(explain({.uid = 1001}, "2001:db8::1").nat_source, address("fd02::1"));
  // It leaves by another device: no address is changed.
  kernel_.ways[0x1111] = {.table = 254, .dev = "eth0"};
  EXPECT_FALSE(explain({.uid = 1001}).nat_source);
}

TEST_F(Explain, NamesTheErrorAndTheRule) {
  add(torrent());
  kernel_.world.rules.insert({.mark = Mark{0x1111}, .table = 200});
  for (const auto &[error, type] : {std::pair(EHOSTUNREACH, "unreachable"),
                                    {EINVAL, "blackhole"},
                                    {EACCES, "prohibit"},
                                    {ENETUNREACH, "no route"}}) {
    kernel_.ways[0x1111] = {.error = error};
    const Explanation explanation = explain({.uid = 1001});
    EXPECT_EQ(explanation.route.error, error);
    EXPECT_EQ(explanation.route.type, type);
    EXPECT_EQ(explanation.rule.value().table, 200u);
  }
}

TEST_F(Explain, NamesTheErrorAndTheRuleForTheUid) {
  kernel_.world.rules.insert(
      {.priority = 2001, .mark = Mark{0, 0}, .table = 200, .uid = UidRange{1001, 1001}});
  kernel_.ways[0] = {.error = EHOSTUNREACH};
  EXPECT_EQ(explain({.uid = 1001}).rule.value().table, 200u);
  EXPECT_FALSE(explain({.uid = 1002}).rule);
}

TEST_F(Explain, BlockedPacketGoesNowhere) {
  add({.id = 1, .uid = UidRange{1001, 1001}, .action = Action::block});
  const Explanation explanation = explain({.uid = 1001});
  EXPECT_EQ(explanation.mapping.value().mapping.id, 1u);
  EXPECT_EQ(explanation.route.dev, "");
  EXPECT_FALSE(explanation.source);
}

TEST_F(Explain, BypassedPacketHasNoMark) {
  add({.id = 1, .uid = UidRange{1001, 1001}, .action = Action::bypass});
  add(torrent());
  const Explanation explanation = explain({.uid = 1001});
  EXPECT_EQ(explanation.mark, 0u);
  EXPECT_EQ(explanation.route.dev, "eth0");
}

TEST_F(Explain, OtherErrorsOfTheKernelAreErrors) {
  kernel_.ways[0] = {.error = ENOMEM};
  EXPECT_THAT(thrown_by([&] { explain({.uid = 1001}); }),
              IsError(ErrorKind::refused, "cannot look up the route to 198.51.100.1"));
}

TEST_F(Explain, SaysWhyNearOnesDoNotMatch) {
  add(torrent(2));
  add({.id = 3, .uid = UidRange{1000, 1002}, .mark = Mark{1}});
  const auto with_gid = [](std::uint32_t id, GidRange gid, bool suppl) {
    return Mapping{
        .id = id, .uid = UidRange{1001, 1001}, .gid = gid, .suppl = suppl, .mark = Mark{1}};
  };
  add(with_gid(4, {50, 50}, false));
  add(with_gid(5, {51, 60}, false));
  add(with_gid(6, {51, 60}, true));
  add(with_gid(7, {51, 51}, true));
  add({.id = 8, .uid = UidRange{7, 9}, .gid = GidRange{100, 100}, .mark = Mark{1}});
  add({.id = 9, .uid = UidRange{1001, 1001}, .cgroup = "/x", .cgroup_id = 77, .mark = Mark{1}});
  add({.id = 10, .uid = UidRange{7, 7}, .mark = Mark{1}});
  EXPECT_THAT(
      near({.uid = 1001, .gid = 100, .groups = {50, 61}, .cgroup = "/xy", .cgroup_id = 78}),
      ElementsAre("3: it comes later than mapping 2",
                  "4: gid 100 is not 50, and other groups count with suppl only",
                  "5: gid 100 is not one of 51-60", "6: none of the owner's groups is one of 51-60",
                  "7: gid 51 is not one of the owner's groups", "8: uid 1001 is not one of 7-9",
                  "9: the owner is not in cgroup /x"));
}

TEST_F(Explain, CgroupsBelowMatch) {
  add({.id = 1, .cgroup = "/x", .cgroup_id = 77, .mark = Mark{1}});
  add({.id = 2, .cgroup = "/", .cgroup_id = 1, .mark = Mark{1}});
  EXPECT_THAT(near({.cgroup = "/x", .cgroup_id = 77}),
              ElementsAre("2: it comes later than mapping 1"));
}

TEST_F(Explain, KernelSocketsAreSaid) {
  add({.id = 1, .uid = UidRange{0, 0}, .mark = Mark{1}});
  EXPECT_THAT(near({.uid = 0, .kernel = true}), ElementsAre("1: it doesn't match kernel sockets"));
}

TEST_F(Explain, ShowsTenAtMost) {
  for (std::uint32_t id = 1; id <= 20; ++id) {
    add(torrent(id));
  }
  EXPECT_THAT(explain({.uid = 1001}).near, SizeIs(10));
  EXPECT_THAT(explain({.uid = 1002}).near, IsEmpty());
}

}  // namespace
}  // namespace ownroute::test
