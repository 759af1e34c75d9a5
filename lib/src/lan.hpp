// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The exception that a mapping with lan makes.
#pragma once

#include <ownroute/router.hpp>

namespace ownroute::detail {

/// Whether @p route, which the packet of @p question goes by, is one of the LAN: the main table's,
/// and not for everything.
bool is_by_lan(const Route &route, const RouteQuestion &question, Router &router);

}  // namespace ownroute::detail
