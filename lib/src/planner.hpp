// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// From what changes to steps in a safe order.
#pragma once

#include <ownroute/client.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/router.hpp>
#include <ownroute/table_names.hpp>
#include <vector>

namespace ownroute::detail {

/// What @p needs has and @p routing lacks.
Needs lacking(const Needs &needs, const Routing &routing);

/// All that is ours in @p routing.
Needs ours(const Routing &routing);

/// What is ours in @p routing, was needed by one of @p gone and is needed by none of @p staying.
Needs surplus(const Routing &routing, const std::vector<Mapping> &gone,
              const std::vector<KernelMapping> &staying);

/// What of @p needs isn't in @p others.
Needs without(Needs needs, const Needs &others);

/// Steps that take away the names of ours of the tables of @p gone, where none of @p staying has
/// the table.
std::vector<TableNameStep> surplus_names(const TableNames &names, const std::vector<Mapping> &gone,
                                         const std::vector<KernelMapping> &staying);

struct Change {
  std::vector<TableNameStep> new_names;
  Needs added;
  /// Goes as soon as there is something in its place.
  Needs obstacles;
  /// MappingStep or FlushStep.
  std::vector<Step> mappings;
  Needs removed;
  std::vector<TableNameStep> old_names;
};

Plan in_safe_order(const Change &change);

}  // namespace ownroute::detail
