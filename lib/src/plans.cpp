// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plans.hpp"

#include <algorithm>
#include <cerrno>
#include <ownroute/error.hpp>
#include <unordered_map>
#include <utility>

#include "choose.hpp"
#include "conflict.hpp"
#include "new_ids.hpp"
#include "planner.hpp"
#include "settings.hpp"
#include "sources.hpp"

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

/// The kernel's mappings. There may be many: they are asked for if it matters, and once.
class KernelMappings {
 public:
  explicit KernelMappings(Client &client) : client_(client) {}

  std::vector<KernelMapping> &get() {
    if (!mappings_) {
      mappings_ = client_.list();
    }
    return *mappings_;
  }

 private:
  Client &client_;
  std::optional<std::vector<KernelMapping>> mappings_;
};

/// What is to be done for @p wanted as a new mapping.
Change change_for(Mapping wanted, KernelMappings &present, Surroundings &surroundings) {
  surroundings.settle(wanted);
  const Ipv6 ipv6 = surroundings.check_way(wanted);
  Completed completed = complete(std::move(wanted), surroundings.routing(), surroundings.names(),
                                 ipv6, [&] { return marks_of(present.get()); });
  Mapping &mapping = completed.mapping;
  if (mapping.inbound_means() == Inbound::back) {
    mapping.inbound_mark =
        inbound_mark_for(mapping, surroundings.routing(), marks_of(present.get()));
  }
  const Needs needs = needs_of(mapping, ipv6);
  Change change;
  if (completed.names_table) {
    change.new_names = {{.add = true, .table = *mapping.table, .name = mapping.table_name}};
  }
  change.added = lacking(needs, surroundings.present());
  change.obstacles = in_the_way(needs, surroundings.routing());
  Remembered remembered([&]() -> const auto & { return present.get(); });
  add_settings(change, mapping, remembered, surroundings);
  change.mappings.emplace_back(std::in_place_type<MappingStep>, std::nullopt, std::move(mapping));
  return change;
}

/// Whether rules for uids may have to change for @p mapping, new: its own, or those of mappings
/// behind it, whether these rules are there or somebody has deleted them. If not, the mappings, of
/// which there may be many, needn't be looked at.
bool concerns_source_rules(const Mapping &mapping, Client &client) {
  if (wants_source_rule(mapping)) {
    return true;
  }
  if (mapping.action == Action::block) {
    return false;
  }
  if (mapping.uid && mapping.uid->min == mapping.uid->max) {
    // Who has such a rule is known by the uid alone, and so is this owner.
    return client.lookup({.uid = mapping.uid->min}).has_value();
  }
  return true;
}

/// Whether it matters for rules for uids which of @p mapping and @p other, of one priority, has the
/// lower id.
bool id_decides(const Mapping &mapping, const Mapping &other) {
  return mapping.priority == other.priority &&
         ((wants_source_rule(mapping) && shadows(other, mapping)) ||
          (wants_source_rule(other) && shadows(mapping, other)));
}

/// Notes in @p change what the mapping that it makes means for rules for uids, its own and others'.
void add_source_rules_for_new(Change &change, const std::vector<KernelMapping> &present,
                              const Routing &routing) {
  Mapping &mapping = *std::get<MappingStep>(change.mappings.front()).after;
  // The kernel's choice isn't known yet.
  if (mapping.id == 0 && std::ranges::any_of(present, [&](const KernelMapping &kernel) {
        return id_decides(mapping, kernel.mapping);
      })) {
    mapping.id = NewIds(present, {}).next();
  }
  std::vector<const Mapping *> mappings = pointers_to(present);
  mappings.push_back(&mapping);
  add_source_rules(change, granted_sources(std::move(mappings), {&mapping}, routing), routing);
}

}  // namespace

Plan plan_add(Mapping wanted, Client &client, Surroundings &surroundings) {
  KernelMappings present(client);
  Change change = change_for(std::move(wanted), present, surroundings);
  if (!change.obstacles.empty()) {
    refuse_if_needed(change.obstacles, pointers_to(present.get()));
  }
  const auto &made = std::get<MappingStep>(change.mappings.front()).after;
  if (made->lan) {
    std::vector<const Mapping *> all = pointers_to(present.get());
    all.push_back(&*made);
    refuse_if_lan_differs(all);
  }
  if (concerns_source_rules(*made, client)) {
    add_source_rules_for_new(change, present.get(), surroundings.routing());
  }
  return in_safe_order(std::move(change));
}

Plan plan_replace(Mapping wanted, Client &client, Surroundings &surroundings) {
  KernelMappings present(client);
  Change change = change_for(std::move(wanted), present, surroundings);
  auto &step = std::get<MappingStep>(change.mappings.front());
  step.before = take(present.get(), {step.after->id}).front();
  std::vector<const Mapping *> staying = pointers_to(present.get());
  refuse_if_needed(change.obstacles, staying);
  staying.push_back(&*step.after);
  refuse_if_lan_differs(staying);
  add_surplus(change, {&*step.before}, staying, surroundings.routing(), surroundings.names());
  add_old_settings(change, {&*step.before}, staying, surroundings);
  add_source_rules(change, granted_sources(staying, {&*step.after}, surroundings.routing()),
                   surroundings.routing());
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
  add_old_settings(change, pointers, pointers_to(staying), surroundings);
  add_source_rules(change, sources_of(pointers_to(staying), surroundings.routing()),
                   surroundings.routing());
  return in_safe_order(std::move(change));
}

Plan plan_flush(Client &client, Surroundings &surroundings) {
  std::vector<KernelMapping> mappings = client.list();
  Change change;
  // Namespaces share the files: a name that no mapping here uses may be another's.
  add_surplus(change, pointers_to(mappings), {}, surroundings.routing(), surroundings.names());
  add_old_settings(change, pointers_to(mappings), {}, surroundings);
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
