// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Which of the mappings that are there a Pick means.
#pragma once

#include <cstdint>
#include <ownroute/session.hpp>
#include <vector>

#include "words.hpp"

namespace ownroute::cli {

/// Those of @p listed that @p pick names; a SELECTOR names the mappings that were made with it.
/// @throws Error of kind refused if the pick is an id that no mapping has.
std::vector<Listed> pick_all(std::vector<Listed> listed, const Pick &pick);

/// The id of the one mapping that @p pick names.
/// @throws Error of kind refused if there is none, usage with the ids if there are several.
std::uint32_t pick_one(std::vector<Listed> listed, const Pick &pick);

}  // namespace ownroute::cli
