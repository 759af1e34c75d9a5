// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <ownroute/router.hpp>

#include "fake_kernel.hpp"
#include "route_message.hpp"
#include "rule_message.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const nlmsghdr kNoRequest{};

const nlmsghdr &as_message(const Datagram &datagram) {
  return *reinterpret_cast<const nlmsghdr *>(datagram.data());
}

// Rules

/// "fwmark 0x1111 lookup 200", as the kernel shows it.
Answer rule(fib_rule_hdr header = {.family = AF_INET,
                                   .dst_len = 0,
                                   .src_len = 0,
                                   .tos = 0,
                                   .table = 200,
                                   .res1 = 0,
                                   .res2 = 0,
                                   .action = FR_ACT_TO_TBL,
                                   .flags = 0}) {
  return Answer(kNoRequest, RTM_NEWRULE)
      .raw(header)
      .attribute(FRA_TABLE, 200u)
      .attribute(FRA_SUPPRESS_PREFIXLEN, 0xffffffff)
      .attribute(FRA_PROTOCOL, std::uint8_t{111})
      .attribute(FRA_PRIORITY, 2000u)
      .attribute(FRA_FWMARK, 0x1111u)
      .attribute(FRA_FWMASK, 0xffffffff);
}

Routing read_rule(const Answer &answer) {
  Routing routing;
  detail::read_rule(as_message(answer.bytes()), routing);
  return routing;
}

TEST(ReadRule, ThatLooksAtTheUidAlone) {
  const auto with_uid = [](Answer answer) {
    return answer.attribute(FRA_UID_RANGE, fib_rule_uid_range{.start = 1001, .end = 1010});
  };
  const Routing routing = read_rule(with_uid(Answer(kNoRequest, RTM_NEWRULE)
                                                 .raw(fib_rule_hdr{.family = AF_INET6,
                                                                   .dst_len = 0,
                                                                   .src_len = 0,
                                                                   .tos = 0,
                                                                   .table = 200,
                                                                   .res1 = 0,
                                                                   .res2 = 0,
                                                                   .action = FR_ACT_TO_TBL,
                                                                   .flags = 0})
                                                 .attribute(FRA_PRIORITY, 2001u)));
  EXPECT_THAT(routing.rules, ElementsAre(Rule{.family = Family::ipv6,
                                              .priority = 2001,
                                              .mark = Mark{0, 0},
                                              .table = 200,
                                              .protocol = 0,
                                              .uid = UidRange{1001, 1010}}));
  EXPECT_THAT(routing.marks, IsEmpty());
  // Of one that looks at both there is none of ours.
  EXPECT_THAT(read_rule(with_uid(rule())).rules, IsEmpty());
}

TEST(ReadRule, ThatLooksAtTheMarkAlone) {
  const Routing routing = read_rule(rule());
  EXPECT_THAT(routing.rules, ElementsAre(Rule{Family::ipv4, 2000, Mark{0x1111}, 200, kProtocol}));
  EXPECT_THAT(routing.marks, ElementsAre(Mark{0x1111}));
  EXPECT_THAT(routing.tables, ElementsAre(200));
}

TEST(ReadRule, ThatLooksAtMoreOnlyTakesItsMarkAndTable) {
  fib_rule_hdr inverted{};
  inverted.family = AF_INET;
  inverted.action = FR_ACT_TO_TBL;
  inverted.flags = FIB_RULE_INVERT;
  fib_rule_hdr from_a_network{};
  from_a_network.family = AF_INET;
  from_a_network.action = FR_ACT_TO_TBL;
  from_a_network.src_len = 8;
  fib_rule_hdr blackhole{};
  blackhole.family = AF_INET;
  blackhole.action = FR_ACT_BLACKHOLE;
  const fib_rule_uid_range uids{1001, 1001};
  for (const Answer &answer :
       {rule(inverted), rule(from_a_network), rule(blackhole),
        rule().attribute(FRA_IIFNAME, std::string("eth0")),
        rule().attribute(FRA_OIFNAME, std::string("eth0")), rule().attribute(FRA_UID_RANGE, uids),
        rule().attribute(FRA_IP_PROTO, std::uint8_t{6}), rule().attribute(999, 0u),
        rule().attribute(FRA_SUPPRESS_IFGROUP, 0u)}) {
    const Routing routing = read_rule(answer);
    EXPECT_THAT(routing.rules, IsEmpty());
    EXPECT_THAT(routing.marks, ElementsAre(Mark{0x1111}));
    EXPECT_THAT(routing.tables, ElementsAre(200));
  }
}

TEST(RuleDel, LeavesTheUidsOutWhereTheyCannotBeSaid) {
  const Rule rule{.priority = 2001, .mark = Mark{0, 0}, .table = 200, .uid = UidRange{1001, 1010}};
  Routing routing;
  detail::read_rule(detail::rule_del(rule).header(), routing);
  EXPECT_THAT(routing.rules, ElementsAre(rule));
  routing = {};
  detail::read_rule(detail::rule_del(rule, false).header(), routing);
  EXPECT_THAT(routing.rules, IsEmpty());
  EXPECT_THAT(routing.tables, ElementsAre(200));
}

