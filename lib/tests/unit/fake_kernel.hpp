// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A kernel with the family "ownroute", rules, routes and devices, as far as the library asks it.
#pragma once

#include <linux/netlink.h>
#include <linux/ownroute.h>

#include <compare>
#include <cstdint>
#include <functional>
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
  std::uint32_t match = 1;
  std::uint32_t action = 0;
  std::uint32_t flags = 0;
  std::uint32_t gid_min = 0;
  std::uint32_t gid_max = 0;
  std::uint64_t cgroup = 0;
  std::string device = {};
  std::uint32_t inbound = 0;
  std::vector<std::uint8_t> nat = {};
  /// How often it has been counted: a mapping that is made again begins anew.
  std::uint64_t packets = 0;

  friend auto operator<=>(const StoredMapping &, const StoredMapping &) = default;
};

/// What it holds.
struct World {
  std::multiset<Rule> rules;
  std::multiset<DefaultRoute> routes;
  std::map<std::uint32_t, StoredMapping> mappings;
  /// By their device; one that isn't there is 0.
  std::map<std::pair<std::string, Setting>, std::uint32_t> settings = {};

  friend bool operator==(const World &, const World &) = default;
};

class FakeKernel {
 public:
  World world;
  std::map<std::string, Device> devices;
  /// By their device.
  std::map<std::string, std::vector<Address>> addresses;
  bool loaded = true;
  bool ipv6 = true;
  /// net.ipv4.conf.all.rp_filter
  std::int32_t rp_filter = 0;
  /// Which change it refuses, counted from 1; 0: none.
  int refused_change = 0;
  /// And all after it.
  bool stays_refusing = false;

  int changes = 0;
  int mapping_dumps = 0;
  int transactions = 0;
  std::uint64_t generation = 1;
  std::uint32_t limit = 131072;
  /// Where packets with a mark go; others have no route.
  std::map<std::uint32_t, Route> ways;
  /// Of the routes that are found.
  std::uint8_t prefix_length = 0;
  /// Devices with a reverse-path filter, and the marks that it lets in.
  std::map<std::string, std::set<std::uint32_t>> filters;
  /// How much of its info the module has.
  std::size_t info_size = sizeof(ownroute_info);
  /// Cgroups that were removed.
  std::set<std::uint64_t> gone_cgroups;
  /// Whose routes it was asked for.
  std::vector<std::uint32_t> asked_uids;
  /// Called before each commit: somebody else who is quicker.
  std::function<void()> before_commit;

  /// @p transport is set to what the client speaks over.
  Client client(FakeTransport **transport = nullptr);
  Router router();

  void add_device(const std::string &name, bool up = true, bool ipv6 = true);

 private:
  struct Transaction {
    std::uint64_t generation;
    std::vector<Datagram> changes = {};
    bool spoiled = false;
  };
  using Begun = std::optional<Transaction>;

  Answers hear_generic(const nlmsghdr &request, Begun &transaction);
  Answers begin(const nlmsghdr &request, Begun &transaction);
  Answers commit(const nlmsghdr &request, Begun &transaction);
  Answers change(const nlmsghdr &request, Begun &transaction);
  /// 0, or an error number.
  int make(const nlmsghdr &request);
  Answers info(const nlmsghdr &request);
  Answers set_limit(const nlmsghdr &request);
  Answers lookup(const nlmsghdr &request);
  Answers hear_route(const nlmsghdr &request);

  Answers get_family(const nlmsghdr &request);
  Answers get_mapping(const nlmsghdr &request);
  Answers dump_mappings(const nlmsghdr &request);

  Answers new_rule(const nlmsghdr &request);
  Answers del_rule(const nlmsghdr &request);
  Answers dump_rules(const nlmsghdr &request);
  Answers new_route(const nlmsghdr &request);
  Answers del_route(const nlmsghdr &request);
  Answers dump_routes(const nlmsghdr &request);
  Answers get_route(const nlmsghdr &request);
  Answers get_input_route(unsigned ifindex, std::uint32_t mark, const nlmsghdr &request);
  Answers get_link(const nlmsghdr &request);
  Answers set_link(const nlmsghdr &request);
  Answers get_netconf(const nlmsghdr &request);
  Answers dump_addresses(const nlmsghdr &request);

  /// The refusal, if it is this change's turn.
  std::optional<Answers> refusal(const nlmsghdr &request);
  DefaultRoute requested_route(const nlmsghdr &request) const;

  /// The one that it chose last.
  std::uint32_t last_id_ = 0;
};

}  // namespace ownroute::test
