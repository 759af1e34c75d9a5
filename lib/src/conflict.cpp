// SPDX-License-Identifier: LGPL-2.1-or-later
#include "conflict.hpp"

#include <algorithm>
#include <ownroute/error.hpp>
#include <ownroute/words.hpp>
#include <string>

#include "choose.hpp"
#include "present.hpp"
#include "route_message.hpp"
#include "text.hpp"

namespace ownroute::detail {
namespace {

bool stands_in_the_way(const Rule &present, const Rule &need) {
  return present.family == need.family && present.table != need.table &&
         overlap(present.mark, need.mark);
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
  return "mark " + to_string(rule.mark) + " already leads to table " + std::to_string(rule.table);
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

template <typename Object>
void collect(const std::vector<Object> &needs, const std::vector<Object> &present,
             std::vector<Object> &obstacles) {
  for (const Object &object : present) {
    const auto meets = [&](const Object &need) { return stands_in_the_way(object, need); };
    if (std::ranges::none_of(needs, meets)) {
      continue;
    }
    if (!is_ours(object)) {
      refuse(words_for(object) + ", which isn't ownroute's: " + remedy(object) +
             ", or delete what is there");
    }
    obstacles.push_back(object);
  }
}

template <typename Object>
void check(const std::vector<Object> &obstacles, const std::vector<Object> &needs,
           std::uint32_t id) {
  for (const Object &obstacle : obstacles) {
    if (std::ranges::any_of(needs, [&](const Object &need) { return satisfies(obstacle, need); })) {
      refuse(words_for(obstacle) + " for mapping " + std::to_string(id) + ": " + remedy(obstacle));
    }
  }
}

}  // namespace

Needs in_the_way(const Needs &needs, const Routing &routing) {
  Needs obstacles;
  collect(needs.rules, routing.rules, obstacles.rules);
  collect(needs.routes, routing.routes, obstacles.routes);
  return obstacles;
}

void refuse_if_needed(const Needs &obstacles, const std::vector<KernelMapping> &mappings) {
  for (const KernelMapping &kernel : mappings) {
    const Needs needs = needs_of(kernel.mapping);
    check(obstacles.rules, needs.rules, kernel.mapping.id);
    check(obstacles.routes, needs.routes, kernel.mapping.id);
  }
}

}  // namespace ownroute::detail
