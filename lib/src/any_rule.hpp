// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Policy rules of any kind, as far as a packet of this host meets them.
#pragma once

#include <linux/netlink.h>

#include <ownroute/router.hpp>

namespace ownroute::detail {

/// @p answer is of type RTM_NEWRULE.
AnyRule read_any_rule(const nlmsghdr &answer);

/// Whether @p rule, as far as it is known, is for the packet of @p question.
bool is_for(const AnyRule &rule, const RouteQuestion &question);

}  // namespace ownroute::detail
