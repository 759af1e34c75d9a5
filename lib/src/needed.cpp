// SPDX-License-Identifier: LGPL-2.1-or-later
#include "needed.hpp"

#include "present.hpp"

namespace ownroute::detail {

void Needed::add(const Mapping &mapping) {
  if (!mapping.table || !ways_.insert(mapping).second) {
    return;
  }
  const Needs needs = needs_of(mapping);
  rules_.insert(needs.rules.begin(), needs.rules.end());
  routes_.insert(needs.routes.begin(), needs.routes.end());
}

bool Needed::has(const Rule &present) const {
  return rules_.contains(as_ours(present));
}

bool Needed::has(const DefaultRoute &present) const {
  DefaultRoute route = as_ours(present);
  if (routes_.contains(route)) {
    return true;
  }
  // A need that names a gateway alone leaves the device to the kernel.
  route.dev.clear();
  return route.via && routes_.contains(route);
}

}  // namespace ownroute::detail
