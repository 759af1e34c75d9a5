// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Cgroups (v2) by path: the kernel knows them by id.
#pragma once

#include <cstdint>
#include <ownroute/export.hpp>
#include <string>
#include <string_view>

namespace ownroute {

/// @p path, below the mount of cgroup v2, with one slash before each name and none at the end:
/// "/system.slice/x.service"; "/" is the root, which all are below. "id:N" stays as it is.
/// @throws Error usage if it is empty or too long, has ".." or control characters in it.
OWNROUTE_API std::string normal_cgroup(std::string_view path);

/// Id of the cgroup at @p path, as normal_cgroup() returns it: what the kernel calls cgroup_id(). A
/// cgroup that is made again gets another. "id:N" is N.
/// @throws Error not_found if there is no such cgroup, or no cgroup v2 mounted.
OWNROUTE_API std::uint64_t cgroup_id_of(const std::string &path);

}  // namespace ownroute
