// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Marks and tables for mappings that don't say which.
#pragma once

#include <functional>
#include <ownroute/client.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <ownroute/table_names.hpp>
#include <set>
#include <vector>

namespace ownroute::detail {

/// Whether there is a packet that both marks could be on.
bool overlap(const Mark &a, const Mark &b);

/// Marks of mappings: one without a rule is seen in its mapping only.
struct UsedMarks {
  std::set<Mark> marks = {};
  /// Those of Mapping::inbound_mark, which mappings may share.
  std::set<Mark> inbound = {};

  void add(const Mapping &mapping);
};

UsedMarks marks_of(const std::vector<KernelMapping> &mappings);

/// Mapping::inbound_mark for @p mapping, which has its mark. Throws Error of kind refused if there
/// is none, or its mark is another's.
std::uint32_t inbound_mark_for(const Mapping &mapping, const Routing &routing,
                               const UsedMarks &used);

struct Completed {
  /// Has all that the wanted one left open.
  Mapping mapping;
  /// Its table is to be given the name mapping.table_name.
  bool names_table = false;
};

/// @p used_marks is asked for the marks of all mappings, but only if a new one is to be chosen. The
/// inbound mark is left open.
/// Throws Error: not_found for a table's name that nobody knows, refused if there is nothing left
/// to choose, usage if what was chosen or found can't be.
Completed complete(Mapping wanted, const Routing &routing, const TableNames &names, Ipv6 ipv6,
                   const std::function<UsedMarks()> &used_marks);

}  // namespace ownroute::detail
