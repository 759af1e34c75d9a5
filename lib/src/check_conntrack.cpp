// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checks.hpp"

namespace ownroute::detail {

void check_conntrack(Scene &scene, Findings &findings) {
  for (const auto &[name, use] : scene.filters) {
    for (const Mapping *mapping : scene.mappings) {
      if (!mapping->marks_connections()) {
        continue;
      }
      if (use.untracked == Untracked::all) {
        findings.add(Severity::broken, *mapping, name + " has connections not tracked (notrack)",
                     "narrow it to others' packets");
      } else if (use.untracked == Untracked::some) {
        findings.add(Severity::note, *mapping, name + " has some connections not tracked (notrack)",
                     "see that its packets are not among them");
      }
    }
  }
}

}  // namespace ownroute::detail
