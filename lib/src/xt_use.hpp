// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Matches and targets of x_tables that have to do with marks or conntrack: iptables writes them,
/// also into nftables.
#pragma once

#include <string_view>

#include "attributes.hpp"
#include "filter_use.hpp"

namespace ownroute::detail {

/// Adds to @p use what the match @p name does; @p info is what the kernel has of it.
void read_xt_match(std::string_view name, unsigned revision, Bytes info, FilterUse &use);
/// The same of the target of a rule that is for @p reached packets.
void read_xt_target(std::string_view name, unsigned revision, Bytes info, Untracked reached,
                    FilterUse &use);

}  // namespace ownroute::detail
