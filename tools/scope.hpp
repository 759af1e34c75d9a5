// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Scopes of systemd: the cgroups of processes that it didn't start, see systemd.scope(5).
#pragma once

#include <sys/types.h>

#include <string>

namespace ownroute::cli {

/// Whether systemd is this system's init, and so the owner of its cgroups.
bool systemd_runs();

/// Moves process @p pid to a new scope @p name, NAME.scope.
/// @throws Error refused
void start_scope(const std::string &name, const std::string &description, pid_t pid);

/// The cgroup of the scope @p name, which @p found, that of a process in it, must be.
/// @throws Error refused if it isn't: systemd has its scopes in cgroups of the first version.
std::string cgroup_of_scope(const std::string &name, const std::string &found);

/// Returns when there is no scope @p name any more.
/// @throws Error refused
void stop_scope(const std::string &name);

}  // namespace ownroute::cli
