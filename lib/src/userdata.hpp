// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A mapping's routing half, and the path of its cgroup, as the bytes that the kernel keeps with
/// it. They are netlink attributes, so that a later library may add to them and an earlier one pass
/// over what it doesn't know.
#pragma once

#include <cstdint>
#include <ownroute/policy.hpp>
#include <vector>

#include "attributes.hpp"

namespace ownroute::detail {

/// Empty if @p mapping has nothing of it.
std::vector<std::uint8_t> encode_userdata(const Mapping &mapping);

/// Fills in what @p mapping, which has what the kernel tells of it, lacks. Bytes that another
/// program left there may say anything: they are taken as a whole, or not at all.
void decode_userdata(Bytes bytes, Mapping &mapping);

}  // namespace ownroute::detail
