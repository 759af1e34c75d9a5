// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Rules and routes over rtnetlink: the part of them that ownroute has to do with.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ownroute/export.hpp>
#include <ownroute/netns.hpp>
#include <ownroute/policy.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ownroute {

/// FRA_PROTOCOL and rtm_protocol of what is ours, so that it can be told from what isn't.
inline constexpr std::uint8_t kProtocol = 111;
/// Priority of our fwmark rules: above everything that picks a table for all packets.
inline constexpr std::uint32_t kRulePriority = 2000;
/// Priority of our uidrange rules: right below, so that a mark says more than a uid.
inline constexpr std::uint32_t kSourceRulePriority = kRulePriority + 1;
/// Priority of our rules for the LAN and for answers to the outside: above both.
inline constexpr std::uint32_t kLanRulePriority = kRulePriority - 1;
/// Metric of the backstop: the worst, so that any other route in the table wins.
inline constexpr std::uint32_t kBackstopMetric = 0xffffffff;

/// The longest prefix that is a default route in all but name: OpenVPN's redirect-gateway makes
/// 0.0.0.0/1 and 128.0.0.0/1, and for IPv6 ::/3, 2000::/4, 3000::/4 and fc00::/7.
constexpr std::uint32_t widest_lan_prefix(Family family) {
  return family == Family::ipv4 ? 1 : 7;
}

/// A policy rule that looks at the mark or the uid and nothing else: "fwmark VALUE/MASK lookup
/// TABLE", "uidrange N-M lookup TABLE".
struct Rule {
  Family family = Family::ipv4;
  std::uint32_t priority = kRulePriority;
  /// Of mask 0 if the rule looks at the uid.
  Mark mark = {};
  std::uint32_t table = 0;
  std::uint8_t protocol = kProtocol;
  std::optional<UidRange> uid = {};
  /// suppress_prefixlength: routes of this prefix length, or a shorter one, don't count.
  std::optional<std::uint32_t> suppress = {};

  /// Whether it sends all packets that it is for to its table.
  bool takes_all() const { return !suppress; }

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
  /// False if no rules for uids can be made: the namespace belongs to another user namespace than
  /// the caller's.
  bool uid_rules = true;
  /// net.ipv4.conf.all.rp_filter: counts for each device whose own is lower.
  std::uint32_t rp_filter = 0;
};

/// A network device.
struct Device {
  /// Its own name, where it was asked for by an alternative one.
  std::string name = {};
  unsigned index = 0;
  bool up = false;
  /// False if the device can't carry IPv6 routes (disable_ipv6, or an MTU below 1280).
  bool ipv6 = false;
  /// None if the device has no IPv4.
  std::map<Setting, std::uint32_t> settings = {};
};

/// A policy rule of any kind, as far as it says something about the packets of this host.
struct AnyRule {
  std::uint32_t priority = 0;
  /// "lookup", "unreachable", "blackhole", "prohibit", "goto" …
  std::string action = {};
  /// 0 unless the action is lookup.
  std::uint32_t table = 0;
  /// suppress_prefixlength: routes of this prefix length, or a shorter one, don't count.
  std::optional<std::uint32_t> suppress = {};
  /// None if it doesn't look at the mark.
  std::optional<Mark> mark = {};
  std::optional<UidRange> uid = {};
  /// Destination, with its prefix length.
  std::optional<Address> to = {};
  std::uint8_t to_length = 0;
  /// 0: any.
  std::uint8_t ip_protocol = 0;
  /// Destination ports, from and to; none: any.
  std::optional<std::pair<std::uint16_t, std::uint16_t>> ports = {};
  /// "not": it is for all packets but those.
  bool inverted = false;
  /// Looks at something else too (source, device, TOS, tunnel …).
  bool other = false;
  /// FRA_PROTOCOL, see kProtocol.
  std::uint8_t protocol = 0;
};

/// In the words of ip-rule(8): "priority 2000 fwmark 0x1111 lookup 200"; "..." stands for what
/// other says.
OWNROUTE_API std::string to_string(const AnyRule &rule);

/// A packet to find a route for.
struct RouteQuestion {
  Address to = {};
  std::uint32_t mark = 0;
  /// None: nobody's.
  std::optional<std::uint32_t> uid = {};
  /// IPPROTO_TCP …; 0: not said.
  std::uint8_t protocol = 0;
  std::optional<std::uint16_t> port = {};
};

/// What the kernel answers.
struct Route {
  /// errno value of the error that a sender gets, positive; 0 if there is a way.
  int error = 0;
  /// "unicast", "local", "unreachable", "blackhole" …, as ip-route(8) calls it; for an error, what
  /// that error means.
  std::string type = {};
  /// 0 if the kernel doesn't say, as for an error.
  std::uint32_t table = 0;
  std::string dev = {};
  std::optional<Address> via = {};
  /// Preferred source address.
  std::optional<Address> source = {};
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
  /// Of both families, those of the device @p name.
  /// @throws Error not_found.
  std::vector<Address> addresses(const std::string &name);

  Routing routing();
  /// All rules of @p family in the order in which the kernel tries them.
  std::vector<AnyRule> rules(Family family);
  /// No way is no Error: see Route::error.
  Route route(const RouteQuestion &question);
  /// Of the route that is found, as it is in its table: 0 for a default route, and where there is
  /// none.
  unsigned prefix_length(const RouteQuestion &question);
  /// Whether a packet with @p mark that comes in by device @p dev, from @p from to this host's @p
  /// to, passes the reverse-path filter (rp_filter). For IPv4, which alone has one.
  /// @throws Error not_found if there is no device @p dev.
  bool lets_in(const std::string &dev, const Address &from, const Address &to, std::uint32_t mark);

  void add(const Rule &rule);
  void del(const Rule &rule);
  void add(const DefaultRoute &route);
  void del(const DefaultRoute &route);

  /// Of the device @p name.
  /// @throws Error not_found.
  void set(const std::string &name, Setting setting, std::uint32_t value);

 private:
  class OWNROUTE_HIDDEN Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ownroute
