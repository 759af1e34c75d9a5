// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Between default routes and rtnetlink's messages.
#pragma once

#include <linux/netlink.h>

#include <optional>
#include <ownroute/router.hpp>

#include "message.hpp"

namespace ownroute::detail {

/// What the kernel takes where an IPv6 route is given no metric (IP6_RT_PRIO_USER).
inline constexpr std::uint32_t kIpv6Metric = 1024;

Message route_dump(Family family);
/// @p ifindex is that of the route's device, 0 if it names none.
Message route_add(const DefaultRoute &route, unsigned ifindex);
Message route_del(const DefaultRoute &route, unsigned ifindex);

/// A default route whose device is known by number as yet.
struct NumberedRoute {
  DefaultRoute route;
  /// 0 if it has no device.
  unsigned ifindex;
};

/// Notes the table of @p answer, of type RTM_NEWROUTE, in @p routing; the route itself is returned
/// if it is a default route that concerns us.
std::optional<NumberedRoute> read_route(const nlmsghdr &answer, Routing &routing);

}  // namespace ownroute::detail
