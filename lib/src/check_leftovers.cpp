// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checks.hpp"
#include "planner.hpp"

namespace ownroute::detail {

void check_leftovers(const Routing &routing, Findings &findings) {
  if (!ours(routing).empty()) {
    // The module was unloaded, say, and the owners' packets go by the main table now.
    findings.add(Severity::broken, "rules and routes of ownroute are there, but no mappings",
                 "make the mappings again, or ownroute flush");
  }
}

}  // namespace ownroute::detail
