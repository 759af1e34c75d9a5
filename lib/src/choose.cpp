// SPDX-License-Identifier: LGPL-2.1-or-later
#include "choose.hpp"

#include <algorithm>
#include <ownroute/error.hpp>
#include <ownroute/words.hpp>

#include "present.hpp"
#include "text.hpp"

namespace ownroute::detail {
namespace {

/// The high byte: what others mark packets with (kube-proxy, netavark, wg-quick, Tailscale, mwan3
/// …) lies below it.
constexpr std::uint32_t kMarkSpace = 0xff000000;
constexpr std::uint32_t kMarkStep = 0x01000000;
constexpr std::uint32_t kFirstTable = 20000;
constexpr std::uint32_t kLastTable = 20999;

Mark free_mark(std::set<Mark> used_marks, const Routing &routing) {
  used_marks.insert(routing.marks.begin(), routing.marks.end());
  for (std::uint32_t value = kMarkStep; value != 0; value += kMarkStep) {
    const Mark mark{value, kMarkSpace};
    if (std::ranges::none_of(used_marks, [&](const Mark &used) { return overlap(used, mark); })) {
      return mark;
    }
  }
  throw Error(ErrorKind::refused, "rules and mappings use all marks under mask " + hex(kMarkSpace) +
                                      ": give a mark of your own");
}

std::uint32_t free_table(const Routing &routing, const TableNames &names) {
  for (std::uint32_t table = kFirstTable; table <= kLastTable; ++table) {
    if (!routing.tables.contains(table) && !names.name(table)) {
      return table;
    }
  }
  throw Error(ErrorKind::refused, "all tables from " + std::to_string(kFirstTable) + " to " +
                                      std::to_string(kLastTable) +
                                      " are in use: give a table of your own");
}

/// Default routes of ours in @p table.
std::vector<DefaultRoute> our_ways(std::uint32_t table, const Routing &routing) {
  std::vector<DefaultRoute> ways;
  std::ranges::copy_if(routing.routes, std::back_inserter(ways), [&](const DefaultRoute &route) {
    return route.table == table && is_ours(route) && !route.is_backstop();
  });
  return ways;
}

/// Whether the ways of ours in the table that @p mapping has are exactly those that it wants.
bool goes_the_same_way(const Mapping &mapping, const Routing &routing, Ipv6 ipv6) {
  std::vector<DefaultRoute> wanted = needs_of(mapping, ipv6).routes;
  std::erase_if(wanted, [](const DefaultRoute &route) { return route.is_backstop(); });
  const std::vector<DefaultRoute> ways = our_ways(*mapping.table, routing);
  return std::ranges::is_permutation(
      ways, wanted, [](const auto &way, const auto &need) { return satisfies(way, need); });
}

/// Takes mark and table of a mapping that goes the same way, if there is one.
void share(Mapping &mapping, const Routing &routing, Ipv6 ipv6) {
  for (const Rule &rule : routing.rules) {
    Mapping candidate = mapping;
    candidate.mark = rule.mark;
    candidate.table = rule.table;
    if (is_ours(rule) && goes_the_same_way(candidate, routing, ipv6)) {
      mapping = std::move(candidate);
      return;
    }
  }
}

/// The table to which a rule of ours sends @p mark already: it can lead to no other.
std::optional<std::uint32_t> table_of(const Mark &mark, const Routing &routing) {
  const auto rule = std::ranges::find_if(routing.rules, [&](const Rule &candidate) {
    return is_ours(candidate) && candidate.mark == mark;
  });
  return rule == routing.rules.end() ? std::nullopt : std::optional(rule->table);
}

}  // namespace

bool overlap(const Mark &a, const Mark &b) {
  const std::uint32_t common = a.mask & b.mask;
  return common != 0 && ((a.value ^ b.value) & common) == 0;
}

Completed complete(Mapping wanted, const Routing &routing, const TableNames &names, Ipv6 ipv6,
                   const std::function<std::set<Mark>()> &used_marks) {
  Completed completed{.mapping = std::move(wanted)};
  Mapping &mapping = completed.mapping;
  if (!mapping.table && !mapping.table_name.empty()) {
    mapping.table = names.number(mapping.table_name);
    completed.names_table = !mapping.table;
    if (completed.names_table && !mapping.has_default_route()) {
      throw Error(ErrorKind::not_found, "no table has the name " + cite(mapping.table_name) +
                                            ": give its number, or dev or via for a new table");
    }
  }
  if (completed.names_table) {
    TableNames::validate(mapping.table_name);
    mapping.table = free_table(routing, names);
  }
  if (!mapping.mark && !mapping.table) {
    share(mapping, routing, ipv6);
  }
  if (!mapping.table && mapping.has_default_route()) {
    mapping.table = mapping.mark ? table_of(*mapping.mark, routing) : std::nullopt;
    mapping.table = mapping.table ? mapping.table : free_table(routing, names);
  }
  if (!mapping.mark) {
    mapping.mark = free_mark(used_marks(), routing);
  }
  validate(mapping);
  return completed;
}

}  // namespace ownroute::detail
