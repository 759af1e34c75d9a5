// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cerrno>
#include <ownroute/router.hpp>

#include "namespace.hpp"
#include "thrown.hpp"

namespace ownroute::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAreArray;

class KernelRouter : public InNamespace {};

TEST_F(KernelRouter, NewNamespaceHasTheKernelsOwnTables) {
  const Routing routing = Router().routing();
  EXPECT_THAT(routing.rules, IsEmpty());
  EXPECT_THAT(routing.routes, IsEmpty());
  EXPECT_THAT(routing.marks, IsEmpty());
  EXPECT_THAT(routing.tables, testing::IsSupersetOf({253, 254, 255}));
  EXPECT_TRUE(routing.ipv6);
}

TEST_F(KernelRouter, WhatIsAddedIsReadAndDeleted) {
  add_address("tun0", "10.2.0.1/24");
  add_address("tun0", "fd02::1/64");
  const std::string before = this->routing();
  std::vector<Rule> rules;
  std::vector<DefaultRoute> routes;
  for (const Family family : kFamilies) {
    rules.push_back({.family = family, .mark = Mark{0x1000000, 0xff000000}, .table = 20000});
    rules.push_back({.family = family, .mark = Mark{0x1111}, .table = 200});
    rules.push_back({.family = family,
                     .priority = kSourceRulePriority,
                     .mark = Mark{0, 0},
                     .table = 200,
                     .uid = UidRange{1001, kMaxUid}});
    routes.push_back({.family = family, .table = 20000, .dev = "tun0"});
    routes.push_back({.family = family, .table = 20000, .metric = kBackstopMetric});
  }
  routes.push_back({.table = 200, .dev = "tun0", .via = Address::parse("10.2.0.254")});
  routes.push_back(
      {.family = Family::ipv6, .table = 200, .dev = "tun0", .via = Address::parse("fd02::254")});
  Router router;
  std::ranges::for_each(rules, [&](const Rule &rule) { router.add(rule); });
  std::ranges::for_each(routes, [&](const DefaultRoute &route) { router.add(route); });
  const Routing routing = router.routing();
  EXPECT_THAT(routing.rules, UnorderedElementsAreArray(rules));
  EXPECT_THAT(routing.routes, UnorderedElementsAreArray(routes));
  EXPECT_THAT(routing.tables, testing::IsSupersetOf({200, 20000}));
  EXPECT_NE(this->routing(), before);
  std::ranges::for_each(rules, [&](const Rule &rule) { router.del(rule); });
  std::ranges::for_each(routes, [&](const DefaultRoute &route) { router.del(route); });
  EXPECT_EQ(this->routing(), before);
}

TEST_F(KernelRouter, GatewayAloneFindsItsDevice) {
  add_address("tun1", "10.2.0.1/24");
  Router router;
  DefaultRoute route{.table = 200, .via = Address::parse("10.2.0.254")};
  router.add(route);
  route.dev = "tun1";
  EXPECT_THAT(router.routing().routes, ElementsAre(route));
  route.dev = "";
  router.del(route);
  EXPECT_THAT(router.routing().routes, IsEmpty());
}

TEST_F(KernelRouter, TwiceTheSameIsRefused) {
  Router router;
  const Rule rule{.mark = Mark{0x1111}, .table = 200};
  const DefaultRoute route{.family = Family::ipv6, .table = 200, .dev = "tun0"};
  router.add(rule);
  router.add(route);
  EXPECT_EQ(thrown_by([&] { router.add(rule); }).code(), EEXIST);
  EXPECT_EQ(thrown_by([&] { router.add(route); }).code(), EEXIST);
}

TEST_F(KernelRouter, WhatIsNotThereIsNotFound) {
  Router router;
  EXPECT_EQ(thrown_by([&] { router.del(Rule{.mark = Mark{0x1111}, .table = 200}); }).kind(),
            ErrorKind::not_found);
  for (const Family family : kFamilies) {
    EXPECT_EQ(thrown_by([&] {
                router.del(DefaultRoute{.family = family, .table = 200, .dev = "tun0"});
              }).kind(),
              ErrorKind::not_found);
  }
  EXPECT_THAT(thrown_by([&] { router.add(DefaultRoute{.table = 200, .dev = "tun9"}); }),
              IsError(ErrorKind::not_found, "device tun9"));
}

