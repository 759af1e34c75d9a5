// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A network namespace of one test's own, and what an administrator does in it.
#pragma once

#include <gtest/gtest.h>

#include <ownroute/netns.hpp>
#include <string>
#include <vector>

#include "handle.hpp"

namespace ownroute::test {

/// Each test runs in a network namespace of its own, which has the devices lo, tun0 and tun1, up.
class InNamespace : public testing::Test {
 protected:
  InNamespace();
  ~InNamespace() override;

  /// Makes another namespace; the thread stays where it is.
  static Netns make_namespace();

  void set_up(const std::string &device, bool up) const;
  void set_mtu(const std::string &device, unsigned mtu) const;
  void remove(const std::string &device) const;
  /// @p address with its prefix length: "10.2.0.1/24".
  void add_address(const std::string &device, const std::string &address) const;
  /// Writes a file under /proc/sys/net.
  static void set_sysctl(const std::string &name, const std::string &value);
  /// A rule that looks at a mark and at the device that packets came in by.
  void add_rule_with_device(std::uint32_t mark, std::uint32_t table,
                            const std::string &device) const;

  /// All rules and all routes but those that the kernel makes with addresses, a line each.
  std::string routing() const;

 private:
  Netns home_;
  detail::SocketHandle socket_;
};

}  // namespace ownroute::test
