// SPDX-License-Identifier: LGPL-2.1-or-later
#include <map>
#include <ownroute/words.hpp>
#include <tuple>

#include "checks.hpp"

namespace ownroute::detail {
namespace {

/// Bits by who uses them, whether he changes them, and whether they are the connection's.
using Uses = std::map<std::tuple<std::string, bool, bool>, std::uint32_t>;

void add(Uses &uses, const std::string &user, const MarkUse &use) {
  uses[{user, use.changes, use.of_connection}] |= use.bits;
}

void add_rules(Scene &scene, Uses &uses) {
  for (const Family family : kFamilies) {
    if (!scene.surroundings.has(family)) {
      continue;
    }
    for (const AnyRule &rule : scene.router.rules(family)) {
      if (rule.mark && rule.protocol != kProtocol) {
        add(uses, "the rule \"" + to_string(rule) + "\"", {.bits = compared_bits(*rule.mark)});
      }
    }
  }
}

}  // namespace

void check_marks(Scene &scene, Findings &findings) {
  Uses uses;
  add_rules(scene, uses);
  for (const auto &[name, filter] : scene.filters) {
    for (const MarkUse &use : filter.marks) {
      add(uses, name, use);
    }
  }
  for (const Mapping *mapping : scene.mappings) {
    for (const auto &[use, bits] : uses) {
      const auto &[user, changes, of_connection] = use;
      const std::uint32_t shared = mapping->mark ? bits & mapping->mark->mask : 0;
      if (shared != 0 && (!of_connection || mapping->marks_connections())) {
        findings.add(Severity::collision, *mapping,
                     user + (changes ? " changes " : " looks at ") + "bits " + hex(shared) +
                         " of its mark" + (of_connection ? " in connections" : ""),
                     "use others in one of both");
      }
    }
  }
}

}  // namespace ownroute::detail
