// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What the command says: words that `add` takes again, or JSON for programs.
#pragma once

#include <ostream>
#include <ownroute/plan.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/session.hpp>
#include <string>
#include <vector>

#include "words.hpp"

namespace ownroute::cli {

/// The words that make @p mapping, quoted for a shell, on one line.
std::string to_words(const Mapping &mapping);

/// The words that name @p selector, as above.
std::string to_words(const Selector &selector);

/// One mapping a line, or a JSON array of them.
void print_mappings(std::ostream &out, const std::vector<Mapping> &mappings, bool json);

/// The same behind columns of counters, and below each what the system lacks of it.
void print_listed(std::ostream &out, const std::vector<Listed> &listed, bool json);

/// One step a line, or a JSON array of them.
void print_steps(std::ostream &out, const std::vector<std::string> &steps, bool json);

/// Likewise.
void print_plan(std::ostream &out, const Plan &plan, bool json);

}  // namespace ownroute::cli
