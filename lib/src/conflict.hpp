// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What stands in the way of what is needed.
#pragma once

#include <ownroute/plan.hpp>
#include <ownroute/router.hpp>
#include <vector>

namespace ownroute::detail {

/// What of ours would keep @p needs from working: rules that lead the same mark elsewhere, default
/// routes that are at least as good. Exceptions from rules are in the way of those that don't ask
/// for them, by @p needs or by @p needed, what mappings need beside them. Throws Error of kind
/// refused for what isn't ours.
Needs in_the_way(const Needs &needs, const Routing &routing, const std::vector<Rule> &needed = {});

/// Throws Error of kind refused if one of @p mappings needs one of @p obstacles; else they are left
/// over from mappings that are gone.
void refuse_if_needed(const Needs &obstacles, const std::vector<const Mapping *> &mappings);

/// Throws Error of kind refused if two of @p mappings have one mark, and one of them has lan: its
/// rule would be for both.
void refuse_if_lan_differs(const std::vector<const Mapping *> &mappings);

}  // namespace ownroute::detail
