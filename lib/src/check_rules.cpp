// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/rtnetlink.h>

#include <map>

#include "any_rule.hpp"
#include "checks.hpp"

namespace ownroute::detail {
namespace {

/// Some user, of whom nothing else is said.
constexpr std::uint32_t kSomebody = 1000;

/// Whether it is another's, in front of ours, may end a packet's way, and looks at mark and uid
/// alone, so that it can be told which packets it is for.
bool is_candidate(const AnyRule &rule) {
  return rule.priority < kRulePriority && rule.protocol != kProtocol && rule.action != "nop" &&
         rule.action != "goto" && rule.table != RT_TABLE_LOCAL && rule.to_length == 0 &&
         rule.ip_protocol == 0 && !rule.ports && !rule.other;
}

/// A packet of @p mapping that @p rule is for, none if there is none. What others put in the bits
/// outside of the mask isn't known: none.
std::optional<RouteQuestion> taken(const AnyRule &rule, const Mapping &mapping, Family family) {
  const UidRange uids = mapping.uid.value_or(UidRange{0, kMaxUid});
  for (const std::uint32_t uid : {rule.uid ? rule.uid->min : kSomebody, uids.min, uids.max}) {
    const RouteQuestion packet{.to = far_away(family), .mark = mapping.mark->value, .uid = uid};
    if (uids.contains(uid) && is_for(rule, packet)) {
      return packet;
    }
  }
  return std::nullopt;
}

class RulesOf {
 public:
  RulesOf(Family family, Scene &scene, Findings &findings)
      : family_(family), scene_(scene), findings_(findings), rules_(scene.router.rules(family)) {
    std::erase_if(rules_, [](const AnyRule &rule) { return !is_candidate(rule); });
  }

  void check(const Mapping &mapping) {
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const AnyRule &rule = rules_[i];
      const auto packet = taken(rule, mapping, family_);
      if (packet && rule.table != mapping.table && decides(i, *packet)) {
        findings_.add(rule.table == 0 || mapping.guard ? Severity::broken : Severity::leak, mapping,
                      std::string(to_string(family_)) + " rule \"" + to_string(rule) +
                          "\" comes before its own and takes its packets",
                      "give that rule a priority above " + std::to_string(kSourceRulePriority));
      }
    }
    if (!mapping.has_default_route() &&
        scene_.surroundings.lack(mapping, false).way.rules.empty()) {
      check_table(mapping);
    }
  }

 private:
  /// That of @p mapping, which its rule leads to, is for others to fill.
  void check_table(const Mapping &mapping) {
    const Route route = scene_.router.route({.to = far_away(family_), .mark = mapping.mark->value});
    if (route.error == 0 && route.table != *mapping.table) {
      const std::string table = std::to_string(*mapping.table);
      findings_.add(Severity::leak, mapping,
                    std::string(to_string(family_)) + " packets that table " + table +
                        " has no route for go by the main table",
                    std::string(family_ == Family::ipv4 ? "ip -4" : "ip -6") +
                        " route add unreachable default metric 4294967295 table " + table);
    }
  }

  /// Whether the packet ends where rule number @p index leads: its table may be empty, or the rule
  /// may leave default routes out. Asked once for each mark.
  bool decides(std::size_t index, const RouteQuestion &packet) {
    const std::uint32_t table = rules_[index].table;
    if (table == 0) {
      return true;
    }
    const auto [known, is_new] = decides_.try_emplace({index, packet.mark});
    if (is_new) {
      const Route route = scene_.router.route(packet);
      known->second = route.error == 0 && route.table == table;
    }
    return known->second;
  }

  Family family_;
  Scene &scene_;
  Findings &findings_;
  std::vector<AnyRule> rules_;
  std::map<std::pair<std::size_t, std::uint32_t>, bool> decides_;
};

}  // namespace

void check_rules(Scene &scene, Findings &findings) {
  for (const Family family : kFamilies) {
    if (!scene.surroundings.has(family)) {
      continue;
    }
    RulesOf rules(family, scene, findings);
    for (const Mapping *mapping : scene.mappings) {
      if (mapping->mark && mapping->table) {
        rules.check(*mapping);
      }
    }
  }
}

}  // namespace ownroute::detail
