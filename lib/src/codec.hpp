// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Between plain data and the family's attributes.
#pragma once

#include <linux/netlink.h>

#include <ownroute/client.hpp>
#include <ownroute/events.hpp>
#include <ownroute/policy.hpp>

#include "message.hpp"

namespace ownroute::detail {

/// Bytes that put_mapping() needs at most.
std::size_t encoded_size(const Mapping &mapping);
/// @p mapping has its mark and its cgroup_id, where it needs them.
void put_mapping(Message &request, const Mapping &mapping);

/// Structs of any size are read: what they lack is zero, what they have beyond is cut off.
/// Throws Error of kind other_version where one is shorter than its first version, or not there.
KernelMapping read_mapping(const nlmsghdr &answer);
Info read_info(const nlmsghdr &answer);
NetStats read_net_stats(const nlmsghdr &answer);
GuardedPacket read_guarded(const nlmsghdr &notification);

/// What put_mapping() put into @p request.
Mapping read_request(const nlmsghdr &request);

void put_limit(Message &request, std::uint32_t limit);
/// Bytes that put_owner() needs at most.
std::size_t encoded_size(const Owner &owner);
void put_owner(Message &request, const Owner &owner);

}  // namespace ownroute::detail
