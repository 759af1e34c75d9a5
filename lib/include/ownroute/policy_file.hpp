// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A Policy as TOML: what `ownroute apply` reads and `ownroute export` writes.
#pragma once

#include <ownroute/export.hpp>
#include <ownroute/policy.hpp>
#include <string>
#include <string_view>

namespace ownroute {

/// Reads @p text: tables [[mapping]] with the words of ownroute(8) as keys, flags as booleans.
/// Users and groups are looked up in the system's databases; a table's name is left as
/// Mapping::table_name. Every mapping is validated. @p name stands before the line in messages:
/// "FILE:LINE:COLUMN: ...".
/// @throws Error usage for what makes no sense, not_found for an unknown user or group.
OWNROUTE_API Policy read_policy(std::string_view text, std::string_view name);

/// What read_policy() reads, users and groups by number. Ids are written where there are any.
OWNROUTE_API std::string write_policy(const Policy &policy);

}  // namespace ownroute
