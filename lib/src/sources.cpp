// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sources.hpp"

#include <algorithm>
#include <iterator>
#include <ownroute/error.hpp>
#include <tuple>
#include <utility>

#include "present.hpp"
#include "text.hpp"

namespace ownroute::detail {
namespace {

/// One without an id, which the kernel is to choose, comes behind those that have one.
auto place(const Mapping *mapping) {
  return std::tuple(mapping->priority, mapping->id == 0, mapping->id);
}

void sort(std::vector<const Mapping *> &mappings) {
  if (!std::ranges::is_sorted(mappings, {}, place)) {
    std::ranges::sort(mappings, {}, place);
  }
}

/// Whether @p mapping's table has rules of ours for uids. Which uids, can't be said from outside of
/// the user namespace: there they have other numbers.
bool may_have_source_rules(const Mapping &mapping, const Routing &routing) {
  return std::ranges::any_of(routing.rules, [&](const Rule &rule) {
    return rule.uid && rule.table == mapping.table && is_ours(rule);
  });
}

/// Why @p changed can't be: from outside of the user namespace rules for uids stay as they are.
std::string refusal_from_outside(const std::vector<const Mapping *> &mappings,
                                 const std::unordered_set<const Mapping *> &changed,
                                 const Routing &routing) {
  std::size_t candidates = 0;
  for (auto each = mappings.begin(); each != mappings.end(); ++each) {
    const Mapping &mapping = **each;
    if (!wants_source_rule(mapping)) {
      continue;
    }
    if (changed.contains(&mapping)) {
      if (mapping.source == Source::rule) {
        return name_of(mapping) +
               " can't have source rule: the network namespace belongs to another user namespace, "
               "give it source keep";
      }
      continue;
    }
    if (candidates++ >= kMostSourceRules || !may_have_source_rules(mapping, routing)) {
      continue;
    }
    const auto shadow = std::find_if(mappings.begin(), each, [&](const Mapping *other) {
      return changed.contains(other) && shadows(*other, mapping);
    });
    if (shadow != each) {
      return name_of(**shadow) + " comes before " + name_of(mapping) +
             ", whose rule for its uids can only be deleted inside the user namespace that the "
             "network namespace belongs to: do this there";
    }
  }
  return "";
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
  return mapping.table && mapping.source_means() == Source::rule;
}

bool shadows(const Mapping &other, const Mapping &mapping) {
  // What is dropped may be looked up by any way.
  if (other.action == Action::block) {
    return false;
  }
  const bool overlaps =
      !other.uid || (other.uid->min <= mapping.uid->max && mapping.uid->min <= other.uid->max);
  return overlaps &&
         (other.table != mapping.table || other.lan != mapping.lan || other.source == Source::keep);
}

Sources sources_of(std::vector<const Mapping *> mappings, const Routing &routing) {
  Sources sources;
  if (!routing.uid_rules) {
    return sources;
  }
  sort(mappings);
  std::size_t candidates = 0;
  for (auto each = mappings.begin(); each != mappings.end(); ++each) {
    const Mapping &mapping = **each;
    if (!wants_source_rule(mapping)) {
      continue;
    }
    std::string obstacle;
    if (candidates++ >= kMostSourceRules) {
      obstacle = "there are " + std::to_string(kMostSourceRules) + " before it";
    } else {
      const auto shadow = std::find_if(
          mappings.begin(), each, [&](const Mapping *other) { return shadows(*other, mapping); });
      if (shadow == each) {
        sources.ruled.insert(&mapping);
        continue;
      }
      const bool keeps = (*shadow)->table == mapping.table && (*shadow)->lan == mapping.lan;
      obstacle =
          name_of(**shadow) + " comes before it and " +
          (keeps ? "keeps the source of some of its uids" : "takes some of its uids elsewhere");
    }
    if (mapping.source == Source::rule && sources.refusal.empty()) {
      sources.refusal =
          name_of(mapping) + " can't have source rule: " + obstacle + ", give it source keep";
    }
    sources.without.emplace_back(&mapping, std::move(obstacle));
  }
  return sources;
}

Sources granted_sources(std::vector<const Mapping *> mappings,
                        const std::unordered_set<const Mapping *> &changed,
                        const Routing &routing) {
  Sources sources;
  if (routing.uid_rules) {
    sources = sources_of(std::move(mappings), routing);
  } else {
    sort(mappings);
    sources.refusal = refusal_from_outside(mappings, changed, routing);
  }
  if (!sources.refusal.empty()) {
    throw Error(ErrorKind::refused, sources.refusal);
  }
  return sources;
}

std::vector<Rule> source_rules(const Mapping &mapping, bool ipv6) {
  std::vector<Rule> rules;
  for (const Family family : kFamilies) {
    if (family == Family::ipv6 && !ipv6) {
      continue;
    }
    const Rule rule{.family = family,
                    .priority = kSourceRulePriority,
                    .mark = Mark{0, 0},
                    .table = *mapping.table,
                    .uid = mapping.uid};
    if (mapping.lan) {
      rules.push_back(lan_rule(rule));
    }
    rules.push_back(rule);
  }
  return rules;
}

}  // namespace ownroute::detail
