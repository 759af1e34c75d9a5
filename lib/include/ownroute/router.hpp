// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Rules and routes over rtnetlink: the part of them that ownroute has to do with.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ownroute/export.hpp>
#include <ownroute/netns.hpp>
#include <ownroute/policy.hpp>
#include <set>
#include <string>
#include <vector>

namespace ownroute {

/// FRA_PROTOCOL and rtm_protocol of what is ours, so that it can be told from what isn't.
inline constexpr std::uint8_t kProtocol = 111;
/// Priority of our fwmark rules: above everything that picks a table for all packets.
inline constexpr std::uint32_t kRulePriority = 2000;
/// Metric of the backstop: the worst, so that any other route in the table wins.
inline constexpr std::uint32_t kBackstopMetric = 0xffffffff;

/// A policy rule that looks at the mark and nothing else: "fwmark VALUE/MASK lookup TABLE".
struct Rule {
  Family family = Family::ipv4;
  std::uint32_t priority = kRulePriority;
  Mark mark = {};
  std::uint32_t table = 0;
  std::uint8_t protocol = kProtocol;

  friend auto operator<=>(const Rule &, const Rule &) = default;
};

/// A default route of a table. Without dev and via it is the backstop, type unreachable.
struct DefaultRoute {
  Family family = Family::ipv4;
  std::uint32_t table = 0;
  std::string dev = {};
  std::optional<Address> via = {};
  /// 0: the kernel's own (0 for IPv4, 1024 for IPv6).
  std::uint32_t metric = 0;
  std::uint8_t protocol = kProtocol;
  /// Of a kind that we never make (blackhole, several nexthops, a source address of its own …), so
  /// that it is like none of ours.
  bool other_kind = false;

  bool is_backstop() const { return !other_kind && dev.empty() && !via; }

  friend auto operator<=>(const DefaultRoute &, const DefaultRoute &) = default;
};

/// What there is in a network namespace, of both families, anyone's.
struct Routing {
  /// In the order in which the kernel tries them.
  std::vector<Rule> rules = {};
  /// Of all tables but local, main and default.
  std::vector<DefaultRoute> routes = {};
  /// Of every rule that looks at the mark, whatever else it looks at.
  std::set<Mark> marks = {};
  /// Every table that a rule names or a route is in.
  std::set<std::uint32_t> tables = {};
  /// False if the kernel does no IPv6 at all (ipv6.disable=1).
  bool ipv6 = true;
};

/// A network device.
struct Device {
  /// Its own name, where it was asked for by an alternative one.
  std::string name = {};
  unsigned index = 0;
  bool up = false;
  /// False if the device can't carry IPv6 routes (disable_ipv6, or an MTU below 1280).
  bool ipv6 = false;
};

namespace detail {
class Transport;
}

/// Every method throws Error; a change that throws has changed nothing. Move-only; not for use by
/// two threads at once.
class OWNROUTE_API Router {
 public:
  explicit Router(const Netns &netns = Netns::current());
  /// For tests: speaks over @p transport.
  explicit Router(std::unique_ptr<detail::Transport> transport);
  Router(Router &&) noexcept;
  Router &operator=(Router &&) noexcept;
  ~Router();

  /// @throws Error not_found.
  Device device(const std::string &name);

  Routing routing();

  void add(const Rule &rule);
  void del(const Rule &rule);
  void add(const DefaultRoute &route);
  void del(const DefaultRoute &route);

 private:
  class OWNROUTE_HIDDEN Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ownroute
