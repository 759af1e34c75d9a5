// SPDX-License-Identifier: LGPL-2.1-or-later
#include <netinet/in.h>

#include <algorithm>
#include <ownroute/explain.hpp>

#include "any_rule.hpp"
#include "device_address.hpp"
#include "lan.hpp"
#include "nearness.hpp"
#include "text.hpp"

namespace ownroute {
namespace {

constexpr std::size_t kMostNear = 10;

std::vector<NearMapping> near_mappings(const Owner &owner, const std::optional<KernelMapping> &met,
                                       const std::vector<KernelMapping> &mappings) {
  std::vector<NearMapping> near;
  for (const auto &[mapping, stats] : mappings) {
    if (near.size() == kMostNear) {
      break;
    }
    if (met && mapping.id == met->mapping.id) {
      continue;
    }
    const detail::Nearness nearness = detail::nearness(owner, mapping);
    if (nearness.obstacle) {
      if (nearness.shares) {
        near.push_back({mapping, *nearness.obstacle});
      }
    } else if (met) {
      near.push_back({mapping, "it comes later than " + detail::name_of(met->mapping)});
    } else {
      near.push_back({mapping, "it was made or changed just now: ask again"});
    }
  }
  return near;
}

/// The rule of @p rules that leads the packet of @p question to @p route.
std::optional<AnyRule> rule_for(const RouteQuestion &question, const Route &route,
                                const std::vector<AnyRule> &rules, Router &router) {
  const auto leads_there = [&](const AnyRule &rule) {
    if (!detail::is_for(rule, question)) {
      return false;
    }
    if (rule.suppress && rule.table == route.table &&
        router.prefix_length(question) <= *rule.suppress) {
      return false;
    }
    // An error has no table: then it is the rule for the mark or the uid, or one that is the error
    // itself.
    return route.table != 0 ? rule.table == route.table
                            : rule.mark || rule.uid || rule.action == route.type;
  };
  const auto known = std::ranges::find_if(
      rules, [&](const AnyRule &rule) { return !rule.other && leads_there(rule); });
  const auto found = known == rules.end() ? std::ranges::find_if(rules, leads_there) : known;
  return found == rules.end() ? std::nullopt : std::optional(*found);
}

/// Whether @p mapping drops the packet of @p question, that goes by @p route. To this host is by
/// loopback.
bool guards_from(const Mapping &mapping, const RouteQuestion &question, const Route &route,
                 Router &router) {
  if (!mapping.guard || route.error != 0 || route.type == "local" || route.dev == mapping.dev) {
    return false;
  }
  return !mapping.lan || !detail::is_by_lan(route, question, router);
}

bool asks_for_a_name(const RouteQuestion &question) {
  constexpr std::uint16_t kDomain = 53;
  return question.port == kDomain &&
         (question.protocol == IPPROTO_TCP || question.protocol == IPPROTO_UDP);
}

/// Notes what becomes of the packet of @p question, a question for a name, with @p mapping.
void redirect(const Mapping &mapping, RouteQuestion &question, Router &router,
              Explanation &explanation) {
  if (mapping.dns.empty() || !asks_for_a_name(question)) {
    return;
  }
  if (const Address *server = find_of(mapping.dns, question.to.family())) {
    explanation.redirected = question.to = *server;
  } else {
    explanation.dns_refused = router.route(question).type == "local";
  }
}

/// What NAT makes of the source address, @p mapping being what the packet has met.
std::optional<Address> nat_source(const Mapping &mapping, const Explanation &explanation,
                                  Family family, Router &router) {
  if (explanation.route.error != 0 || mapping.dev.empty() || explanation.route.dev != mapping.dev) {
    return std::nullopt;
  }
  if (const Address *address = find_of(mapping.source_addresses, family)) {
    return *address;
  }
  if (mapping.source_means() != Source::masquerade && !explanation.redirected) {
    return std::nullopt;
  }
  return detail::device_address(mapping.dev, family, router);
}

}  // namespace

Explanation explain(Client &client, Router &router, const Question &question) {
  Explanation explanation{.mapping = client.lookup(question.owner)};
  explanation.near = near_mappings(question.owner, explanation.mapping, client.list());
  RouteQuestion packet{.to = question.to,
                       .uid = question.owner.uid,
                       .protocol = question.protocol,
                       .port = question.port};
  if (packet.port && packet.protocol == 0) {
    packet.protocol = IPPROTO_TCP;
  }
  const Mapping *const met = explanation.mapping ? &explanation.mapping->mapping : nullptr;
  if (met != nullptr && met->action == Action::block) {
    return explanation;
  }
  explanation.source = router.route(packet).source;
  if (met != nullptr) {
    redirect(*met, packet, router, explanation);
  }
  if (explanation.dns_refused) {
    return explanation;
  }
  if (met != nullptr && met->mark) {
    explanation.mark = met->mark->value;
    if (question.to.family() == Family::ipv4) {
      // The kernel's ip_route_me_harder() asks for uid 0, whoever sends; IPv6's knows the socket.
      packet.uid = 0;
    }
  }
  packet.mark = explanation.mark;
  explanation.route = router.route(packet);
  if (met != nullptr) {
    explanation.guarded = guards_from(*met, packet, explanation.route, router);
    explanation.nat_source = nat_source(*met, explanation, packet.to.family(), router);
  }
  explanation.rule =
      rule_for(packet, explanation.route, router.rules(question.to.family()), router);
  return explanation;
}

}  // namespace ownroute
