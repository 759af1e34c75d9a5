// SPDX-License-Identifier: LGPL-2.1-or-later
#include "planner.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "needed.hpp"

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

/// What mappings use.
struct Users {
  explicit Users(const std::vector<const Mapping *> &mappings) {
    for (const Mapping *mapping : mappings) {
      if (mapping->table) {
        needed.add(*mapping);
        tables.insert(*mapping->table);
        lan |= mapping->lan;
      }
    }
  }

  Needed needed;
  std::set<std::uint32_t> tables;
  bool lan = false;
};

/// Takes @p objects out of @p from.
template <typename Object>
void drop(std::vector<Object> &from, const std::vector<Object> &objects) {
  const std::set<Object> others(objects.begin(), objects.end());
  std::erase_if(from, [&](const Object &object) { return others.contains(object); });
}

}  // namespace

Needs lacking(Needs needs, const Present &present) {
  const auto is_present = [&](const auto &need) { return present.has(need); };
  std::erase_if(needs.rules, is_present);
  std::erase_if(needs.routes, is_present);
  return needs;
}

Needs ours(const Routing &routing) {
  Needs ours{routing.rules, routing.routes};
  std::erase_if(ours.rules, [](const Rule &rule) { return !is_ours(rule); });
  std::erase_if(ours.routes, [](const DefaultRoute &route) { return !is_ours(route); });
  return ours;
}

void add_surplus(Change &change, const std::vector<const Mapping *> &gone,
                 const std::vector<const Mapping *> &staying, const Routing &routing,
                 const TableNames &names) {
  const Users gone_users(gone), staying_users(staying);
  change.removed = ours(routing);
  const auto stays = [&](const auto &object) {
    return !gone_users.needed.has(object) || staying_users.needed.has(object);
  };
  std::erase_if(change.removed.rules, stays);
  std::erase_if(change.removed.routes, stays);
  drop(change.removed.rules, change.obstacles.rules);
  drop(change.removed.routes, change.obstacles.routes);
  const auto falls_idle = [&](std::uint32_t table) {
    return gone_users.tables.contains(table) && !staying_users.tables.contains(table);
  };
  if (!routing.uid_rules) {
    // All that add_source_rules() doesn't see to, and that is sure to be nobody's.
    const bool lan_falls_idle = gone_users.lan && !staying_users.lan;
    std::ranges::copy_if(routing.rules, std::back_inserter(change.removed.rules),
                         [&](const Rule &rule) {
                           return rule.uid && is_ours(rule) &&
                                  (rule.takes_all() ? falls_idle(rule.table) : lan_falls_idle);
                         });
  }
  for (const auto &[table, name] : names.ours()) {
    if (falls_idle(table)) {
      change.old_names.push_back({.add = false, .table = table, .name = name});
    }
  }
}

void add_source_rules(Change &change, const Sources &sources, const Routing &routing) {
  if (!routing.uid_rules) {
    return;
  }
  std::set<Rule> lacking;
  for (const Mapping *mapping : sources.ruled) {
    const std::vector<Rule> rules = source_rules(*mapping, routing.ipv6);
    lacking.insert(rules.begin(), rules.end());
  }
  const std::set<Rule> needed = lacking;
  for (const Rule &rule : routing.rules) {
    lacking.erase(as_ours(rule));
    if (rule.uid && is_ours(rule) && !needed.contains(rule)) {
      change.removed.rules.push_back(rule);
    }
  }
  change.added.rules.insert(change.added.rules.end(), lacking.begin(), lacking.end());
}

Plan in_safe_order(Change change) {
  Plan plan(change.new_names.begin(), change.new_names.end());
  plan.insert(plan.end(), change.old_names.begin(), change.old_names.end());
  append(plan, true, change.added.routes, true);
  append(plan, false, change.obstacles.routes, false);
  append(plan, true, change.added.routes, false);
  append(plan, true, change.added.rules);
  append(plan, false, change.obstacles.rules);
  plan.insert(plan.end(), change.settings.begin(), change.settings.end());
  plan.insert(plan.end(), std::make_move_iterator(change.mappings.begin()),
              std::make_move_iterator(change.mappings.end()));
  append(plan, false, change.removed.rules);
  append(plan, false, change.removed.routes, false);
  append(plan, false, change.removed.routes, true);
  plan.insert(plan.end(), change.old_settings.begin(), change.old_settings.end());
  return plan;
}

}  // namespace ownroute::detail
