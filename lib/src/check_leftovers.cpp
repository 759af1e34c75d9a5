// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "checks.hpp"

namespace ownroute::detail {

void check_leftovers(const Routing &routing, Findings &findings) {
  const auto is_ours = [](const auto &each) { return each.protocol == kProtocol; };
  if (std::ranges::any_of(routing.rules, is_ours) || std::ranges::any_of(routing.routes, is_ours)) {
    // The module was unloaded, say, and the owners' packets go by the main table now.
    findings.add(Severity::broken, "rules and routes of ownroute are there, but no mappings",
                 "make the mappings again, or ownroute flush");
  }
}

}  // namespace ownroute::detail
