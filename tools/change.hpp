// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The last step of every command that changes something.
#pragma once

#include <ostream>
#include <ownroute/session.hpp>

#include "options.hpp"

namespace ownroute::cli {

/// Carries out @p plan and prints the mappings that it made; with --dry-run prints the plan alone.
void carry_out(Session &session, const Plan &plan, const Options &options, std::ostream &out);

}  // namespace ownroute::cli
