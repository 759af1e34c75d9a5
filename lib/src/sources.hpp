// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Which mappings have rules for their uids, so that the first route lookup, before there is a
/// mark, gives the source address of their table. That depends on all mappings: the kernel tries
/// these rules for whoever has the uid, so none may be there for packets that meet another mapping.
#pragma once

#include <ownroute/client.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ownroute::detail {

/// Of how many mappings it is looked at whether they can have such a rule, the first ones: every
/// route lookup of the namespace goes through the rules one by one.
inline constexpr std::size_t kMostSourceRules = 256;

struct Sources {
  /// The mappings that have source_rules().
  std::unordered_set<const Mapping *> ruled = {};
  /// Those that want them and have none, and why: "mapping 2 comes before it and …".
  std::vector<std::pair<const Mapping *, std::string>> without = {};
  /// Why one with Source::rule can't have them; empty: all do.
  std::string refusal = {};
};

std::vector<const Mapping *> pointers_to(const std::vector<KernelMapping> &mappings);

/// Whether @p mapping, complete, has source rules if nothing speaks against it.
bool wants_source_rule(const Mapping &mapping);

/// Whether packets of @p mapping's uids that meet @p other, in front of it, go elsewhere, or are to
/// keep their source address.
bool shadows(const Mapping &other, const Mapping &mapping);

/// @p mappings are all of the namespace, in any order, with their ids. Where the namespace belongs
/// to another user namespace, such rules can't be made, and which uids they are for is told in
/// numbers of another one: it is as if there were none.
Sources sources_of(std::vector<const Mapping *> mappings, const Routing &routing);

/// The same. Throws Error refused where one with Source::rule can't have them; for another user
/// namespace, only if one of @p changed, new among @p mappings, is the reason, or one of them comes
/// in front of another mapping's rule, which can't be deleted either.
Sources granted_sources(std::vector<const Mapping *> mappings,
                        const std::unordered_set<const Mapping *> &changed, const Routing &routing);

std::vector<Rule> source_rules(const Mapping &mapping, bool ipv6);

}  // namespace ownroute::detail
