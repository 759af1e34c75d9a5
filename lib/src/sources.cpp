// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sources.hpp"

#include <algorithm>
#include <iterator>
#include <ownroute/error.hpp>
#include <tuple>
#include <utility>

#include "text.hpp"

namespace ownroute::detail {
namespace {

/// One without an id, which the kernel is to choose, comes behind those that have one.
auto place(const Mapping *mapping) {
  return std::tuple(mapping->priority, mapping->id == 0, mapping->id);
}

}  // namespace

std::vector<const Mapping *> pointers_to(const std::vector<KernelMapping> &mappings) {
  std::vector<const Mapping *> pointers;
  pointers.reserve(mappings.size());
  std::ranges::transform(mappings, std::back_inserter(pointers),
                         [](const KernelMapping &kernel) { return &kernel.mapping; });
  return pointers;
}

bool wants_source_rule(const Mapping &mapping) {
  return mapping.table && (mapping.source == Source::rule || (mapping.source == Source::automatic &&
                                                              mapping.may_have_source_rule()));
}

bool shadows(const Mapping &other, const Mapping &mapping) {
  // What is dropped may be looked up by any way.
  if (other.action == Action::block) {
    return false;
  }
  const bool overlaps =
      !other.uid || (other.uid->min <= mapping.uid->max && mapping.uid->min <= other.uid->max);
  return overlaps && (other.table != mapping.table || other.source == Source::keep);
}

Sources sources_of(std::vector<const Mapping *> mappings, const Routing &routing) {
  if (!std::ranges::is_sorted(mappings, {}, place)) {
    std::ranges::sort(mappings, {}, place);
  }
  Sources sources;
  std::size_t candidates = 0;
  for (auto each = mappings.begin(); each != mappings.end(); ++each) {
    const Mapping &mapping = **each;
    if (!wants_source_rule(mapping)) {
      continue;
    }
    std::string obstacle;
    if (!routing.uid_rules) {
      obstacle = "the network namespace belongs to another user namespace";
    } else if (candidates++ >= kMostSourceRules) {
      obstacle = "there are " + std::to_string(kMostSourceRules) + " before it";
    } else {
      const auto shadow = std::find_if(mappings.begin(), each, [&](const Mapping *other) {
        return shadows(*other, mapping);
      });
      if (shadow == each) {
        sources.ruled.insert(&mapping);
        continue;
      }
      const bool keeps = (*shadow)->table == mapping.table;
      obstacle = name_of(**shadow) + " comes before it and " +
                 (keeps ? "keeps the source of some of its uids" : "takes some of its uids elsewhere");
    }
    if (mapping.source == Source::rule && sources.refusal.empty()) {
      sources.refusal =
          name_of(mapping) + " can't have source rule: " + obstacle + ", give it source keep";
    }
  }
  return sources;
}

Sources granted_sources(std::vector<const Mapping *> mappings, const Routing &routing) {
  Sources sources = sources_of(std::move(mappings), routing);
  if (!sources.refusal.empty()) {
    throw Error(ErrorKind::refused, sources.refusal);
  }
  return sources;
}

std::vector<Rule> source_rules(const Mapping &mapping, bool ipv6) {
  std::vector<Rule> rules;
  for (const Family family : kFamilies) {
    if (family == Family::ipv4 || ipv6) {
      rules.push_back({.family = family,
                       .priority = kSourceRulePriority,
                       .mark = Mark{0, 0},
                       .table = *mapping.table,
                       .uid = mapping.uid});
    }
  }
  return rules;
}

}  // namespace ownroute::detail
