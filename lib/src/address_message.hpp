// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Between addresses of devices and rtnetlink's messages.
#pragma once

#include <linux/netlink.h>

#include <optional>
#include <ownroute/policy.hpp>

#include "message.hpp"

namespace ownroute::detail {

/// Asks for those of one device, of both families.
Message address_dump(unsigned ifindex);

/// @p answer is of type RTM_NEWADDR.
std::optional<Address> read_address(const nlmsghdr &answer);

}  // namespace ownroute::detail
