// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Between questions for a route and rtnetlink's messages.
#pragma once

#include <linux/netlink.h>

#include <ownroute/error.hpp>
#include <ownroute/router.hpp>

#include "message.hpp"

namespace ownroute::detail {

Message route_get(const RouteQuestion &question);
/// Asks for the route as it is in its table.
Message route_match(const RouteQuestion &question);
unsigned read_prefix_length(const nlmsghdr &answer);
/// Of a packet that comes in by the device @p ifindex.
Message input_route_get(unsigned ifindex, const Address &from, const Address &to,
                        std::uint32_t mark);

/// A route whose device is known by number as yet, 0 if it has none.
struct FoundRoute {
  Route route;
  unsigned ifindex = 0;
};

/// @p answer is of type RTM_NEWROUTE.
FoundRoute read_found_route(const nlmsghdr &answer);

/// What @p error, that a question was answered with, says of the way; none if it says nothing of
/// it.
std::optional<Route> no_way(const Error &error);

}  // namespace ownroute::detail
