// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plans.hpp"

#include <algorithm>
#include <cerrno>
#include <ownroute/error.hpp>
#include <unordered_map>
#include <utility>

#include "choose.hpp"
#include "conflict.hpp"
#include "planner.hpp"

namespace ownroute::detail {
namespace {

/// The mappings that have @p ids, in their order; they are taken out of @p mappings.
std::vector<Mapping> take(std::vector<KernelMapping> &mappings,
                          const std::vector<std::uint32_t> &ids) {
  std::unordered_map<std::uint32_t, std::optional<Mapping>> wanted;
  for (const std::uint32_t id : ids) {
    wanted.try_emplace(id);
  }
  std::erase_if(mappings, [&](KernelMapping &kernel) {
    const auto found = wanted.find(kernel.mapping.id);
    if (found == wanted.end()) {
      return false;
    }
    found->second = std::move(kernel.mapping);
    return true;
  });
  std::vector<Mapping> taken;
  for (const std::uint32_t id : ids) {
    std::optional<Mapping> &mapping = wanted.at(id);
    if (!mapping) {
      throw Error(ErrorKind::refused,
                  "no mapping has id " + std::to_string(id) + ": give one that is there", ENOENT);
    }
    // An id that is given twice is gone the second time.
    taken.push_back(*std::exchange(mapping, std::nullopt));
  }
  return taken;
}

/// What is to be done for @p wanted as a new mapping.
Change change_for(Mapping wanted, Client &client, Surroundings &surroundings) {
  surroundings.settle(wanted);
  const Ipv6 ipv6 = surroundings.check_way(wanted);
  Completed completed = complete(std::move(wanted), surroundings.routing(), surroundings.names(),
                                 ipv6, [&] { return marks_of(client.list()); });
  Mapping &mapping = completed.mapping;
  const Needs needs = needs_of(mapping, ipv6);
  Change change;
  if (completed.names_table) {
    change.new_names = {{.add = true, .table = *mapping.table, .name = mapping.table_name}};
  }
  change.added = lacking(needs, surroundings.present());
  change.obstacles = in_the_way(needs, surroundings.routing());
  change.mappings.emplace_back(std::in_place_type<MappingStep>, std::nullopt, std::move(mapping));
  return change;
}

std::vector<const Mapping *> pointers_to(const std::vector<KernelMapping> &mappings) {
  std::vector<const Mapping *> pointers;
  pointers.reserve(mappings.size());
  std::ranges::transform(mappings, std::back_inserter(pointers),
                         [](const KernelMapping &kernel) { return &kernel.mapping; });
  return pointers;
}

}  // namespace

Plan plan_add(Mapping wanted, Client &client, Surroundings &surroundings) {
  Change change = change_for(std::move(wanted), client, surroundings);
  // There may be many mappings: they are asked for only if it matters.
  if (!change.obstacles.empty()) {
    const std::vector<KernelMapping> mappings = client.list();
    refuse_if_needed(change.obstacles, pointers_to(mappings));
  }
  return in_safe_order(std::move(change));
}

Plan plan_replace(Mapping wanted, Client &client, Surroundings &surroundings) {
  Change change = change_for(std::move(wanted), client, surroundings);
  auto &step = std::get<MappingStep>(change.mappings.front());
  std::vector<KernelMapping> present = client.list();
  step.before = take(present, {step.after->id}).front();
  std::vector<const Mapping *> staying = pointers_to(present);
  refuse_if_needed(change.obstacles, staying);
  staying.push_back(&*step.after);
  add_surplus(change, {&*step.before}, staying, surroundings.routing(), surroundings.names());
  return in_safe_order(std::move(change));
}

Plan plan_del(const std::vector<std::uint32_t> &ids, Client &client, Surroundings &surroundings) {
  std::vector<KernelMapping> staying = client.list();
  const std::vector<Mapping> gone = take(staying, ids);
  Change change;
  std::vector<const Mapping *> pointers;
  for (const Mapping &mapping : gone) {
    change.mappings.emplace_back(std::in_place_type<MappingStep>, mapping, std::nullopt);
    pointers.push_back(&mapping);
  }
  add_surplus(change, pointers, pointers_to(staying), surroundings.routing(), surroundings.names());
  return in_safe_order(std::move(change));
}

Plan plan_flush(Client &client, Surroundings &surroundings) {
  std::vector<KernelMapping> mappings = client.list();
  Change change;
  // Namespaces share the files: a name that no mapping here uses may be another's.
  add_surplus(change, pointers_to(mappings), {}, surroundings.routing(), surroundings.names());
  change.removed = ours(surroundings.routing());
  if (!mappings.empty()) {
    std::vector<Mapping> before;
    before.reserve(mappings.size());
    std::ranges::transform(mappings, std::back_inserter(before),
                           [](KernelMapping &kernel) { return std::move(kernel.mapping); });
    change.mappings.emplace_back(std::in_place_type<FlushStep>, std::move(before));
  }
  return in_safe_order(std::move(change));
}

}  // namespace ownroute::detail
