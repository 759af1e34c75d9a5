// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Names that this system knows.
#pragma once

#include "words.hpp"

namespace ownroute::cli {

/// Users and groups of the system's databases, tables of the rt_tables files.
Names system_names();

}  // namespace ownroute::cli
