// SPDX-License-Identifier: LGPL-2.1-or-later
#include "present.hpp"

namespace ownroute::detail {

bool satisfies(const Rule &present, const Rule &need) {
  return as_ours(present) == as_ours(need);
}

bool satisfies(const DefaultRoute &present, const DefaultRoute &need) {
  DefaultRoute route = as_ours(present);
  if (need.via && need.dev.empty()) {
    route.dev.clear();
  }
  return route == as_ours(need);
}

Present::Present(const Routing &routing) {
  for (const Rule &rule : routing.rules) {
    add(rule);
  }
  for (const DefaultRoute &route : routing.routes) {
    add(route);
  }
}

void Present::add(const Rule &rule) {
  rules_.insert(as_ours(rule));
}

void Present::add(const DefaultRoute &route) {
  DefaultRoute ours = as_ours(route);
  routes_.insert(ours);
  if (ours.via) {
    ours.dev.clear();
    routes_.insert(std::move(ours));
  }
}

bool Present::has(const Rule &need) const {
  return rules_.contains(need);
}

bool Present::has(const DefaultRoute &need) const {
  return routes_.contains(need);
}

}  // namespace ownroute::detail