TEST(ReadRule, WithoutMarkOnlyTakesItsTable) {
  fib_rule_hdr header{};
  header.family = AF_INET6;
  header.table = RT_TABLE_MAIN;
  header.action = FR_ACT_TO_TBL;
  const Routing routing = read_rule(Answer(kNoRequest, RTM_NEWRULE).raw(header));
  EXPECT_THAT(routing.rules, IsEmpty());
  EXPECT_THAT(routing.marks, IsEmpty());
  EXPECT_THAT(routing.tables, ElementsAre(254));
}

// Routes

rtmsg route_header(std::uint8_t family = AF_INET) {
  rtmsg header{};
  header.rtm_family = family;
  header.rtm_table = RT_TABLE_COMPAT;
  header.rtm_protocol = kProtocol;
  header.rtm_type = RTN_UNICAST;
  return header;
}

/// "default dev #5 table 20000 metric 1024"
Answer route(const rtmsg &header) {
  return Answer(kNoRequest, RTM_NEWROUTE)
      .raw(header)
      .attribute(RTA_TABLE, 20000u)
      .attribute(RTA_PRIORITY, 1024u)
      .attribute(RTA_OIF, 5u);
}

std::optional<detail::NumberedRoute> read_route(const Answer &answer) {
  Routing routing;
  auto route = detail::read_route(as_message(answer.bytes()), routing);
  EXPECT_EQ(routing.tables.size(), 1u);
  return route;
}

