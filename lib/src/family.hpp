// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The numbers that the kernel has given to the family "ownroute" and to its multicast group.
#pragma once

#include <cstdint>

#include "connection.hpp"

namespace ownroute::detail {

struct FamilyNumbers {
  std::uint16_t id = 0;
  /// Multicast group "events"; 0 if the family doesn't have it.
  std::uint32_t events = 0;
};

inline constexpr const char *kNotLoaded =
    "ownroute module is not loaded: load it with `modprobe ownroute`";

/// Has the kernel load the module, if that is installed.
/// Throws Error: not_loaded if there is no such family, other_version if it isn't ours.
FamilyNumbers resolve_family(Connection &connection);

}  // namespace ownroute::detail
