// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Between policy rules and rtnetlink's messages.
#pragma once

#include <linux/netlink.h>

#include <ownroute/router.hpp>

#include "message.hpp"

namespace ownroute::detail {

Message rule_dump(Family family);
Message rule_add(const Rule &rule);
Message rule_del(const Rule &rule);

/// Adds what @p answer, of type RTM_NEWRULE, says to @p routing.
void read_rule(const nlmsghdr &answer, Routing &routing);

}  // namespace ownroute::detail
