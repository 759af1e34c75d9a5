// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The number that the kernel has given to the family "ownroute".
#pragma once

#include <cstdint>

#include "connection.hpp"

namespace ownroute::detail {

/// Throws Error: not_loaded if there is no such family, other_version if it isn't ours.
std::uint16_t resolve_family(Connection &connection);

}  // namespace ownroute::detail
