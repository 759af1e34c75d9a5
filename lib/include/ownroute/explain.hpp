// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Where an owner's packets go, and why: asked of the kernel.
#pragma once

#include <cstdint>
#include <optional>
#include <ownroute/client.hpp>
#include <ownroute/export.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <string>
#include <vector>

namespace ownroute {

/// A packet to ask about.
struct Question {
  /// With its cgroup_id, if it has a cgroup.
  Owner owner = {};
  Address to = {};
  /// IPPROTO_TCP …; 0: not said. A port says TCP where this is 0.
  std::uint8_t protocol = 0;
  /// Destination port, in host byte order.
  std::optional<std::uint16_t> port = {};
};

/// A mapping that the packet might have met and doesn't.
struct NearMapping {
  Mapping mapping = {};
  /// "gid 100 is not one of the owner's groups", "it comes later than mapping 3" …
  std::string why = {};
};

struct Explanation {
  /// What the packet meets; none: nothing, it goes as all others do.
  std::optional<KernelMapping> mapping = {};
  /// Mappings that share a selector with the owner, or come too late, in the order of matching; at
  /// most 10.
  std::vector<NearMapping> near = {};
  /// The packet's mark behind the mapping; 0 if it has none.
  std::uint32_t mark = 0;
  /// What follows is left out if the mapping blocks the packet.
  ///
  /// Where a question for a name goes instead: one of Mapping::dns.
  std::optional<Address> redirected = {};
  /// The packet is such a question, to this host, and the mapping has name servers of the other
  /// family only: it is dropped, and what follows is left out, too.
  bool dns_refused = false;
  /// The source address, as the first route lookup, before the mark, chooses it; none if that
  /// lookup failed, and with it the packet.
  std::optional<Address> source = {};
  /// What the kernel's NAT makes of it.
  std::optional<Address> nat_source = {};
  /// How the packet goes, its mark looked at: the first one, of a socket without the stamp. A
  /// mapping that marks an IPv4 packet has it routed again as one of uid 0, so that no rule for
  /// uids helps.
  Route route = {};
  /// The rule that leads to route's table; none if none in the namespace does it.
  std::optional<AnyRule> rule = {};
  /// The mapping guards, and drops the packet: route leads to another device.
  bool guarded = false;
};

/// @throws Error
OWNROUTE_API Explanation explain(Client &client, Router &router, const Question &question);

}  // namespace ownroute
