// SPDX-License-Identifier: LGPL-2.1-or-later
#include "planner.hpp"

#include <algorithm>
#include <set>

#include "present.hpp"

namespace ownroute::detail {
namespace {

/// Steps for those of @p routes that are backstops, or those that aren't.
void append(Plan &plan, bool add, const std::vector<DefaultRoute> &routes, bool backstops) {
  for (const DefaultRoute &route : routes) {
    if (route.is_backstop() == backstops) {
      plan.push_back(RouteStep{add, route});
    }
  }
}

void append(Plan &plan, bool add, const std::vector<Rule> &rules) {
  for (const Rule &rule : rules) {
    plan.push_back(RuleStep{add, rule});
  }
}

std::set<std::uint32_t> tables_of(const Needs &needs) {
  std::set<std::uint32_t> tables;
  std::ranges::transform(needs.rules, std::inserter(tables, tables.end()), &Rule::table);
  std::ranges::transform(needs.routes, std::inserter(tables, tables.end()), &DefaultRoute::table);
  return tables;
}

template <typename Object>
bool has(const std::vector<Object> &needs, const Object &present) {
  return std::ranges::any_of(needs, [&](const Object &need) { return satisfies(present, need); });
}

}  // namespace

Needs lacking(const Needs &needs, const Routing &routing) {
  const Present present(routing);
  const auto is_present = [&](const auto &need) { return present.has(need); };
  Needs lacking = needs;
  std::erase_if(lacking.rules, is_present);
  std::erase_if(lacking.routes, is_present);
  return lacking;
}

Needs ours(const Routing &routing) {
  Needs ours{routing.rules, routing.routes};
  std::erase_if(ours.rules, [](const Rule &rule) { return !is_ours(rule); });
  std::erase_if(ours.routes, [](const DefaultRoute &route) { return !is_ours(route); });
  return ours;
}

Needs surplus(const Routing &routing, const std::vector<Mapping> &gone,
              const std::vector<KernelMapping> &staying) {
  Needs needed_once;
  for (const Mapping &mapping : gone) {
    const Needs needs = needs_of(mapping);
    needed_once.rules.insert(needed_once.rules.end(), needs.rules.begin(), needs.rules.end());
    needed_once.routes.insert(needed_once.routes.end(), needs.routes.begin(), needs.routes.end());
  }
  Needs surplus = ours(routing);
  std::erase_if(surplus.rules, [&](const Rule &rule) { return !has(needed_once.rules, rule); });
  std::erase_if(surplus.routes,
                [&](const DefaultRoute &route) { return !has(needed_once.routes, route); });
  // Most of many mappings have nothing to do with these tables.
  const std::set<std::uint32_t> tables = tables_of(surplus);
  for (const auto &[mapping, stats] : staying) {
    if (!mapping.table || !tables.contains(*mapping.table)) {
      continue;
    }
    const Needs needs = needs_of(mapping);
    std::erase_if(surplus.rules, [&](const Rule &rule) { return has(needs.rules, rule); });
    std::erase_if(surplus.routes,
                  [&](const DefaultRoute &route) { return has(needs.routes, route); });
  }
  return surplus;
}

Needs without(Needs needs, const Needs &others) {
  const auto is_in = [](const auto &list) {
    return [&](const auto &object) { return std::ranges::find(list, object) != list.end(); };
  };
  std::erase_if(needs.rules, is_in(others.rules));
  std::erase_if(needs.routes, is_in(others.routes));
  return needs;
}

std::vector<TableNameStep> surplus_names(const TableNames &names, const std::vector<Mapping> &gone,
                                         const std::vector<KernelMapping> &staying) {
  std::vector<TableNameStep> steps;
  for (const auto &[table, name] : names.ours()) {
    const auto has_it = [number = table](const Mapping &mapping) {
      return mapping.table == number;
    };
    if (std::ranges::any_of(gone, has_it) &&
        std::ranges::none_of(staying, has_it, &KernelMapping::mapping)) {
      steps.push_back({.add = false, .table = table, .name = name});
    }
  }
  return steps;
}

Plan in_safe_order(const Change &change) {
  Plan plan(change.new_names.begin(), change.new_names.end());
  append(plan, true, change.added.routes, true);
  append(plan, false, change.obstacles.routes, false);
  append(plan, true, change.added.routes, false);
  append(plan, true, change.added.rules);
  append(plan, false, change.obstacles.rules);
  plan.insert(plan.end(), change.mappings.begin(), change.mappings.end());
  append(plan, false, change.removed.rules);
  append(plan, false, change.removed.routes, false);
  append(plan, false, change.removed.routes, true);
  plan.insert(plan.end(), change.old_names.begin(), change.old_names.end());
  return plan;
}

}  // namespace ownroute::detail
