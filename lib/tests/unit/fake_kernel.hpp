// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A kernel with the family "ownroute", rules, routes and devices, as far as the library asks it.
#pragma once

#include <linux/netlink.h>

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ownroute/client.hpp>
#include <ownroute/router.hpp>
#include <set>
#include <string>
#include <vector>

#include "fake_transport.hpp"

namespace ownroute::test {

/// A mapping, its attributes as they came.
struct StoredMapping {
  std::uint32_t id;
  std::uint32_t priority;
  std::uint32_t uid_min;
  std::uint32_t uid_max;
  std::uint32_t mark;
  std::uint32_t mask;
  std::string comment;
  std::vector<std::uint8_t> userdata;

  friend auto operator<=>(const StoredMapping &, const StoredMapping &) = default;
};

/// What it holds.
struct World {
  std::multiset<Rule> rules;
  std::multiset<DefaultRoute> routes;
  std::map<std::uint32_t, StoredMapping> mappings;

  friend bool operator==(const World &, const World &) = default;
};

class FakeKernel {
 public:
  World world;
  std::map<std::string, Device> devices;
  bool loaded = true;
  bool ipv6 = true;
  /// Which change it refuses, counted from 1; 0: none.
  int refused_change = 0;
  /// And all after it.
  bool stays_refusing = false;

  int changes = 0;
  int mapping_dumps = 0;

  Client client();
  Router router();

  void add_device(const std::string &name, bool up = true, bool ipv6 = true);

 private:
  Answers hear_generic(const nlmsghdr &request);
  Answers hear_route(const nlmsghdr &request);

  Answers get_family(const nlmsghdr &request);
  Answers new_mapping(const nlmsghdr &request);
  Answers set_mapping(const nlmsghdr &request);
  Answers del_mapping(const nlmsghdr &request);
  Answers get_mapping(const nlmsghdr &request);
  Answers dump_mappings(const nlmsghdr &request);

  Answers new_rule(const nlmsghdr &request);
  Answers del_rule(const nlmsghdr &request);
  Answers dump_rules(const nlmsghdr &request);
  Answers new_route(const nlmsghdr &request);
  Answers del_route(const nlmsghdr &request);
  Answers dump_routes(const nlmsghdr &request);
  Answers get_link(const nlmsghdr &request);

  /// The refusal, if it is this change's turn.
  std::optional<Answers> refusal(const nlmsghdr &request);
  DefaultRoute requested_route(const nlmsghdr &request) const;
};

}  // namespace ownroute::test
