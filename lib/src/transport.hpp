// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The seam between the library's logic and libnl's C API: tests put something else behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <ownroute/netns.hpp>

#include "attributes.hpp"

namespace ownroute::detail {

/// What has come already.
struct Arrived {
  enum class Kind {
    nothing,
    datagram,
    /// There was more than the socket could hold, and some is lost.
    overrun,
  };
  Kind kind = Kind::nothing;
  /// Valid until the transport receives again.
  Bytes datagram = {};
};

/// A netlink socket that speaks with the kernel.
class Transport {
 public:
  virtual ~Transport() = default;

  /// @p requests are complete netlink messages, one behind the other. What the kernel answers to
  /// them lies ready when this returns. Throws Error.
  virtual void send(Bytes requests) = 0;
  /// Waits for the kernel's next datagram: one netlink message or several. Valid until the next
  /// call. Throws Error.
  virtual Bytes receive() = 0;
  /// Doesn't wait. Throws Error.
  virtual Arrived receive_now() = 0;

  /// Subscribes to a multicast group, with room for many notifications. Throws Error.
  virtual void join(std::uint32_t group) = 0;
  virtual int fd() const = 0;
};

/// @p protocol is NETLINK_GENERIC, NETLINK_ROUTE …; the socket belongs to @p netns whatever the
/// caller's own namespace is. Throws Error.
std::unique_ptr<Transport> open_transport(const Netns &netns, int protocol);

}  // namespace ownroute::detail
