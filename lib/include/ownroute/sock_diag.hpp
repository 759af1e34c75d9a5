// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// TCP connections over sock_diag(7): who has which, and how to close one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <ownroute/export.hpp>
#include <ownroute/netns.hpp>
#include <ownroute/policy.hpp>
#include <vector>

namespace ownroute {

/// A TCP connection that a socket of this host has, complete or begun.
struct TcpConnection {
  // IPv4 addresses also where the socket is one of IPv6 (IPv4-mapped addresses).
  Address local = {};
  Address peer = {};
  std::uint16_t local_port = 0;
  /// Who made the socket, as the caller's user namespace sees it.
  std::uint32_t uid = 0;
  /// Of the cgroup that the socket was made in, as Mapping::cgroup_id; 0: the kernel knows none.
  std::uint64_t cgroup_id = 0;
  /// Of the socket.
  Family family = Family::ipv4;
  /// What the kernel knows the socket by: struct inet_diag_sockid.
  std::array<std::uint8_t, 48> socket = {};
};

namespace detail {
class Transport;
}

/// Every method throws Error. Move-only; not for use by two threads at once.
class OWNROUTE_API SockDiag {
 public:
  /// @throws Error refused if another user namespace than the caller's owns @p netns: mappings have
  /// their uids from there, and connections would come with others.
  explicit SockDiag(const Netns &netns = Netns::current());
  /// For tests: speaks over @p transport.
  explicit SockDiag(std::unique_ptr<detail::Transport> transport);
  SockDiag(SockDiag &&) noexcept;
  SockDiag &operator=(SockDiag &&) noexcept;
  ~SockDiag();

  /// Those of both families that a program has open. Listening sockets are none, and those that
  /// were closed, or aren't accepted yet, have nobody whose they are.
  std::vector<TcpConnection> connections();
  /// Those that sockets of either family listen on, with repetitions.
  std::vector<std::uint16_t> listening_ports();
  /// Closes @p connection at once: its program gets ECONNABORTED, its peer a reset. False if it was
  /// gone already.
  /// @throws Error refused with code EOPNOTSUPP if the kernel can't.
  bool destroy(const TcpConnection &connection);

 private:
  class OWNROUTE_HIDDEN Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ownroute
