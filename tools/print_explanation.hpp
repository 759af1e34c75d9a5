// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What `explain` says.
#pragma once

#include <functional>
#include <ostream>
#include <ownroute/explain.hpp>
#include <string>

namespace ownroute::cli {

/// Gives the name of a table, empty if it has none.
using TableName = std::function<std::string(std::uint32_t table)>;

/// One step of the packet a line, or a JSON array of one object.
void print_explanation(std::ostream &out, const Owner &owner, Explanation explanation,
                       const TableName &table_name, bool json);

}  // namespace ownroute::cli
