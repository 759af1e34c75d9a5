// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <map>

#include "by_way.hpp"
#include "checks.hpp"
#include "device_address.hpp"

namespace ownroute::detail {
namespace {

/// Whether packets of those who have no mapping get far away.
bool is_in_use(Family family, Scene &scene) {
  return scene.surroundings.has(family) && scene.router.route({.to = far_away(family)}).error == 0;
}

/// Why packets of @p family find no way to @p mapping's far end; empty: nothing speaks against it.
std::string obstacle(const Mapping &mapping, Family family, Scene &scene) {
  const std::string name(to_string(family));
  const Needs needs = needs_of(mapping, scene.surroundings.ipv6_for(mapping));
  const bool routed = std::ranges::any_of(needs.routes, [&](const DefaultRoute &route) {
    return route.family == family && !route.is_backstop();
  });
  if (!routed) {
    return mapping.via.empty() ? mapping.dev + " carries no " + name + ", senders get an error"
                               : "it has no " + name + " gateway, senders get an error";
  }
  const auto &device = scene.surroundings.device(mapping.dev);
  if (device && device->up && !device_address(mapping.dev, family, scene.router)) {
    return mapping.dev + " has no " + name + " address, answers may not find back";
  }
  return "";
}

}  // namespace

void check_families(Scene &scene, Findings &findings) {
  for (const Family family : kFamilies) {
    if (!is_in_use(family, scene)) {
      continue;
    }
    std::map<Mapping, std::string, ByWay> known;
    for (const Mapping *mapping : scene.mappings) {
      if (!mapping->table || !mapping->has_default_route()) {
        continue;
      }
      const auto [found, is_new] = known.try_emplace(*mapping);
      if (is_new) {
        found->second = obstacle(*mapping, family, scene);
      }
      if (!found->second.empty()) {
        findings.add(
            Severity::note, *mapping, found->second,
            "give it " + std::string(to_string(family)) + " if that is wanted, nothing leaks");
      }
    }
  }
}

}  // namespace ownroute::detail
