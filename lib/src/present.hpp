// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Whether what is needed is there.
#pragma once

#include <linux/rtnetlink.h>

#include <ownroute/plan.hpp>
#include <ownroute/router.hpp>
#include <set>
#include <string>
#include <vector>

namespace ownroute::detail {

/// Whether it is for us to take it away.
inline bool is_ours(const Rule &rule) {
  return rule.protocol == kProtocol;
}
inline bool is_ours(const DefaultRoute &route) {
  return route.protocol == kProtocol && !route.other_kind;
}

/// @p rule, but to the LAN: to what the main table has a route for that is none for everything.
inline Rule lan_rule(Rule rule) {
  rule.priority = kLanRulePriority;
  rule.table = RT_TABLE_MAIN;
  // wg-quick(8) deletes all rules that look into the main table with length 0.
  rule.suppress = widest_lan_prefix(rule.family);
  return rule;
}

/// @p object as if we had made it.
template <typename Object>
Object as_ours(Object object) {
  object.protocol = kProtocol;
  return object;
}

/// Whether @p present does what @p need asks for, whoever made it.
bool satisfies(const Rule &present, const Rule &need);
/// A need that names a gateway alone leaves the device to the kernel.
bool satisfies(const DefaultRoute &present, const DefaultRoute &need);

/// A namespace's rules and routes, for many questions.
class Present {
 public:
  explicit Present(const Routing &routing);

  void add(const Rule &rule);
  void add(const DefaultRoute &route);

  bool has(const Rule &need) const;
  bool has(const DefaultRoute &need) const;

 private:
  // As if all were ours; routes by a gateway without their device, too.
  std::set<Rule> rules_;
  std::set<DefaultRoute> routes_;
};

/// "IPv4 rule from mark 0x1111 to table 200"
std::string need_words(const Rule &need);
/// "IPv6 default route in table 200"
std::string need_words(const DefaultRoute &need);

/// What of @p needs isn't there, in words.
std::vector<std::string> missing(const Needs &needs, const Present &present);

}  // namespace ownroute::detail
