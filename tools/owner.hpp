// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Who is meant by what `explain` is asked.
#pragma once

#include <functional>
#include <optional>
#include <ownroute/client.hpp>
#include <ownroute/users.hpp>

#include "words.hpp"

namespace ownroute::cli {

/// An owner as a login of @p asked's user would be: with the groups that @p groups_of knows, but
/// for a gid that was asked for. Its cgroup_id is not looked up. A kernel socket has no groups.
Owner assume(const Asked &asked,
             const std::function<std::optional<UserGroups>(std::uint32_t uid)> &groups_of);

}  // namespace ownroute::cli
