// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Between devices and rtnetlink's messages.
#pragma once

#include <linux/netlink.h>

#include <ownroute/router.hpp>
#include <string>

#include "message.hpp"

namespace ownroute::detail {

Message link_get(const std::string &name);
Message link_get(unsigned ifindex);

Device read_device(const nlmsghdr &answer);

Message link_set(unsigned ifindex, Setting setting, std::uint32_t value);

/// Asks for the settings of all devices together, IPv4.
Message netconf_get();
std::uint32_t read_rp_filter(const nlmsghdr &answer);

}  // namespace ownroute::detail
