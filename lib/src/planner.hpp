// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// From what changes to steps in a safe order.
#pragma once

#include <ownroute/plan.hpp>
#include <ownroute/router.hpp>
#include <ownroute/table_names.hpp>
#include <vector>

#include "present.hpp"
#include "sources.hpp"

namespace ownroute::detail {

/// What @p needs has and isn't there.
Needs lacking(Needs needs, const Present &present);

/// All that is ours in @p routing.
Needs ours(const Routing &routing);

struct Change {
  std::vector<TableNameStep> new_names;
  /// Packets know no names: these go while all can still be undone.
  std::vector<TableNameStep> old_names;
  Needs added;
  /// Goes as soon as there is something in its place.
  Needs obstacles;
  std::vector<SettingStep> settings;
  /// MappingStep or FlushStep.
  std::vector<Step> mappings;
  Needs removed;
  std::vector<SettingStep> old_settings;
};

/// Notes in @p change, which has its obstacles, what is ours, was needed by one of the mappings
/// @p gone and is needed by none of those @p staying; names of tables of ours, too. Rules for uids
/// only where add_source_rules() can't see to them.
void add_surplus(Change &change, const std::vector<const Mapping *> &gone,
                 const std::vector<const Mapping *> &staying, const Routing &routing,
                 const TableNames &names);

/// Notes in @p change the rules for uids that @p sources, of all mappings that there will be, has
/// and @p routing lacks, and those of ours that it doesn't have. Nothing where the namespace
/// belongs to another user namespace.
void add_source_rules(Change &change, const Sources &sources, const Routing &routing);

Plan in_safe_order(Change change);

}  // namespace ownroute::detail
