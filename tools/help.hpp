// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The short help; the long one is ownroute(8).
#pragma once

#include <ostream>
#include <span>

#include "verb.hpp"

namespace ownroute::cli {

/// What all of @p verbs do.
void print_help(std::ostream &out, std::span<const Verb *const> verbs);

/// What @p verb does.
void print_help(std::ostream &out, const Verb &verb);

/// True if what stands behind a command's name asks for its help.
bool asks_for_help(Words words);

}  // namespace ownroute::cli
