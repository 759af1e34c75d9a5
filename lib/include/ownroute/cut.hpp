// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Connections that a new mapping leaves without a way: closed, so that programs connect anew
/// instead of waiting for answers that can't come.
#pragma once

#include <cstddef>
#include <ownroute/client.hpp>
#include <ownroute/export.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <ownroute/sock_diag.hpp>

namespace ownroute {

/// Looks whether the owners of @p mapping can be told by their connections.
/// @throws Error usage if it has a gid, which the kernel doesn't say of a connection.
OWNROUTE_API void validate_cut(const Mapping &mapping);

/// Closes the TCP connections of all owners that meet @p mapping, the kernel's, and whose address
/// is none of its device's; if it has no device, all of them. Connections to this host itself stay;
/// so do those that the mapping leads to the LAN and, if it answers to the outside, those to ports
/// that are listened on.
/// A connection whose cgroup was removed, or is out of the caller's sight, counts by its uid alone.
/// Returns how many it has closed.
/// @throws Error as validate_cut(); not_found if the device has gone; refused, and nothing is
/// closed, if another mapping that has a gid comes first and may be what they meet, or one that has
/// a cgroup, if theirs can't be told; as SockDiag::destroy(), refused with code EOPNOTSUPP for
/// example: some connections may be closed already then.
OWNROUTE_API std::size_t cut(Client &client, Router &router, SockDiag &sock_diag,
                             const Mapping &mapping);

}  // namespace ownroute
