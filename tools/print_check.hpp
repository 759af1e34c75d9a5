// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What `check` says.
#pragma once

#include <ostream>
#include <ownroute/check.hpp>
#include <vector>

namespace ownroute::cli {

/// One finding a line, or a JSON array of them. No findings are a line, too.
void print_check(std::ostream &out, const std::vector<Finding> &findings, bool json);

}  // namespace ownroute::cli
