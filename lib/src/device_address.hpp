// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Addresses that packets leave a device with.
#pragma once

#include <optional>
#include <ownroute/router.hpp>
#include <string>

namespace ownroute::detail {

/// The first address of @p family that @p dev has and that is known beyond its link, if any.
/// Throws Error as Router::addresses().
std::optional<Address> device_address(const std::string &dev, Family family, Router &router);

}  // namespace ownroute::detail
