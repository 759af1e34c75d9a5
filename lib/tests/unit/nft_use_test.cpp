// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nft_use.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_connmark.h>
#include <linux/netfilter/xt_mark.h>

#include "nft_rule.hpp"

namespace ownroute::test {
namespace {

using detail::MarkUse;
using detail::Untracked;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t kWhole = 0xffffffff;

detail::FilterUse use(const std::vector<Expression> &expressions) {
  const Datagram bytes = nft_rule({}, expressions);
  return detail::read_nft_rule(*reinterpret_cast<const nlmsghdr *>(bytes.data())).use;
}

std::vector<MarkUse> uses(const std::vector<Expression> &expressions) {
  return use(expressions).marks;
}

MarkUse looks_at(std::uint32_t bits, bool of_connection = false) {
  return {.bits = bits, .of_connection = of_connection};
}
MarkUse changes(std::uint32_t bits, bool of_connection = false) {
  return {.bits = bits, .changes = true, .of_connection = of_connection};
}

TEST(NftUse, NamesTheChain) {
  for (const auto &[family, name] : {std::pair<std::uint8_t, const char *>{1, "inet"},
                                     {2, "ip"},
                                     {10, "ip6"},
                                     {5, "netdev"},
                                     {77, "family 77"}}) {
    const Datagram bytes = nft_rule({}, {}, family);
    EXPECT_EQ(detail::read_nft_rule(*reinterpret_cast<const nlmsghdr *>(bytes.data())).chain,
              std::string(name) + " filter output");
  }
}

TEST(NftUse, ComparisonsLookAtBits) {
  EXPECT_THAT(uses({load_mark(), compare(0x11)}), ElementsAre(looks_at(0x11)));
  EXPECT_THAT(uses({load_mark(), bitwise(0xff00, 0), compare(0x100)}),
              ElementsAre(looks_at(0xff00)));
  EXPECT_THAT(uses({load_mark(), bitwise(kWhole, 0x3), compare(0x1)}), ElementsAre(looks_at(0x2)));
  EXPECT_THAT(uses({load_ct_mark(), compare(0x11)}), ElementsAre(looks_at(0x11, true)));
  EXPECT_THAT(uses({load_mark(), compare(0)}), IsEmpty());
}

TEST(NftUse, SetsAndRangesAreKnownByTheirMask) {
  const Expression lookup{"lookup", Nest().number(NFTA_LOOKUP_SREG, NFT_REG_1)};
  const Expression range{"range", Nest().number(NFTA_RANGE_SREG, NFT_REG_1)};
  EXPECT_THAT(uses({load_mark(), bitwise(0xff, 0), lookup}), ElementsAre(looks_at(0xff)));
  EXPECT_THAT(uses({load_mark(), bitwise(0xff, 0), range}), ElementsAre(looks_at(0xff)));
  EXPECT_THAT(uses({load_mark(), lookup}), IsEmpty());
}

TEST(NftUse, WhatIsSetMayBeAPart) {
  EXPECT_THAT(uses({immediate(1), set_mark()}), ElementsAre(changes(kWhole)));
  EXPECT_THAT(uses({load_mark(), bitwise(~0xff0u, 0x10), set_mark()}), ElementsAre(changes(0xff0)));
  EXPECT_THAT(uses({load_mark(), bitwise(~0x1u, 0x1), bitwise(~0x2u, 0x2), set_mark()}),
              ElementsAre(changes(0x3)));
  EXPECT_THAT(uses({load_mark(), bitwise(~0x1u, 0), bitwise(~0x2u, 0), set_mark()}),
              ElementsAre(changes(0x3)));
  EXPECT_THAT(uses({load_mark(), bitwise(kWhole, 0x3), set_mark()}), ElementsAre(changes(0x3)));
  EXPECT_THAT(uses({load_mark(), set_ct_mark()}), ElementsAre(changes(kWhole, true)));
  EXPECT_THAT(uses({load_ct_mark(), bitwise(0xff, 0), set_mark()}), ElementsAre(changes(kWhole)));
  EXPECT_THAT(uses({load_ct_mark(), bitwise(~0xffu, 0x1), set_ct_mark()}),
              ElementsAre(changes(0xff, true)));
}

TEST(NftUse, RegistersAreFollowed) {
  const Expression other{
      "meta", Nest().number(NFTA_META_KEY, NFT_META_OIF).number(NFTA_META_DREG, NFT_REG_1)};
  EXPECT_THAT(uses({load_mark(), other, compare(0x11)}), IsEmpty());
  EXPECT_THAT(uses({load_mark(), {"payload", Nest()}, compare(0x11)}), IsEmpty());
  EXPECT_THAT(uses({load_mark(), compare(0x11, NFT_REG_2)}), IsEmpty());
  // Two names of one.
  EXPECT_THAT(uses({load_mark(NFT_REG_2), compare(0x11, NFT_REG32_04)}),
              ElementsAre(looks_at(0x11)));
  EXPECT_THAT(uses({load_mark(NFT_REG32_01), compare(0x11, NFT_REG32_01)}),
              ElementsAre(looks_at(0x11)));
  const Expression shift{"bitwise", Nest()
                                        .number(NFTA_BITWISE_SREG, NFT_REG_1)
                                        .number(NFTA_BITWISE_DREG, NFT_REG_1)
                                        .number(NFTA_BITWISE_OP, NFT_BITWISE_LSHIFT)
                                        .data(NFTA_BITWISE_DATA, 8)};
  EXPECT_THAT(uses({load_mark(), shift, compare(0x11)}), IsEmpty());
  EXPECT_THAT(uses({load_mark(), shift, set_mark()}), ElementsAre(changes(kWhole)));
}

template <typename Info>
Expression target(const char *name, std::uint32_t revision, const Info &info) {
  return {"target", Nest()
                        .text(NFTA_TARGET_NAME, name)
                        .number(NFTA_TARGET_REV, revision)
                        .raw(NFTA_TARGET_INFO, info)};
}

Expression match(const char *name, std::uint32_t revision, const xt_mark_mtinfo1 &info) {
  return {"match", Nest()
                       .text(NFTA_MATCH_NAME, name)
                       .number(NFTA_MATCH_REV, revision)
                       .raw(NFTA_MATCH_INFO, info)};
}

TEST(NftUse, IptablesHasMatchesAndTargets) {
  EXPECT_THAT(uses({match("mark", 1, {.mark = 1, .mask = 0xf, .invert = 1})}),
              ElementsAre(looks_at(0xf)));
  EXPECT_THAT(uses({match("connmark", 1, {.mark = 1, .mask = kWhole, .invert = 0})}),
              ElementsAre(looks_at(0x1, true)));
  EXPECT_THAT(uses({match("comment", 1, {.mark = 1, .mask = 1, .invert = 0})}), IsEmpty());
  EXPECT_THAT(uses({match("mark", 7, {.mark = 1, .mask = 1, .invert = 0})}), IsEmpty());
  EXPECT_THAT(uses({target("MARK", 2, xt_mark_tginfo2{.mark = 0x11, .mask = 0xf0})}),
              ElementsAre(changes(0xf1)));
  const auto connmark = [](std::uint8_t mode) {
    return xt_connmark_tginfo1{.ctmark = 0x1, .ctmask = 0xf0, .nfmask = 0xf00, .mode = mode};
  };
  EXPECT_THAT(uses({target("CONNMARK", 1, connmark(XT_CONNMARK_SET))}),
              ElementsAre(changes(0xf1, true)));
  EXPECT_THAT(uses({target("CONNMARK", 1, connmark(XT_CONNMARK_SAVE))}),
              ElementsAre(changes(0xff0, true)));
  EXPECT_THAT(uses({target("CONNMARK", 1, connmark(XT_CONNMARK_RESTORE))}),
              ElementsAre(changes(0xff0)));
  EXPECT_THAT(uses({target("CONNMARK", 2,
                           xt_connmark_tginfo2{.ctmark = 0x1,
                                               .ctmask = 0xf0,
                                               .nfmask = 0,
                                               .shift_dir = 0,
                                               .shift_bits = 2,
                                               .mode = XT_CONNMARK_SET})}),
              ElementsAre(changes(0xf1, true)));
}

const Expression kCounter{"counter", Nest()};
const Expression kNotrack{"notrack", Nest()};

TEST(NftUse, ConnectionsMayNotBeTracked) {
  EXPECT_EQ(use({load_mark(), compare(1)}).untracked, Untracked::none);
  EXPECT_EQ(use({kNotrack}).untracked, Untracked::all);
  EXPECT_EQ(use({kCounter, {"log", Nest()}, kNotrack}).untracked, Untracked::all);
  EXPECT_EQ(use({load_mark(), compare(1), kCounter, kNotrack}).untracked, Untracked::some);
}

TEST(NftUse, IptablesHasTwoTargetsForThat) {
  const auto ct = [](std::uint16_t flags) {
    xt_ct_target_info_v1 info{};
    info.flags = flags;
    return target("CT", 2, info);
  };
  EXPECT_EQ(use({kCounter, target("NOTRACK", 0, 0)}).untracked, Untracked::all);
  EXPECT_EQ(use({kCounter, ct(XT_CT_NOTRACK)}).untracked, Untracked::all);
  EXPECT_EQ(use({ct(XT_CT_NOTRACK | XT_CT_NOTRACK_ALIAS)}).untracked, Untracked::all);
  EXPECT_EQ(
      use({match("mark", 1, {.mark = 1, .mask = 1, .invert = 0}), ct(XT_CT_NOTRACK)}).untracked,
      Untracked::some);
  EXPECT_EQ(use({ct(XT_CT_ZONE_MARK)}).untracked, Untracked::none);
}

}  // namespace
}  // namespace ownroute::test
