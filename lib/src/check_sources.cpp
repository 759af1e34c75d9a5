// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checks.hpp"

namespace ownroute::detail {

void check_sources(Scene &scene, Findings &findings) {
  for (const auto &[mapping, why] : scene.sources.without) {
    findings.add(Severity::broken, *mapping,
                 "its packets don't have the source address of their way, because " + why,
                 "narrow that one, or give this one source masquerade");
  }
}

}  // namespace ownroute::detail
