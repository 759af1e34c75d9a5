// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Between policy rules and rtnetlink's messages.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <ownroute/router.hpp>

#include "message.hpp"

namespace ownroute::detail {

/// What FRA_SUPPRESS_PREFIXLEN and FRA_SUPPRESS_IFGROUP are in a rule that suppresses nothing.
inline constexpr std::uint32_t kNoSuppression = 0xffffffff;

Message rule_dump(Family family);
Message rule_add(const Rule &rule);
/// Unless @p by_uid, the kernel isn't told which uids a rule for uids is for, as it lets nobody
/// from another user namespace do: it takes the first that is as @p rule in all else.
Message rule_del(Rule rule, bool by_uid = true);

/// Adds what @p answer, of type RTM_NEWRULE, says to @p routing.
void read_rule(const nlmsghdr &answer, Routing &routing);

}  // namespace ownroute::detail
