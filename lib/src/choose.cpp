// SPDX-License-Identifier: LGPL-2.1-or-later
#include "choose.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <ownroute/error.hpp>
#include <ownroute/words.hpp>
#include <ranges>
#include <vector>

#include "present.hpp"
#include "text.hpp"

namespace ownroute::detail {
namespace {

/// The high byte: what others mark packets with (kube-proxy, netavark, wg-quick, Tailscale, mwan3
/// …) lies below it.
constexpr std::uint32_t kMarkSpace = 0xff000000;
constexpr std::uint32_t kMarkStep = 0x01000000;
/// How many marks of a mask are looked at for connections from outside.
constexpr int kInboundTries = 256;
constexpr std::uint32_t kFirstTable = 20000;
constexpr std::uint32_t kLastTable = 20999;

Mark free_mark(const UsedMarks &used_marks, const Routing &routing) {
  std::vector<Mark> free;
  for (std::uint32_t value = kMarkStep; value != 0; value += kMarkStep) {
    free.push_back({value, kMarkSpace});
  }
  for (const std::set<Mark> &marks :
       {std::cref(used_marks.marks), std::cref(used_marks.inbound), std::cref(routing.marks)}) {
    for (const Mark &used : marks) {
      std::erase_if(free, [&](const Mark &mark) { return overlap(used, mark); });
    }
  }
  if (free.empty()) {
    throw Error(ErrorKind::refused, "rules and mappings use all marks under mask " +
                                        hex(kMarkSpace) + ": give a mark of your own");
  }
  return free.front();
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

/// Default routes of ours that are no backstops, by their tables.
std::multimap<std::uint32_t, DefaultRoute> our_ways(const Routing &routing) {
  std::multimap<std::uint32_t, DefaultRoute> ways;
  for (const DefaultRoute &route : routing.routes) {
    if (is_ours(route) && !route.is_backstop()) {
      ways.emplace(route.table, route);
    }
  }
  return ways;
}

/// Whether packets with @p mark go to the LAN first.
bool goes_to_lan(Family family, const Mark &mark, const Routing &routing) {
  const Rule rule = lan_rule({.family = family, .mark = mark});
  return std::ranges::any_of(routing.rules,
                             [&](const Rule &present) { return satisfies(present, rule); });
}

/// Takes mark and table of a mapping that goes exactly the same way, if there is one.
void share(Mapping &mapping, const Routing &routing, Ipv6 ipv6) {
  const auto ways = our_ways(routing);
  Mapping candidate = mapping;
  candidate.mark = Mark();
  candidate.table = 0;
  std::vector<DefaultRoute> wanted = needs_of(candidate, ipv6).routes;
  std::erase_if(wanted, [](const DefaultRoute &route) { return route.is_backstop(); });
  for (const Rule &rule : routing.rules) {
    const auto [from, to] = ways.equal_range(rule.table);
    for (DefaultRoute &route : wanted) {
      route.table = rule.table;
    }
    if (is_ours(rule) && !rule.uid && rule.takes_all() &&
        goes_to_lan(rule.family, rule.mark, routing) == mapping.lan &&
        std::ranges::is_permutation(
            std::ranges::subrange(from, to) | std::views::values, wanted,
            [](const auto &way, const auto &need) { return satisfies(way, need); })) {
      mapping.mark = rule.mark;
      mapping.table = rule.table;
      return;
    }
  }
}

/// A rule for answers to the outside.
bool is_inbound(const Rule &rule) {
  return is_ours(rule) && rule.takes_all() && rule.priority == kLanRulePriority;
}

[[noreturn]] void refuse_inbound(const Mark &mark) {
  throw Error(ErrorKind::refused, "mark " + to_string(mark) +
                                      " is what mappings give to connections from outside: "
                                      "give another mark");
}

void check_not_inbound(const Mark &mark, const Routing &routing) {
  if (std::ranges::any_of(routing.rules, [&](const Rule &rule) {
        return is_inbound(rule) && overlap(rule.mark, mark);
      })) {
    refuse_inbound(mark);
  }
}

/// The table to which a rule of ours sends @p mark already: it can lead to no other.
std::optional<std::uint32_t> table_of(const Mark &mark, const Routing &routing) {
  const auto rule = std::ranges::find_if(routing.rules, [&](const Rule &candidate) {
    return is_ours(candidate) && candidate.takes_all() && candidate.mark == mark;
  });
  return rule == routing.rules.end() ? std::nullopt : std::optional(rule->table);
}

}  // namespace

bool overlap(const Mark &a, const Mark &b) {
  const std::uint32_t common = a.mask & b.mask;
  return common != 0 && ((a.value ^ b.value) & common) == 0;
}

void UsedMarks::add(const Mapping &mapping) {
  if (!mapping.mark) {
    return;
  }
  marks.insert(*mapping.mark);
  if (mapping.inbound_mark != 0) {
    inbound.insert({mapping.inbound_mark, mapping.mark->mask});
  }
}

UsedMarks marks_of(const std::vector<KernelMapping> &mappings) {
  UsedMarks used;
  for (const KernelMapping &kernel : mappings) {
    used.add(kernel.mapping);
  }
  return used;
}

std::uint32_t inbound_mark_for(const Mapping &mapping, const Routing &routing,
                               const UsedMarks &used) {
  const Mark &mark = *mapping.mark;
  const auto is_used = [](const std::set<Mark> &marks, const Mark &candidate) {
    return std::ranges::any_of(marks, [&](const Mark &other) { return overlap(other, candidate); });
  };
  if (is_used(used.inbound, mark)) {
    refuse_inbound(mark);
  }
  std::set<Mark> others;
  std::ranges::set_difference(routing.marks, used.inbound, std::inserter(others, others.end()));
  // Of a mask that has more bits, these are the ones that others don't look at.
  const std::uint32_t bits = (mark.mask & kMarkSpace) != 0 ? mark.mask & kMarkSpace : mark.mask;
  std::uint32_t value = bits;
  for (int tries = 0; value != 0 && tries < kInboundTries; ++tries, value = (value - 1) & bits) {
    const Mark candidate{value, mark.mask};
    if (value != mark.value && !is_used(used.marks, candidate) && !is_used(others, candidate)) {
      return value;
    }
  }
  throw Error(ErrorKind::refused, "rules and mappings use all marks under mask " + hex(mark.mask) +
                                      ": give another mask, or inbound follow");
}

Completed complete(Mapping wanted, const Routing &routing, const TableNames &names, Ipv6 ipv6,
                   const std::function<UsedMarks()> &used_marks) {
  Completed completed{.mapping = std::move(wanted)};
  Mapping &mapping = completed.mapping;
  if (mapping.action != Action::mark) {
    return completed;
  }
  if (mapping.mark) {
    check_not_inbound(*mapping.mark, routing);
  }
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
