// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/rtnetlink.h>

#include <algorithm>
#include <ownroute/plan.hpp>
#include <ownroute/words.hpp>

#include "present.hpp"
#include "text.hpp"

namespace ownroute {
namespace {

using detail::to_words;

/// The word of ownroute(8) for a family.
std::string word(Family family) {
  return family == Family::ipv4 ? "ipv4" : "ipv6";
}

std::string verb(bool add) {
  return add ? "add" : "del";
}

std::string selector_and_action(const Mapping &mapping) {
  std::string words = mapping.id == 0 ? "" : " id " + std::to_string(mapping.id);
  words += " priority " + std::to_string(mapping.priority) + " " + detail::selector_words(mapping);
  if (mapping.kernel) {
    words += " kernel";
  }
  if (mapping.action != Action::mark) {
    return words + " " + std::string(to_string(mapping.action));
  }
  if (mapping.mark) {
    words += " mark " + to_string(*mapping.mark);
  }
  if (mapping.source_means() == Source::masquerade) {
    words += " source masquerade";
  }
  for (const Address &address : mapping.source_addresses) {
    words += " source " + address.to_string();
  }
  words += mapping.lan ? " lan" : "";
  for (const Address &address : mapping.dns) {
    words += " dns " + address.to_string();
  }
  words += mapping.guard ? " guard" : "";
  words += mapping.connmark ? " connmark" : "";
  return mapping.nostamp ? words + " nostamp" : words;
}

struct Describer {
  std::string operator()(const TableNameStep &step) const {
    return "table name " + verb(step.add) + " " + std::to_string(step.table) + " " + step.name;
  }
  std::string operator()(const RouteStep &step) const {
    std::string words = "route " + verb(step.add) + " " + word(step.route.family) + " " +
                        to_words(step.route) + " table " + std::to_string(step.route.table);
    return step.route.metric == 0 ? words : words + " metric " + std::to_string(step.route.metric);
  }
  std::string operator()(const RuleStep &step) const {
    return "rule " + verb(step.add) + " " + word(step.rule.family) + " " + to_words(step.rule);
  }
  std::string operator()(const SettingStep &step) const {
    return "set " + detail::name_of(step.dev, step.setting) + "=" + std::to_string(step.after);
  }
  std::string operator()(const MappingStep &step) const {
    if (!step.after) {
      return "mapping del id " + std::to_string(step.before->id);
    }
    return (step.before ? "mapping replace" : "mapping add") + selector_and_action(*step.after);
  }
  std::string operator()(const FlushStep &step) const {
    return "mapping flush (" + std::to_string(step.before.size()) + ")";
  }
};

/// The default route of @p family, if the mapping wants one.
std::optional<DefaultRoute> default_route(const Mapping &mapping, Family family) {
  const Address *via = find_of(mapping.via, family);
  // A gateway in one family only says that there is none in the other.
  if (via == nullptr && !mapping.via.empty()) {
    return std::nullopt;
  }
  DefaultRoute route{.family = family, .table = *mapping.table, .dev = mapping.dev};
  if (via != nullptr) {
    route.via = *via;
  }
  return route;
}

}  // namespace

std::string describe(const Step &step) {
  return std::visit(Describer(), step);
}

Needs needs_of(const Mapping &mapping, Ipv6 ipv6) {
  Needs needs;
  if (mapping.action != Action::mark || !mapping.mark || !mapping.table) {
    return needs;
  }
  std::vector<DefaultRoute> backstops;
  for (const Family family : kFamilies) {
    if (family == Family::ipv6 && ipv6 == Ipv6::absent) {
      continue;
    }
    if (mapping.inbound_mark != 0) {
      // In front of the rule for the uid, which answers have, too.
      needs.rules.push_back({.family = family,
                             .priority = kLanRulePriority,
                             .mark = Mark{mapping.inbound_mark, mapping.mark->mask},
                             .table = RT_TABLE_MAIN});
    }
    if (mapping.lan) {
      needs.rules.push_back(detail::lan_rule({.family = family, .mark = *mapping.mark}));
    }
    needs.rules.push_back({.family = family, .mark = *mapping.mark, .table = *mapping.table});
    if (!mapping.has_default_route()) {
      continue;
    }
    const auto route = default_route(mapping, family);
    if (route && (family == Family::ipv4 || ipv6 == Ipv6::routed)) {
      needs.routes.push_back(*route);
    }
    backstops.push_back({.family = family, .table = *mapping.table, .metric = kBackstopMetric});
  }
  needs.routes.insert(needs.routes.end(), backstops.begin(), backstops.end());
  return needs;
}

std::string detail::need_words(const Rule &rule) {
  const std::string from =
      rule.uid ? "uid " + to_string(*rule.uid) : "mark " + to_string(rule.mark);
  return std::string(to_string(rule.family)) + " rule from " + from +
         (rule.takes_all() ? " to table " + std::to_string(rule.table) : " to the LAN");
}

std::string detail::need_words(const DefaultRoute &route) {
  return std::string(to_string(route.family)) +
         (route.is_backstop() ? " backstop" : " default route") + " in table " +
         std::to_string(route.table);
}

std::vector<std::string> detail::missing(const Needs &needs, const Present &present) {
  std::vector<std::string> words;
  const auto note = [&](const auto &need) {
    if (!present.has(need)) {
      words.push_back(need_words(need));
    }
  };
  std::ranges::for_each(needs.rules, note);
  std::ranges::for_each(needs.routes, note);
  return words;
}

std::vector<std::string> missing(const Mapping &mapping, const Routing &routing, Ipv6 ipv6) {
  return detail::missing(needs_of(mapping, ipv6), detail::Present(routing));
}

}  // namespace ownroute