TEST_F(KernelRouter, DeletesOnlyItsOwn) {
  Router router;
  for (const Family family : kFamilies) {
    // Another's, and one of another metric.
    router.add(Rule{.family = family, .mark = Mark{0x1111}, .table = 200, .protocol = 3});
    router.add(DefaultRoute{.family = family, .table = 200, .dev = "tun0", .protocol = 3});
    router.add(DefaultRoute{.family = family, .table = 300, .dev = "tun0", .metric = 5});
  }
  const std::string before = this->routing();
  for (const Family family : kFamilies) {
    EXPECT_THROW(router.del(Rule{.family = family, .mark = Mark{0x1111}, .table = 200}), Error);
    EXPECT_THROW(router.del(DefaultRoute{.family = family, .table = 200, .dev = "tun0"}), Error);
    EXPECT_THROW(router.del(DefaultRoute{
                     .family = family, .table = 300, .dev = "tun0", .metric = kBackstopMetric}),
                 Error);
  }
  EXPECT_THROW(router.del(DefaultRoute{.family = Family::ipv6, .table = 300, .dev = "tun0"}),
               Error);
  EXPECT_EQ(this->routing(), before);
}

TEST_F(KernelRouter, RuleThatLooksAtMoreOnlyTakesItsMark) {
  add_rule_with_device(0x1111, 300, "tun0");
  const Routing routing = Router().routing();
  EXPECT_THAT(routing.rules, IsEmpty());
  EXPECT_THAT(routing.marks, ElementsAre(Mark{0x1111}));
  EXPECT_THAT(routing.tables, Contains(300));
}

TEST_F(KernelRouter, ErrorsHaveTheKernelsWordsAndAttribute) {
  Router router;
  const Error error = thrown_by(
      [&] { router.add(DefaultRoute{.table = 200, .via = Address::parse("10.99.0.1")}); });
  EXPECT_EQ(error.kind(), ErrorKind::refused);
  EXPECT_EQ(error.code(), ENETUNREACH);
  EXPECT_EQ(error.extack(), "Nexthop has invalid gateway");
  EXPECT_STREQ(error.what(),
               "cannot add the IPv4 route default via 10.99.0.1 in table 200: "
               "Nexthop has invalid gateway");
}

TEST_F(KernelRouter, DeviceTellsWhatItCanDo) {
  Router router;
  EXPECT_TRUE(router.device("tun0").up);
  EXPECT_TRUE(router.device("tun0").ipv6);
  EXPECT_EQ(router.device("tun0").name, "tun0");
  set_up("tun0", false);
  EXPECT_FALSE(router.device("tun0").up);
  set_sysctl("ipv6/conf/tun1/disable_ipv6", "1");
  EXPECT_FALSE(router.device("tun1").ipv6);
  set_sysctl("ipv6/conf/tun1/disable_ipv6", "0");
  EXPECT_TRUE(router.device("tun1").ipv6);
  set_mtu("tun1", 1000);
  EXPECT_FALSE(router.device("tun1").ipv6);
  EXPECT_THAT(thrown_by([&] { router.device("tun9"); }),
              IsError(ErrorKind::not_found, "device 'tun9'"));
}

TEST_F(KernelRouter, BackstopNeedsNoIpv6OnAnyDevice) {
  set_sysctl("ipv6/conf/all/disable_ipv6", "1");
  Router router;
  const DefaultRoute backstop{.family = Family::ipv6, .table = 200, .metric = kBackstopMetric};
  router.add(backstop);
  EXPECT_THAT(router.routing().routes, ElementsAre(backstop));
}

TEST_F(KernelRouter, SpeaksToAnotherNamespace) {
  const Netns other = make_namespace();
  const std::string before = this->routing();
  Router router(other);
  router.add(Rule{.mark = Mark{0x1111}, .table = 200});
  EXPECT_EQ(router.routing().rules.size(), 1u);
  EXPECT_EQ(this->routing(), before);
  EXPECT_THAT(Router().routing().rules, IsEmpty());
}

TEST_F(KernelRouter, ManyRulesComeInManyDatagrams) {
  Router router;
  constexpr std::uint32_t kMany = 2000;
  for (std::uint32_t mark = 1; mark <= kMany; ++mark) {
    router.add(Rule{.mark = Mark{mark}, .table = 200});
  }
  EXPECT_EQ(router.routing().rules.size(), kMany);
}

}  // namespace
}  // namespace ownroute::test
