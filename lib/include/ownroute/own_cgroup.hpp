// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Cgroups (v2) that are made for some processes, and end with them. Paths are as normal_cgroup()
/// returns them.
#pragma once

#include <sys/types.h>

#include <ownroute/export.hpp>
#include <string>

namespace ownroute {

/// The cgroup that process @p pid is in.
/// @throws Error refused if there is no such process, or no cgroup v2.
OWNROUTE_API std::string cgroup_of(pid_t pid);

/// Makes a cgroup @p name, a file's name, and moves process @p pid there. It lies below the one
/// that the process is in, or, where none can be made there, below the nearest one above. One of
/// this name without processes is taken over. Returns its path.
/// @throws Error refused if it can be made nowhere.
OWNROUTE_API std::string enclose(pid_t pid, const std::string &name);

/// Kills all processes in @p cgroup and below it, and those that they start meanwhile; returns when
/// they are gone. Where no cgroup is, no process is either.
/// @throws Error refused
OWNROUTE_API void kill_processes(const std::string &cgroup);

/// Removes @p cgroup with those below it, all without processes, if it is there.
/// @throws Error refused
OWNROUTE_API void remove_cgroup(const std::string &cgroup);

}  // namespace ownroute
