// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The last things that a process does before it is another program.
#pragma once

#include "identity.hpp"
#include "words.hpp"

namespace ownroute::cli {

/// Takes the ids and groups of @p identity; all privileges go, unless it is root's.
/// @throws Error refused
void take_on(const Identity &identity);

/// Becomes @p command, with @p environment. If that can't be, says on standard error why, and
/// returns the exit status that env(1) has then: 127 if it isn't found, else 126.
int become(Words command, const Environment &environment);

}  // namespace ownroute::cli
