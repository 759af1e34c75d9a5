// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <ownroute/error.hpp>
#include <unordered_set>
#include <utility>

#include "assembly.hpp"
#include "choose.hpp"
#include "conflict.hpp"
#include "new_ids.hpp"
#include "pairing.hpp"
#include "planner.hpp"
#include "plans.hpp"
#include "settings.hpp"
#include "text.hpp"

namespace ownroute::detail {
namespace {

using Pairs = std::vector<const Mapping *>;

/// Runs @p work for @p mapping; its errors say which mapping they are about.
template <typename Work>
void about(const Mapping &mapping, const Work &work) {
  try {
    work();
  } catch (const Error &error) {
    throw error.with_message(name_of(mapping) + ": " + error.what());
  }
}

std::vector<Mapping> settled(const Policy &policy, Surroundings &surroundings) {
  std::vector<Mapping> wanted = policy.mappings;
  for (Mapping &mapping : wanted) {
    about(mapping, [&] {
      validate(mapping);
      surroundings.settle(mapping);
      if (!mapping.table && !mapping.table_name.empty()) {
        mapping.table = surroundings.names().number(mapping.table_name);
      }
    });
  }
  return wanted;
}

/// Fills in what @p wanted leave open: as it was chosen for those that they stand for, else anew.
Assembly complete(std::vector<Mapping> &wanted, const Pairs &pairs,
                  const std::vector<KernelMapping> &present, Surroundings &surroundings) {
  Assembly assembly(surroundings.routing(), surroundings.names(), marks_of(present));
  std::vector<Mapping *> open;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Mapping &mapping = wanted[i];
    assembly.reserve(mapping);
    if (pairs[i] == nullptr || !goes_the_way_of(mapping, *pairs[i])) {
      open.push_back(&mapping);
      continue;
    }
    if (assembly.keep(mapping, *pairs[i])) {
      assembly.need(surroundings.possible_needs(*pairs[i]));
    }
    mapping.mark = pairs[i]->mark;
    mapping.table = pairs[i]->table;
    if (mapping.inbound_means() == pairs[i]->inbound_means()) {
      mapping.inbound_mark = pairs[i]->inbound_mark;
    }
  }
  for (Mapping *mapping : open) {
    about(*mapping, [&] { assembly.complete(*mapping, surroundings.check_way(*mapping)); });
  }
  // All marks are known now.
  for (Mapping &mapping : wanted) {
    about(mapping, [&] { assembly.choose_inbound(mapping, surroundings.ipv6_for(mapping)); });
  }
  return assembly;
}

/// First what goes, so that there is room, then what is replaced, then what is made.
std::vector<Step> mapping_steps(std::vector<Mapping> &wanted, const Pairs &pairs,
                                const std::vector<bool> &changes,
                                const std::vector<const Mapping *> &deleted) {
  std::vector<Step> steps;
  steps.reserve(deleted.size() + wanted.size());
  for (const Mapping *mapping : deleted) {
    steps.emplace_back(std::in_place_type<MappingStep>, *mapping, std::nullopt);
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (pairs[i] != nullptr && changes[i]) {
      steps.emplace_back(std::in_place_type<MappingStep>, *pairs[i], std::move(wanted[i]));
    }
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (pairs[i] == nullptr) {
      steps.emplace_back(std::in_place_type<MappingStep>, std::nullopt, std::move(wanted[i]));
    }
  }
  return steps;
}

}  // namespace

Plan plan_apply(const Policy &policy, Client &client, Surroundings &surroundings) {
  const std::vector<KernelMapping> present = client.list();
  std::vector<Mapping> wanted = settled(policy, surroundings);
  const Pairs pairs = pair_up(wanted, present);
  // Asked while it is open what is left open.
  std::vector<bool> changes(wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    changes[i] = pairs[i] == nullptr || !is_as_wanted(wanted[i], *pairs[i]);
  }
  const Assembly assembly = complete(wanted, pairs, present, surroundings);
  Change change;
  Remembered remembered([&]() -> const auto & { return present; });
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    add_settings(change, wanted[i], remembered, surroundings);
    // It is to remember what it didn't have to.
    changes[i] = changes[i] || wanted[i].settings_before != pairs[i]->settings_before;
  }

  Pairs staying, gone, deleted;
  std::unordered_set<const Mapping *> kept, changed;
  NewIds ids(present, wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    staying.push_back(&wanted[i]);
    if (changes[i]) {
      changed.insert(&wanted[i]);
    }
    if (pairs[i] == nullptr) {
      if (wanted[i].id == 0) {
        wanted[i].id = ids.next();
      }
      continue;
    }
    wanted[i].id = pairs[i]->id;
    kept.insert(pairs[i]);
    if (changes[i]) {
      gone.push_back(pairs[i]);
    }
  }
  for (const KernelMapping &kernel : present) {
    if (!kept.contains(&kernel.mapping)) {
      deleted.push_back(&kernel.mapping);
      gone.push_back(&kernel.mapping);
    }
  }

  // Two of them may contradict each other.
  refuse_if_lan_differs(staying);
  const Needs &needs = assembly.needs();
  refuse_if_needed(in_the_way(needs, {.rules = needs.rules, .routes = needs.routes}), staying);
  change.new_names = assembly.new_names();
  change.added = assembly.lacking();
  change.obstacles = in_the_way(needs, surroundings.routing());
  add_surplus(change, gone, staying, surroundings.routing(), surroundings.names());
  add_old_settings(change, gone, staying, surroundings);
  add_source_rules(change, granted_sources(staying, changed, surroundings.routing()),
                   surroundings.routing());
  change.mappings = mapping_steps(wanted, pairs, changes, deleted);
  return in_safe_order(std::move(change));
}

}  // namespace ownroute::detail
