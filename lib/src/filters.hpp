// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The packet filters of the network namespace: nftables, and iptables-legacy, which is no part of
/// it.
#pragma once

#include <map>
#include <string>

#include "filter_use.hpp"

namespace ownroute::detail {

struct Sight;

/// By the names of chains and tables: "the nftables chain inet filter output", "the iptables-legacy
/// table mangle".
using Filters = std::map<std::string, FilterUse>;

/// Has the kernel load none. Throws Error.
Filters filters_of(const Sight &sight);

}  // namespace ownroute::detail