TEST(ReadRoute, Default) {
  const auto read = read_route(route(route_header()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->ifindex, 5u);
  EXPECT_EQ(read->route, (DefaultRoute{.family = Family::ipv4, .table = 20000, .metric = 1024}));
}

TEST(ReadRoute, KernelsOwnMetricOfIpv6IsNone) {
  EXPECT_EQ(read_route(route(route_header(AF_INET6)))->route.metric, 0u);
}

TEST(ReadRoute, Backstop) {
  rtmsg header = route_header(AF_INET6);
  header.rtm_type = RTN_UNREACHABLE;
  const auto read = read_route(route(header).attribute(RTA_PRIORITY, kBackstopMetric));
  EXPECT_TRUE(read->route.is_backstop());
  EXPECT_EQ(read->ifindex, 0u);
  EXPECT_EQ(read->route.metric, kBackstopMetric);
}

TEST(ReadRoute, OfAKindThatWeNeverMake) {
  rtmsg blackhole = route_header();
  blackhole.rtm_type = RTN_BLACKHOLE;
  rtmsg with_tos = route_header();
  with_tos.rtm_tos = 0x10;
  rtmsg from_a_network = route_header(AF_INET6);
  from_a_network.rtm_src_len = 64;
  for (const Answer &answer : {route(blackhole), route(with_tos), route(from_a_network),
                               route(route_header()).attribute(RTA_PREFSRC, 0x0100000au),
                               route(route_header()).attribute(RTA_MULTIPATH, 0u),
                               route(route_header()).attribute(RTA_NH_ID, 7u)}) {
    const auto read = read_route(answer);
    EXPECT_TRUE(read->route.other_kind);
    EXPECT_FALSE(read->route.is_backstop());
  }
}

TEST(ReadRoute, OthersThanDefaultOnlyTakeTheirTable) {
  rtmsg header = route_header();
  header.rtm_dst_len = 24;
  EXPECT_FALSE(read_route(route(header)));
  EXPECT_FALSE(read_route(route(route_header()).attribute(RTA_TABLE, 254u)));
}

// The router

class RouterTest : public testing::Test {
 protected:
  RouterTest() { kernel_.add_device("tun0"); }

  FakeKernel kernel_;
};

TEST_F(RouterTest, WhatIsAddedIsRead) {
  Router router = kernel_.router();
  std::vector<Rule> rules;
  std::vector<DefaultRoute> routes;
  for (const Family family : kFamilies) {
    rules.push_back({.family = family, .mark = Mark{0x1000000, 0xff000000}, .table = 20000});
    routes.push_back({.family = family, .table = 20000, .dev = "tun0"});
    routes.push_back({.family = family, .table = 20000, .metric = kBackstopMetric});
  }
  routes.push_back(
      {.family = Family::ipv4, .table = 200, .dev = "tun0", .via = Address::parse("10.2.0.254")});
  routes.push_back(
      {.family = Family::ipv6, .table = 200, .dev = "tun0", .via = Address::parse("fd02::254")});
  for (const Rule &rule : rules) {
    router.add(rule);
  }
  for (const DefaultRoute &route : routes) {
    router.add(route);
  }
  const Routing routing = router.routing();
  EXPECT_THAT(routing.rules, testing::UnorderedElementsAreArray(rules));
  EXPECT_THAT(routing.routes, testing::UnorderedElementsAreArray(routes));
  EXPECT_THAT(routing.tables, ElementsAre(200, 20000));
  EXPECT_TRUE(routing.ipv6);
  for (const Rule &rule : rules) {
    router.del(rule);
  }
  for (const DefaultRoute &route : routes) {
    router.del(route);
  }
  EXPECT_EQ(kernel_.world, World());
}

TEST_F(RouterTest, DeletesOnlyTheMetricThatIsMeant) {
  const DefaultRoute mine{.family = Family::ipv6, .table = 200, .dev = "tun0"};
  DefaultRoute other = mine;
  other.metric = 5;
  kernel_.world.routes.insert(other);
  EXPECT_THAT(thrown_by([&] { kernel_.router().del(mine); }),
              IsError(ErrorKind::not_found,
                      "cannot delete the IPv6 route default dev tun0 in "
                      "table 200: No such process"));
  EXPECT_EQ(kernel_.world.routes.size(), 1u);
}

TEST_F(RouterTest, ErrorsSayWhichObject) {
  Router router = kernel_.router();
  const Rule rule{.mark = Mark{0x1111}, .table = 200};
  router.add(rule);
  EXPECT_THAT(thrown_by([&] { router.add(rule); }),
              IsError(ErrorKind::refused,
                      "cannot add the IPv4 rule fwmark 0x1111 lookup 200: File exists"));
  EXPECT_THAT(thrown_by([&] { router.add(DefaultRoute{.table = 200, .dev = "tun9"}); }),
              IsError(ErrorKind::not_found, "cannot find device tun9: No such device"));
}

TEST_F(RouterTest, KernelWithoutIpv6HasNone) {
  kernel_.ipv6 = false;
  kernel_.world.rules.insert({.mark = Mark{0x1111}, .table = 200});
  const Routing routing = kernel_.router().routing();
  EXPECT_FALSE(routing.ipv6);
  EXPECT_EQ(routing.rules.size(), 1u);
}

TEST_F(RouterTest, FindsDevices) {
  kernel_.add_device("down0", false, false);
  Router router = kernel_.router();
  const Device tun0 = router.device("tun0");
  EXPECT_EQ(tun0.name, "tun0");
  EXPECT_EQ(tun0.index, 1u);
  EXPECT_TRUE(tun0.up);
  EXPECT_TRUE(tun0.ipv6);
  const Device down0 = router.device("down0");
  EXPECT_FALSE(down0.up);
  EXPECT_FALSE(down0.ipv6);
  EXPECT_THAT(thrown_by([&] { router.device("tun9"); }),
              IsError(ErrorKind::not_found, "cannot find device 'tun9': No such device"));
}

TEST(Router, DeviceWithoutIpv6SettingsHasNone) {
  Router router(fake([](const nlmsghdr &request) -> Answers {
    return {Answer(request, RTM_NEWLINK)
                .raw(ifinfomsg{})
                .attribute(IFLA_IFNAME, std::string("tun0"))
                .bytes(),
            ack(request)};
  }));
  EXPECT_FALSE(router.device("tun0").ipv6);
}

TEST(Router, RouteWhoseDeviceWentAwayMeanwhileIsGone) {
  Router router(fake([](const nlmsghdr &request) -> Answers {
    if (request.nlmsg_type == RTM_GETLINK) {
      return {ack(request, ENODEV)};
    }
    if (request.nlmsg_type == RTM_GETROUTE) {
      return {Answer(request, RTM_NEWROUTE)
                  .raw(route_header())
                  .attribute(RTA_TABLE, 200u)
                  .attribute(RTA_OIF, 5u)
                  .bytes(),
              done(request)};
    }
    return {done(request)};
  }));
  EXPECT_THAT(router.routing().routes, IsEmpty());
}

TEST_F(RouterTest, KernelsSayInTwoWaysThatAPacketIsNotLetIn) {
  int code = 0;
  Extack extack;
  Router router(fake([&](const nlmsghdr &request) -> Answers {
    if (request.nlmsg_type == RTM_GETLINK) {
      return {Answer(request, RTM_NEWLINK).raw(ifinfomsg{}).bytes(), ack(request)};
    }
    return {ack(request, code, extack)};
  }));
  const auto lets_in = [&] {
    return router.lets_in("tun0", Address::parse("198.51.100.1").value(),
                          Address::parse("10.0.0.1").value(), 0);
  };
  EXPECT_TRUE(lets_in());
  for (const int refusal : {EXDEV, EINVAL}) {
    code = refusal;
    EXPECT_FALSE(lets_in());
  }
  extack.message = "ipv4: Invalid values in header";
  EXPECT_THAT(thrown_by(lets_in), IsError(ErrorKind::refused, "Invalid values in header"));
  code = EPERM;
  EXPECT_THAT(thrown_by(lets_in), IsError(ErrorKind::not_permitted, "tun0"));
}

}  // namespace
}  // namespace ownroute::test
