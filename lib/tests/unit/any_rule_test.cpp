// SPDX-License-Identifier: LGPL-2.1-or-later
#include "any_rule.hpp"

#include <gtest/gtest.h>
#include <linux/fib_rules.h>
#include <netinet/in.h>

#include <array>
#include <functional>

#include "answer.hpp"

namespace ownroute::test {
namespace {

const RouteQuestion kQuestion{.to = Address::parse("10.2.3.4").value(),
                              .mark = 0x1111,
                              .uid = 1001,
                              .protocol = IPPROTO_TCP,
                              .port = 443};

AnyRule rule_with(std::uint8_t action, std::uint8_t dst_len, std::uint32_t flags,
                  const std::function<void(Answer &)> &attributes = {}) {
  fib_rule_hdr header{};
  header.action = action;
  header.dst_len = dst_len;
  header.flags = flags;
  header.table = 254;
  Answer answer({}, 0);
  answer.raw(header);
  if (attributes) {
    attributes(answer);
  }
  const Datagram bytes = answer.bytes();
  return detail::read_any_rule(*reinterpret_cast<const nlmsghdr *>(bytes.data()));
}

TEST(AnyRule, EverythingThatItLooksAtCounts) {
  const auto is_for = [](const AnyRule &rule) { return detail::is_for(rule, kQuestion); };
  const auto with = [](unsigned type, auto value) {
    return [=](Answer &answer) { answer.attribute(type, value); };
  };
  EXPECT_TRUE(is_for(rule_with(FR_ACT_TO_TBL, 0, 0)));
  EXPECT_EQ(rule_with(FR_ACT_TO_TBL, 0, 0).table, 254u);
  EXPECT_FALSE(is_for(rule_with(FR_ACT_TO_TBL, 0, FIB_RULE_INVERT)));
  EXPECT_EQ(rule_with(FR_ACT_UNREACHABLE, 0, 0).action, "unreachable");
  EXPECT_EQ(rule_with(FR_ACT_UNREACHABLE, 0, 0).table, 0u);
  const auto mark = [](std::uint32_t value, std::uint32_t mask) {
    return [=](Answer &answer) { answer.attribute(FRA_FWMARK, value).attribute(FRA_FWMASK, mask); };
  };
  EXPECT_TRUE(is_for(rule_with(FR_ACT_TO_TBL, 0, 0, mark(0x11, 0xff))));
  EXPECT_FALSE(is_for(rule_with(FR_ACT_TO_TBL, 0, 0, mark(0x12, 0xff))));
  EXPECT_TRUE(is_for(rule_with(FR_ACT_TO_TBL, 0, FIB_RULE_INVERT, mark(0x12, 0xff))));
  using Uids = fib_rule_uid_range;
  EXPECT_TRUE(is_for(rule_with(FR_ACT_TO_TBL, 0, 0, with(FRA_UID_RANGE, Uids{1000, 1001}))));
  EXPECT_FALSE(is_for(rule_with(FR_ACT_TO_TBL, 0, 0, with(FRA_UID_RANGE, Uids{1002, 1003}))));
  using Bytes = std::array<std::uint8_t, 4>;
  EXPECT_TRUE(is_for(rule_with(FR_ACT_TO_TBL, 15, 0, with(FRA_DST, Bytes{10, 3, 0, 0}))));
  EXPECT_FALSE(is_for(rule_with(FR_ACT_TO_TBL, 16, 0, with(FRA_DST, Bytes{10, 3, 0, 0}))));
  EXPECT_TRUE(
      is_for(rule_with(FR_ACT_TO_TBL, 0, 0, with(FRA_IP_PROTO, std::uint8_t{IPPROTO_TCP}))));
  EXPECT_FALSE(
      is_for(rule_with(FR_ACT_TO_TBL, 0, 0, with(FRA_IP_PROTO, std::uint8_t{IPPROTO_UDP}))));
  using Ports = fib_rule_port_range;
  EXPECT_TRUE(is_for(rule_with(FR_ACT_TO_TBL, 0, 0, with(FRA_DPORT_RANGE, Ports{443, 443}))));
  EXPECT_FALSE(is_for(rule_with(FR_ACT_TO_TBL, 0, 0, with(FRA_DPORT_RANGE, Ports{80, 442}))));
}

TEST(AnyRule, WhatIsNotKnownIsSaid) {
  EXPECT_FALSE(rule_with(FR_ACT_TO_TBL, 0, 0).other);
  EXPECT_TRUE(rule_with(FR_ACT_TO_TBL, 0, 0, [](Answer &answer) {
                answer.attribute(FRA_OIFNAME, std::string("tun0"));
              }).other);
}

}  // namespace
}  // namespace ownroute::test
