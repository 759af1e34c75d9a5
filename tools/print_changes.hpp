// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What becomes of mappings, as `apply` and `monitor` tell it.
#pragma once

#include <ostream>
#include <ownroute/events.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/session.hpp>

namespace ownroute::cli {

/// One change a line, or a JSON array of them: @p others, the steps that are no mapping's, then the
/// mappings that were made, changed and withdrawn.
void print_changes(std::ostream &out, const Plan &others, const Changes &changes, bool json);

/// @p event on one line, as words or as a JSON object.
void print_event(std::ostream &out, const Event &event, bool json);

}  // namespace ownroute::cli
