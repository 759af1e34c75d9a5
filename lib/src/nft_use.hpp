// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What rules of nftables do with marks and conntrack.
#pragma once

#include <linux/netlink.h>

#include <string>

#include "filter_use.hpp"
#include "message.hpp"

namespace ownroute::detail {

/// All rules of all families.
Message nft_rule_dump();

struct NftRule {
  /// "inet filter output": the words of nft(8) for family, table and chain.
  std::string chain = {};
  FilterUse use = {};
};

/// @p answer is of type NFT_MSG_NEWRULE. What it does with marks by sets and maps isn't known but
/// for masks.
NftRule read_nft_rule(const nlmsghdr &answer);

}  // namespace ownroute::detail
