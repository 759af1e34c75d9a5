// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <map>

#include "by_way.hpp"
#include "checks.hpp"
#include "text.hpp"

namespace ownroute::detail {
namespace {

/// The device that @p mapping's IPv4 packets leave by; empty if they don't, or not by its own.
std::string leaves_by(const Mapping &mapping, Router &router) {
  const Route route =
      router.route({.to = far_away(Family::ipv4), .mark = mapping.mark->value, .uid = 0});
  const bool own = mapping.dev.empty() || route.dev == mapping.dev;
  return route.error == 0 && route.table == mapping.table && own ? route.dev : "";
}

/// Asks the kernel itself, which takes all settings together.
bool lets_answers_in(const std::string &dev, const Mapping &mapping, Router &router) {
  const auto addresses = router.addresses(dev);
  const auto own = std::ranges::find(addresses, Family::ipv4, &Address::family);
  // What has connmark has its mark before the filter looks at it.
  return own == addresses.end() ||
         router.lets_in(dev, far_away(Family::ipv4), *own,
                        mapping.marks_connections() ? mapping.mark->value : 0);
}

std::string remedy(const std::string &dev, const Mapping &mapping, Router &router) {
  const std::string by_mark = "sysctl " + name_of_setting(dev, "src_valid_mark") + "=1";
  if (mapping.marks_connections()) {
    return by_mark;
  }
  // A loose filter drops what there is no route to at all, without the mark.
  return router.route({.to = far_away(Family::ipv4), .uid = 0}).error == 0
             ? "sysctl " + name_of(dev, Setting::rp_filter) + "=2"
             : "a default route in the main table, or connmark and " + by_mark;
}

/// What is to be done where answers are dropped; empty where they aren't.
std::string remedy(const Mapping &mapping, Router &router) {
  const std::string dev = leaves_by(mapping, router);
  return dev.empty() || lets_answers_in(dev, mapping, router) ? "" : remedy(dev, mapping, router);
}

}  // namespace

void check_rp_filter(Scene &scene, Findings &findings) {
  // By connmark, too.
  std::map<Mapping, std::string, ByWay> known[2];
  for (const Mapping *mapping : scene.mappings) {
    if (!mapping->mark || !mapping->table) {
      continue;
    }
    const auto [found, is_new] = known[mapping->marks_connections() ? 1 : 0].try_emplace(*mapping);
    if (is_new) {
      found->second = remedy(*mapping, scene.router);
    }
    if (!found->second.empty()) {
      findings.add(Severity::broken, *mapping, "rp_filter drops the IPv4 answers to its packets",
                   found->second);
    }
  }
}

}  // namespace ownroute::detail
