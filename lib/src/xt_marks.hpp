// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Matches and targets of x_tables that have to do with marks: iptables writes them, also into
/// nftables.
#pragma once

#include <optional>
#include <string_view>

#include "attributes.hpp"
#include "mark_use.hpp"

namespace ownroute::detail {

/// @p info is what the kernel has of the match @p name; none if it is about something else.
std::optional<MarkUse> read_xt_match(std::string_view name, unsigned revision, Bytes info);
/// The same of a target.
std::optional<MarkUse> read_xt_target(std::string_view name, unsigned revision, Bytes info);

}  // namespace ownroute::detail
