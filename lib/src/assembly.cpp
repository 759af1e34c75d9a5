// SPDX-License-Identifier: LGPL-2.1-or-later
#include "assembly.hpp"

namespace ownroute::detail {

Assembly::Assembly(const Routing &routing, const TableNames &names, UsedMarks used_marks)
    : routing_(routing), names_(names), used_marks_(std::move(used_marks)), present_(routing) {}

void Assembly::reserve(const Mapping &mapping) {
  used_marks_.add(mapping);
  if (mapping.table) {
    routing_.tables.insert(*mapping.table);
  }
}

bool Assembly::keep(const Mapping &asked, const Mapping &mapping) {
  answers_.try_emplace(asked, mapping.mark, mapping.table);
  return ways_.insert(mapping).second;
}

void Assembly::need(const Needs &needs) {
  for (const Rule &rule : needs.rules) {
    if (rules_.insert(rule).second) {
      needs_.rules.push_back(rule);
    }
    if (!present_.has(rule)) {
      present_.add(rule);
      routing_.rules.push_back(rule);
      lacking_.rules.push_back(rule);
    }
  }
  for (const DefaultRoute &route : needs.routes) {
    if (routes_.insert(route).second) {
      needs_.routes.push_back(route);
    }
    if (!present_.has(route)) {
      present_.add(route);
      routing_.routes.push_back(route);
      routing_.tables.insert(route.table);
      lacking_.routes.push_back(route);
    }
  }
}

void Assembly::complete(Mapping &mapping, Ipv6 ipv6) {
  if (const auto known = answers_.find(mapping); known != answers_.end()) {
    std::tie(mapping.mark, mapping.table) = known->second;
    return;
  }
  Mapping asked = mapping;
  if (const auto named = named_.find(mapping.table_name); named != named_.end()) {
    mapping.table = named->second;
  }
  Completed completed =
      detail::complete(std::move(mapping), routing_, names_, ipv6, [&] { return used_marks_; });
  mapping = std::move(completed.mapping);
  if (completed.names_table) {
    new_names_.push_back({.add = true, .table = *mapping.table, .name = mapping.table_name});
    named_[mapping.table_name] = *mapping.table;
  }
  reserve(mapping);
  need(needs_of(mapping, ipv6));
  answers_.emplace(std::move(asked), std::pair(mapping.mark, mapping.table));
}

void Assembly::choose_inbound(Mapping &mapping, Ipv6 ipv6) {
  if (mapping.inbound_means() != Inbound::back || mapping.inbound_mark != 0) {
    return;
  }
  const std::uint32_t mask = mapping.mark->mask;
  auto known = inbound_.find(mask);
  if (known == inbound_.end()) {
    known = inbound_.emplace(mask, inbound_mark_for(mapping, routing_, used_marks_)).first;
  }
  mapping.inbound_mark = known->second;
  if (ways_.insert(mapping).second) {
    need({.rules = needs_of(mapping, ipv6).rules, .routes = {}});
  }
}

}  // namespace ownroute::detail
