// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The seam between the library's logic and libnl's C API: tests put something else behind it.
#pragma once

#include <netlink/msg.h>

#include <cstdint>
#include <memory>
#include <ownroute/netns.hpp>
#include <vector>

namespace ownroute::detail {

/// A netlink socket that speaks with the kernel.
class Transport {
 public:
  virtual ~Transport() = default;

  /// @p request is complete, its sequence number included. Throws Error.
  virtual void send(nl_msg *request) = 0;
  /// The kernel's next datagram: one netlink message or several. Throws Error.
  virtual std::vector<std::uint8_t> receive() = 0;
};

/// @p protocol is NETLINK_GENERIC or NETLINK_ROUTE; the socket belongs to @p netns whatever the
/// caller's own namespace is. Throws Error.
std::unique_ptr<Transport> open_transport(const Netns &netns, int protocol);

}  // namespace ownroute::detail
