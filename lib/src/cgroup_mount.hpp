// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Where cgroup v2 is mounted.
#pragma once

#include <istream>
#include <optional>
#include <string>

namespace ownroute::detail {

/// Mount point of cgroup v2 in @p mountinfo, see proc(5); on hybrid systems it has only some of the
/// controllers, and all of the paths. A mount that shows all of the tree goes before one that shows
/// a part.
std::optional<std::string> find_cgroup2(std::istream &mountinfo);

/// The one that this process has. Throws Error of kind not_found.
std::string mount_of_cgroup2();

}  // namespace ownroute::detail
