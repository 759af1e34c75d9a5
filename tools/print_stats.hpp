// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What `stats` says of a network namespace.
#pragma once

#include <ostream>
#include <ownroute/client.hpp>

namespace ownroute::cli {

/// One "NAME NUMBER" a line, or a JSON array of one object.
void print_stats(std::ostream &out, const Info &info, const NetStats &stats, bool json);

}  // namespace ownroute::cli
