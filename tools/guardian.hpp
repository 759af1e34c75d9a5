// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What `run` makes for its command: a cgroup, and a mapping for that.
#pragma once

#include <sys/types.h>

#include <ownroute/netns.hpp>
#include <ownroute/policy.hpp>
#include <string>

#include "gate.hpp"

namespace ownroute::cli {

/// Puts process @p child in a cgroup @p name of its own with the mapping @p wanted in @p netns, and
/// opens @p gate for it. When everybody has left @p life, kills what is in the cgroup and takes all
/// of this away again; what can't be is said on standard error.
/// @throws Error if that can't be made. Then there is nothing, and no child.
void guard(pid_t child, const std::string &name, Mapping wanted, const Netns &netns, Gate &gate,
           Gate &life);

/// Where the cgroup of process @p child would be.
std::string planned_cgroup(pid_t child, const std::string &name);

}  // namespace ownroute::cli
