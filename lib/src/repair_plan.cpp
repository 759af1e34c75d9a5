// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cerrno>
#include <iterator>
#include <ownroute/error.hpp>

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
    throw Error(ErrorKind::refused, "no mapping has dev " + cite(dev) + ": see ownroute list",
                ENOENT);
  }
  return meant;
}

/// Of @p needs, which aren't there, adds to @p added what can be made beside what is there.
void admit(const Needs &needs, const Mappings &mappings, const Routing &routing, Needs &added,
           std::vector<std::string> &hindrances) {
  try {
    refuse_if_needed(in_the_way(needs, routing), mappings);
    added.rules.insert(added.rules.end(), needs.rules.begin(), needs.rules.end());
    added.routes.insert(added.routes.end(), needs.routes.begin(), needs.routes.end());
  } catch (const Error &error) {
    if (needs.rules.size() + needs.routes.size() == 1) {
      note(hindrances, error);
      return;
    }
    for (const Rule &rule : needs.rules) {
      admit({.rules = {rule}, .routes = {}}, mappings, routing, added, hindrances);
    }
    for (const DefaultRoute &route : needs.routes) {
      admit({.rules = {}, .routes = {route}}, mappings, routing, added, hindrances);
    }
  }
}

}  // namespace

Repair plan_repair(const std::string &dev, Client &client, Surroundings &surroundings) {
  const std::vector<KernelMapping> present = client.list();
  const Mappings mappings = pointers_to(present);
  const Sources sources = sources_of(mappings, surroundings.routing());
  Assembly assembly(surroundings.routing(), surroundings.names(), {});
  Remembered remembered([&]() -> const auto & { return present; });
  Repair repair;
  for (const Mapping *mapping : those_with(dev, mappings, surroundings)) {
    if (assembly.keep(*mapping, *mapping)) {
      try {
        surroundings.check_device(*mapping);
      } catch (const Error &error) {
        note(repair.hindrances, error);
      }
      assembly.need(surroundings.possible_needs(*mapping));
    }
    if (sources.ruled.contains(mapping)) {
      assembly.need({.rules = source_rules(*mapping, surroundings.routing().ipv6), .routes = {}});
    }
  }
  Change change;
  admit(assembly.lacking(), mappings, surroundings.routing(), change.added, repair.hindrances);
  change.obstacles = in_the_way(change.added, surroundings.routing());
  for (const Mapping *mapping : those_with(dev, mappings, surroundings)) {
    // What was before is remembered by who was there first.
    Mapping unchanged = *mapping;
    add_settings(change, unchanged, remembered, surroundings);
  }
  repair.plan = in_safe_order(std::move(change));
  return repair;
}

}  // namespace ownroute::detail
