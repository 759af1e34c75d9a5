// SPDX-License-Identifier: LGPL-2.1-or-later
#include "conflict.hpp"

#include <algorithm>
#include <map>
#include <ownroute/error.hpp>
#include <ownroute/words.hpp>
#include <set>
#include <string>
#include <utility>

#include "by_way.hpp"
#include "choose.hpp"
#include "present.hpp"
#include "route_message.hpp"
#include "text.hpp"

namespace ownroute::detail {
namespace {

bool stands_in_the_way(const Rule &present, const Rule &need) {
  if (present.family != need.family || !need.takes_all()) {
    return false;
  }
  // Others' exceptions are theirs. One of ours is in the way of those that don't ask for it.
  return present.takes_all()
             ? present.table != need.table && overlap(present.mark, need.mark)
             : is_ours(present) && present.mark == need.mark && present.uid == need.uid;
}

/// What the kernel compares.
std::uint32_t effective_metric(const DefaultRoute &route) {
  return route.metric == 0 && route.family == Family::ipv6 ? kIpv6Metric : route.metric;
}

bool stands_in_the_way(const DefaultRoute &present, const DefaultRoute &need) {
  if (present.family != need.family || present.table != need.table || satisfies(present, need)) {
    return false;
  }
  // The backstop is to be tried last, and a default route first.
  return need.is_backstop() ? present.metric == need.metric
                            : effective_metric(present) <= effective_metric(need);
}

std::string words_for(const Rule &rule) {
  return "mark " + to_string(rule.mark) + " already leads to " +
         (rule.takes_all() ? "table " + std::to_string(rule.table) : "the LAN");
}

std::string words_for(const DefaultRoute &route) {
  return "table " + std::to_string(route.table) + " already has the " +
         std::string(to_string(route.family)) + " route \"" + to_words(route) + "\"";
}

std::string remedy(const Rule &) {
  return "give another mark";
}
std::string remedy(const DefaultRoute &) {
  return "give another table";
}

[[noreturn]] void refuse(const std::string &message) {
  throw Error(ErrorKind::refused, message);
}

/// Rules by their marks, for many questions.
class MarkIndex {
 public:
  explicit MarkIndex(const std::vector<Rule> &rules) {
    for (const Rule &rule : rules) {
      rules_[rule.mark.mask].emplace(rule.mark.value, &rule);
    }
  }

  /// Whether @p meets holds for one whose mark overlaps @p mark.
  template <typename Meets>
  bool any_of(const Mark &mark, const Meets &meets) const {
    return std::ranges::any_of(rules_, [&](const auto &entry) {
      const auto &[mask, rules] = entry;
      // There are few masks. All that overlap a wider one have the same value.
      auto [from, to] = (mask & ~mark.mask) == 0 ? rules.equal_range(mark.value & mask)
                                                 : std::pair(rules.begin(), rules.end());
      return std::any_of(from, to, [&](const auto &rule) { return meets(*rule.second); });
    });
  }

 private:
  std::map<std::uint32_t, std::multimap<std::uint32_t, const Rule *>> rules_;
};

/// Routes by their tables.
class TableIndex {
 public:
  explicit TableIndex(const std::vector<DefaultRoute> &routes) {
    for (const DefaultRoute &route : routes) {
      routes_.emplace(route.table, &route);
    }
  }

  template <typename Meets>
  bool any_of(std::uint32_t table, const Meets &meets) const {
    const auto [from, to] = routes_.equal_range(table);
    return std::any_of(from, to, [&](const auto &route) { return meets(*route.second); });
  }

 private:
  std::multimap<std::uint32_t, const DefaultRoute *> routes_;
};

template <typename Object>
void check_owner(const Object &object) {
  if (!is_ours(object)) {
    refuse(words_for(object) + ", which isn't ownroute's: " + remedy(object) +
           ", or delete what is there");
  }
}

template <typename Object>
void check(const std::vector<Object> &obstacles, const std::vector<Object> &needs,
           const Mapping &mapping) {
  for (const Object &obstacle : obstacles) {
    if (std::ranges::any_of(needs, [&](const Object &need) { return satisfies(obstacle, need); })) {
      refuse(words_for(obstacle) + " for " + name_of(mapping) + ": " + remedy(obstacle));
    }
  }
}

}  // namespace

Needs in_the_way(const Needs &needs, const Routing &routing, const std::vector<Rule> &needed) {
  const MarkIndex marks(needs.rules);
  const TableIndex tables(needs.routes);
  std::set<Rule> asked_for(needs.rules.begin(), needs.rules.end());
  asked_for.insert(needed.begin(), needed.end());
  Needs obstacles;
  for (const Rule &rule : routing.rules) {
    if (marks.any_of(rule.mark, [&](const Rule &need) { return stands_in_the_way(rule, need); }) &&
        (rule.takes_all() || !asked_for.contains(as_ours(rule)))) {
      check_owner(rule);
      obstacles.rules.push_back(rule);
    }
  }
  for (const DefaultRoute &route : routing.routes) {
    if (tables.any_of(route.table,
                      [&](const DefaultRoute &need) { return stands_in_the_way(route, need); })) {
      check_owner(route);
      obstacles.routes.push_back(route);
    }
  }
  return obstacles;
}

void refuse_if_needed(const Needs &obstacles, const std::vector<const Mapping *> &mappings) {
  std::set<Mapping, ByWay> seen;
  for (const Mapping *mapping : mappings) {
    if (!mapping->table || !seen.insert(*mapping).second) {
      continue;
    }
    const Needs needs = needs_of(*mapping);
    check(obstacles.rules, needs.rules, *mapping);
    check(obstacles.routes, needs.routes, *mapping);
  }
}

void refuse_if_lan_differs(const std::vector<const Mapping *> &mappings) {
  std::map<Mark, const Mapping *> seen;
  for (const Mapping *mapping : mappings) {
    if (!mapping->table || !mapping->mark) {
      continue;
    }
    const Mapping &other = *seen.try_emplace(*mapping->mark, mapping).first->second;
    if (other.lan != mapping->lan) {
      refuse(name_of(*mapping) + " and " + name_of(other) + " have mark " +
             to_string(*mapping->mark) + ", and one of them has lan: give one another mark");
    }
  }
}

}  // namespace ownroute::detail
