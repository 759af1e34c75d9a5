// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print_explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "samples.hpp"

namespace ownroute::cli {
namespace {

using testing::HasSubstr;

const Owner kOwner{.uid = 1001, .gid = 100, .groups = {27, 44}, .cgroup = "/a b", .cgroup_id = 9};

Explanation by_the_tunnel() {
  Mapping near = one_liner();
  near.id = 2;
  near.gid = GidRange{5, 5};
  return {
      .mapping = KernelMapping{one_liner(), {}},
      .near = {{near, "gid 100 is not 5"}},
      .mark = 0x1111,
      .source = Address::parse("10.2.0.1"),
      .route = {.type = "unicast",
                .table = 200,
                .dev = "tun0",
                .via = Address::parse("10.2.0.254")},
      .rule = AnyRule{
          .priority = 2000, .action = "lookup", .table = 200, .mark = Mark{0x1111, 0xffffffff}}};
}

std::string explained(const Owner &owner, const Explanation &explanation, bool json = false) {
  const auto name = [](std::uint32_t table) { return table == 200 ? "vpn" : ""; };
  return printed(
      [&](std::ostream &out) { print_explanation(out, owner, explanation, name, json); });
}

TEST(PrintExplanation, PrintsOneStepALine) {
  EXPECT_EQ(explained(kOwner, by_the_tunnel()),
            "owner    uid 1001 gid 100 groups 27,44 cgroup '/a b'\n"
            "not      id 2 priority 1000 uid 1001 gid 5 mark 0x1111 table vpn dev tun0:"
            " gid 100 is not 5\n"
            "mapping  id 1 priority 1000 uid 1001 mark 0x1111 table vpn dev tun0\n"
            "mark     0x1111\n"
            "rule     priority 2000 fwmark 0x1111 lookup 200\n"
            "table    200 (vpn)\n"
            "route    unicast via 10.2.0.254 dev tun0\n"
            "source   10.2.0.1\n");
}

TEST(PrintExplanation, PrintsJson) {
  EXPECT_EQ(explained(kOwner, by_the_tunnel(), true),
            R"([{"owner":{"uid":1001,"gid":100,"groups":[27,44],"cgroup":"/a b","cgroup_id":9},)"
            R"("near":[{"id":2,"priority":1000,"uid":1001,"gid":5,"action":"mark","mark":4369,)"
            R"("mask":4294967295,"table":200,"table_name":"vpn","dev":"tun0",)"
            R"("why":"gid 100 is not 5"}],)"
            R"("mapping":{"id":1,"priority":1000,"uid":1001,"action":"mark","mark":4369,)"
            R"("mask":4294967295,"table":200,"table_name":"vpn","dev":"tun0"},"mark":4369,)"
            R"("rule":{"priority":2000,"mark":4369,"mask":4294967295,"action":"lookup",)"
            R"("table":200},"table":200,"table_name":"vpn",)"
            R"("route":{"type":"unicast","dev":"tun0","via":"10.2.0.254"},"source":"10.2.0.1"}])"
            "\n");
}

TEST(PrintExplanation, PrintsTheUidsOfARule) {
  Explanation explanation = by_the_tunnel();
  explanation.rule->mark.reset();
  explanation.rule->uid = UidRange{1001, 1001};
  EXPECT_THAT(explained(kOwner, explanation, true),
              HasSubstr(R"("rule":{"priority":2000,"uid":1001,"action":"lookup","table":200})"));
  explanation.rule->uid = UidRange{1001, 1010};
  EXPECT_THAT(explained(kOwner, explanation), HasSubstr("uidrange 1001-1010 lookup 200\n"));
  EXPECT_THAT(explained(kOwner, explanation, true), HasSubstr(R"("uid":"1001-1010","action")"));
}

TEST(PrintExplanation, SaysThatPacketsAloneAreMarked) {
  Explanation nostamp = by_the_tunnel();
  nostamp.mapping->mapping.nostamp = true;
  EXPECT_THAT(explained(kOwner, nostamp),
              HasSubstr("table vpn dev tun0 nostamp\nmark     0x1111, on packets alone\n"));
  EXPECT_THAT(explained(kOwner, nostamp, true),
              HasSubstr(R"("dev":"tun0","nostamp":true},"mark")"));
}

TEST(PrintExplanation, SaysWhatTheGuardDoes) {
  Explanation guarded = by_the_tunnel();
  guarded.mapping->mapping.guard = true;
  EXPECT_THAT(explained(kOwner, guarded), HasSubstr("dev tun0\nguard    passes\nsource"));
  EXPECT_THAT(explained(kOwner, guarded, true), HasSubstr(R"("guarded":false,"source")"));
  guarded.guarded = true;
  EXPECT_THAT(explained(kOwner, guarded),
              HasSubstr("\nguard    drops the packet, it isn't leaving by tun0\n"));
  EXPECT_THAT(explained(kOwner, guarded, true), HasSubstr(R"("guarded":true)"));
}

TEST(PrintExplanation, SaysWhatNatChanges) {
  Explanation changed = by_the_tunnel();
  changed.redirected = Address::parse("10.2.0.53");
  changed.nat_source = Address::parse("10.2.0.2");
  EXPECT_THAT(explained(kOwner, changed), HasSubstr("\nto       10.2.0.53, by dns\nmark"));
  EXPECT_THAT(explained(kOwner, changed), HasSubstr("source   10.2.0.1, then 10.2.0.2 by NAT\n"));
  EXPECT_THAT(explained(kOwner, changed, true), HasSubstr(R"("redirected":"10.2.0.53","mark")"));
  EXPECT_THAT(explained(kOwner, changed, true), HasSubstr(R"("nat_source":"10.2.0.2")"));
  changed.dns_refused = true;
  EXPECT_THAT(explained(kOwner, changed),
              HasSubstr("\nroute    none, the mapping has no name server of this family\n"));
  EXPECT_THAT(explained(kOwner, changed, true), HasSubstr(R"("dns_refused":true})"));
}

TEST(PrintExplanation, SaysTheLengthThatARuleSuppresses) {
  Explanation explanation = by_the_tunnel();
  explanation.rule->suppress = 1;
  EXPECT_THAT(explained(kOwner, explanation), HasSubstr("lookup 200 suppress_prefixlength 1\n"));
  EXPECT_THAT(explained(kOwner, explanation, true), HasSubstr(R"("suppress_prefixlength":1)"));
}

TEST(PrintExplanation, SaysWhatThereIsNot) {
  const Explanation nothing{.route = {.error = EHOSTUNREACH, .type = "unreachable"}};
  EXPECT_EQ(explained({.uid = 7}, nothing),
            "owner    uid 7\n"
            "mapping  none\n"
            "mark     0x0\n"
            "rule     none\n"
            "table    none\n"
            "route    unreachable, senders get \"No route to host\"\n"
            "source   none, there is no way before the packet has its mark\n");
  EXPECT_EQ(explained({.uid = 7}, nothing, true),
            R"([{"owner":{"uid":7},"near":[],"mark":0,"route":{"type":"unreachable","error":113}}])"
            "\n");
}

TEST(PrintExplanation, EndsWhereThePacketIsBlocked) {
  Mapping block;
  block.id = 3;
  block.uid = UidRange{7, 7};
  block.action = Action::block;
  const Explanation blocked{.mapping = KernelMapping{block, {}}};
  EXPECT_EQ(explained({.uid = 7, .kernel = true}, blocked),
            "owner    uid 7 kernel\n"
            "mapping  id 3 priority 1000 uid 7 block\n"
            "route    none, the mapping blocks the packet\n");
  EXPECT_EQ(explained({.uid = 7}, blocked, true),
            R"([{"owner":{"uid":7},"near":[],)"
            R"("mapping":{"id":3,"priority":1000,"uid":7,"action":"block"}}])"
            "\n");
}

TEST(PrintExplanation, SaysAllThatARuleLooksAt) {
  Explanation explanation = by_the_tunnel();
  explanation.rule = AnyRule{.priority = 5,
                             .action = "prohibit",
                             .uid = UidRange{1, 2},
                             .to = Address::parse("10.0.0.0"),
                             .to_length = 8,
                             .ip_protocol = 6,
                             .ports = {{80, 81}},
                             .inverted = true,
                             .other = true};
  EXPECT_NE(explained(kOwner, explanation)
                .find("rule     priority 5 not to 10.0.0.0/8 uidrange 1-2 ipproto 6 dport 80-81 ..."
                      " prohibit\n"),
            std::string::npos);
}

}  // namespace
}  // namespace ownroute::cli
