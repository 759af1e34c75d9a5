// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <iterator>
#include <ownroute/error.hpp>
#include <set>

#include "assembly.hpp"
#include "conflict.hpp"
#include "planner.hpp"
#include "plans.hpp"
#include "settings.hpp"
#include "sources.hpp"
#include "text.hpp"

namespace ownroute::detail {
namespace {

using Mappings = std::vector<const Mapping *>;

void note(std::vector<std::string> &hindrances, const Error &error) {
  if (std::ranges::find(hindrances, error.what()) == hindrances.end()) {
    hindrances.emplace_back(error.what());
  }
}

/// All if @p dev is empty.
Mappings those_with(const std::string &dev, const Mappings &mappings, Surroundings &surroundings) {
  if (dev.empty()) {
    return mappings;
  }
  const auto &device = surroundings.device(dev);
  const std::string &name = device ? device->name : dev;
  Mappings meant;
  std::ranges::copy_if(mappings, std::back_inserter(meant),
                       [&](const Mapping *mapping) { return mapping->dev == name; });
  if (meant.empty()) {
    throw Error(ErrorKind::not_found, "no mapping has dev " + cite(dev) + ": see ownroute list");
  }
  return meant;
}

/// What @p mappings need, as far as it can be there.
Assembly assembled(const Mappings &mappings, const Sources &sources, Surroundings &surroundings) {
  Assembly assembly(surroundings.routing(), surroundings.names(), {});
  for (const Mapping *mapping : mappings) {
    if (assembly.keep(*mapping, *mapping)) {
      assembly.need(surroundings.possible_needs(*mapping));
    }
    if (sources.ruled.contains(mapping)) {
      assembly.need({.rules = source_rules(*mapping, surroundings.routing().ipv6), .routes = {}});
    }
  }
  return assembly;
}

/// Notes which devices of @p mappings can't be gone by.
void check_devices(const Mappings &mappings, Surroundings &surroundings,
                   std::vector<std::string> &hindrances) {
  std::set<std::string> seen;
  for (const Mapping *mapping : mappings) {
    if (!seen.insert(mapping->dev).second) {
      continue;
    }
    try {
      surroundings.check_device(*mapping);
    } catch (const Error &error) {
      note(hindrances, error);
    }
  }
}

/// What is there, and wanted.
struct There {
  const Routing &routing;
  const Mappings &mappings;
  std::vector<Rule> rules;
};

/// Of @p needs, which aren't there, adds to @p change what can be made beside what is there.
void admit(const Needs &needs, const There &there, Change &change,
           std::vector<std::string> &hindrances) {
  try {
    refuse_if_needed(in_the_way(needs, there.routing, there.rules), there.mappings);
    std::ranges::copy(needs.rules, std::back_inserter(change.added.rules));
    std::ranges::copy(needs.routes, std::back_inserter(change.added.routes));
  } catch (const Error &error) {
    if (needs.rules.size() + needs.routes.size() == 1) {
      note(hindrances, error);
      return;
    }
    for (const Rule &rule : needs.rules) {
      admit({.rules = {rule}, .routes = {}}, there, change, hindrances);
    }
    for (const DefaultRoute &route : needs.routes) {
      admit({.rules = {}, .routes = {route}}, there, change, hindrances);
    }
  }
}

}  // namespace

Repair plan_repair(const std::string &dev, Client &client, Surroundings &surroundings) {
  const std::vector<KernelMapping> present = client.list();
  const Mappings mappings = pointers_to(present);
  const Sources sources = sources_of(mappings, surroundings.routing());
  const Mappings meant = those_with(dev, mappings, surroundings);
  Remembered remembered([&]() -> const auto & { return present; });
  Repair repair;
  check_devices(meant, surroundings, repair.hindrances);
  const There there{surroundings.routing(), mappings,
                    assembled(mappings, sources, surroundings).needs().rules};
  Change change;
  admit(assembled(meant, sources, surroundings).lacking(), there, change, repair.hindrances);
  change.obstacles = in_the_way(change.added, there.routing, there.rules);
  for (const Mapping *mapping : meant) {
    const std::size_t settings = change.settings.size();
    Mapping heir = *mapping;
    add_settings(change, heir, remembered, surroundings);
    // Nobody knows yet what to put back.
    if (change.settings.size() != settings && heir.settings_before != mapping->settings_before) {
      change.mappings.emplace_back(std::in_place_type<MappingStep>, *mapping, std::move(heir));
    }
  }
  repair.plan = in_safe_order(std::move(change));
  return repair;
}

}  // namespace ownroute::detail
