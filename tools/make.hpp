// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The last step of the commands that put one mapping in place.
#pragma once

#include <ostream>
#include <ownroute/netns.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/session.hpp>
#include <string>
#include <vector>

#include "options.hpp"
#include "words.hpp"

namespace ownroute::cli {

/// Whose rules for the source address @p plan, for one mapping, takes away; those of the mapping
/// itself, if it is replaced, don't count. A line each.
std::vector<std::string> lost_source_rules(const Plan &plan);

/// Carries out @p plan, made of @p wanted in @p netns, as carry_out() does, and says on standard
/// error what else changes by it, see lost_source_rules(), unless it is to be quiet. If that is
/// wanted, closes then the connections that the mapping leaves without a way, and says on standard
/// error how many these were, with --dry-run which these would be, unless it is to be quiet.
void make(Session &session, Plan plan, const Wanted &wanted, const Netns &netns,
          const Options &options, std::ostream &out);

}  // namespace ownroute::cli
