// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A kernel that has TCP sockets.
#pragma once

#include <linux/inet_diag.h>
#include <linux/netlink.h>

#include <cstdint>
#include <ownroute/sock_diag.hpp>
#include <string>
#include <vector>

#include "fake_transport.hpp"

namespace ownroute::test {

struct StoredSocket {
  std::string local = {};
  std::string peer = {};
  std::uint32_t uid = 0;
  std::uint64_t cgroup = 0;
  /// 0: no program has it open.
  std::uint32_t inode = 1;
  std::uint8_t state = 1;
  /// An IPv6 socket whatever the addresses are.
  bool mapped = false;
  /// Its own.
  std::uint16_t port = 40000;
};

class FakeSockDiag {
 public:
  std::vector<StoredSocket> sockets;
  /// What it answers to who wants to close one; 0: it is closed.
  int refusal = 0;
  /// What it answers to who asks which there are.
  int dump_refusal = 0;

  SockDiag sock_diag();
  /// Of sockets that were closed, in that order.
  std::vector<std::string> closed_peers;

 private:
  Answers hear(const nlmsghdr &request);
  Answers dump(const nlmsghdr &request);
  Answers destroy(const nlmsghdr &request);
};

}  // namespace ownroute::test
