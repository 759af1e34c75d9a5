// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Family and AF_INET, AF_INET6.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <ownroute/policy.hpp>

namespace ownroute::detail {

constexpr std::uint8_t to_af(Family family) {
  return family == Family::ipv4 ? AF_INET : AF_INET6;
}

constexpr Family from_af(std::uint8_t af) {
  return af == AF_INET6 ? Family::ipv6 : Family::ipv4;
}

}  // namespace ownroute::detail
