// SPDX-License-Identifier: LGPL-2.1-or-later
#include "surroundings.hpp"

#include <algorithm>
#include <ownroute/error.hpp>

#include "lan.hpp"
#include "planner.hpp"
#include "settings.hpp"
#include "sources.hpp"
#include "text.hpp"

namespace ownroute::detail {
namespace {

[[noreturn]] void refuse(const std::string &message) {
  throw Error(ErrorKind::refused, message);
}

/// What @p look returns, none if there is no such thing.
template <typename Look>
auto if_found(const Look &look) -> std::optional<decltype(look())> {
  try {
    return look();
  } catch (const Error &error) {
    if (error.kind() != ErrorKind::not_found) {
      throw;
    }
    return std::nullopt;
  }
}

bool is_by_id(const std::string &cgroup) {
  return !cgroup.starts_with('/');
}

}  // namespace

Surroundings::Surroundings(Router &router, const std::filesystem::path &root,
                           const CgroupIdOf &cgroup_id_of)
    : router_(router),
      cgroup_id_of_(cgroup_id_of),
      routing_(router.routing()),
      names_(root),
      present_(routing_) {}

const std::optional<Device> &Surroundings::device(const std::string &name) {
  const auto known = devices_.find(name);
  if (known != devices_.end()) {
    return known->second;
  }
  return devices_[name] = if_found([&] { return router_.device(name); });
}

Ipv6 Surroundings::ipv6_for(const Mapping &mapping) {
  if (!has(Family::ipv6)) {
    return Ipv6::absent;
  }
  const bool blocked = !mapping.dev.empty() && device(mapping.dev) && !device(mapping.dev)->ipv6;
  return blocked ? Ipv6::blocked : Ipv6::routed;
}

void Surroundings::check_device(const Mapping &wanted) {
  if (wanted.dev.empty()) {
    return;
  }
  if (!device(wanted.dev)) {
    // Says so.
    router_.device(wanted.dev);
  }
  if (!device(wanted.dev)->up) {
    refuse("device " + wanted.dev + " is down: bring it up first, ip link set " + wanted.dev +
           " up");
  }
}

void Surroundings::check_servers(const Mapping &wanted) {
  for (const Address &server : wanted.dns) {
    if (!has(server.family())) {
      continue;
    }
    const RouteQuestion question{.to = server};
    const Route route = router_.route(question);
    if (route.type == "local") {
      refuse("dns " + server.to_string() +
             " is this host, which asks on in its own name: give a name server elsewhere");
    }
    if (wanted.lan && route.dev != wanted.dev && is_by_lan(route, question, router_)) {
      refuse("dns " + server.to_string() + " is in the LAN, which lan leads to past " + wanted.dev +
             ": leave lan out, or give a name server behind " + wanted.dev);
    }
  }
}

Ipv6 Surroundings::check_way(const Mapping &wanted) {
  check_device(wanted);
  check_servers(wanted);
  const Ipv6 ipv6 = ipv6_for(wanted);
  if (find_of(wanted.via, Family::ipv6) != nullptr && ipv6 != Ipv6::routed) {
    refuse("via " + find_of(wanted.via, Family::ipv6)->to_string() +
           " can't be reached: IPv6 is off" + (ipv6 == Ipv6::blocked ? " on " + wanted.dev : "") +
           ", turn it on or leave it out");
  }
  return ipv6;
}

Needs Surroundings::possible_needs(const Mapping &mapping) {
  Needs needs = needs_of(mapping, ipv6_for(mapping));
  if (!mapping.dev.empty() && (!device(mapping.dev) || !device(mapping.dev)->up)) {
    std::erase_if(needs.routes, [](const DefaultRoute &route) { return !route.is_backstop(); });
  }
  return needs;
}

void Surroundings::settle(Mapping &wanted) {
  if (!wanted.cgroup.empty()) {
    const auto &id = cgroup_id(wanted.cgroup);
    // Asked again, it says why not.
    wanted.cgroup_id = id ? *id : cgroup_id_of_(wanted.cgroup);
  }
  if (!wanted.dev.empty() && device(wanted.dev)) {
    wanted.dev = device(wanted.dev)->name;
  }
  std::ranges::sort(wanted.via, {}, &Address::family);
  std::ranges::sort(wanted.source_addresses, {}, &Address::family);
  std::ranges::sort(wanted.dns, {}, &Address::family);
  Mapping automatic = wanted;
  automatic.source = Source::automatic;
  if (automatic.source_means() == wanted.source && wanted.source == Source::keep) {
    wanted.source = Source::automatic;
  }
}

Lack Surroundings::lack(const Mapping &mapping, bool has_source_rule) {
  Lack lack{.device = !mapping.dev.empty() && !device(mapping.dev)};
  if (mapping.table) {
    auto known = lacking_.find(mapping);
    if (known == lacking_.end()) {
      known =
          lacking_.emplace(mapping, lacking(needs_of(mapping, ipv6_for(mapping)), present_)).first;
    }
    lack.way = known->second;
  }
  for (const Setting setting : settings_of(mapping)) {
    const auto &there = device(mapping.dev);
    if (const auto needed = there ? change_needed(*there, setting, routing_) : std::nullopt) {
      lack.settings[setting] = *needed;
    }
  }
  if (has_source_rule) {
    lack.source_rules =
        lacking({.rules = source_rules(mapping, routing_.ipv6), .routes = {}}, present_).rules;
  }
  if (!mapping.cgroup.empty() && !is_by_id(mapping.cgroup)) {
    const auto &id = cgroup_id(mapping.cgroup);
    lack.cgroup = id != mapping.cgroup_id;
    lack.other_cgroup = id;
  }
  return lack;
}

std::vector<std::string> Surroundings::missing(const Mapping &mapping, bool has_source_rule) {
  const Lack lack = this->lack(mapping, has_source_rule);
  std::vector<std::string> missing;
  if (lack.device) {
    missing.push_back("device " + mapping.dev);
  }
  const auto note = [&missing](const auto &need) { missing.push_back(need_words(need)); };
  std::ranges::for_each(lack.way.rules, note);
  std::ranges::for_each(lack.way.routes, note);
  for (const auto &[setting, value] : lack.settings) {
    missing.push_back(name_of(mapping.dev, setting) + "=" + std::to_string(value));
  }
  std::ranges::for_each(lack.source_rules, note);
  if (lack.cgroup && !lack.other_cgroup) {
    missing.push_back("cgroup " + mapping.cgroup + " is gone");
  } else if (lack.cgroup) {
    missing.push_back("cgroup " + mapping.cgroup + " was made again (id " +
                      std::to_string(*lack.other_cgroup) + "): replace mapping " +
                      std::to_string(mapping.id));
  }
  return missing;
}

const std::optional<std::uint64_t> &Surroundings::cgroup_id(const std::string &path) {
  const auto known = cgroups_.find(path);
  if (known != cgroups_.end()) {
    return known->second;
  }
  return cgroups_[path] = if_found([&] { return cgroup_id_of_(path); });
}

}  // namespace ownroute::detail
