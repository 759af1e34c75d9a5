// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The last step of every command that changes something.
#pragma once

#include <ostream>
#include <ownroute/session.hpp>

#include "options.hpp"

namespace ownroute::cli {

/// Says what a plan did: @p others are its steps that are no mapping's.
using PrintChanges = void (*)(std::ostream &out, const Plan &others, const Changes &changes,
                              bool json);

/// Prints the mappings that were made or replaced, nothing if there are none.
void print_made(std::ostream &out, const Plan &others, const Changes &changes, bool json);

/// Carries out @p plan and prints what it did, unless it is to be quiet; with --dry-run prints the
/// plan alone. Returns what it did.
Changes carry_out(Session &session, Plan plan, const Options &options, std::ostream &out,
                  PrintChanges print = print_made);

}  // namespace ownroute::cli
