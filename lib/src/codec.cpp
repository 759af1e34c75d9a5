// SPDX-License-Identifier: LGPL-2.1-or-later
#include "codec.hpp"

#include <linux/genetlink.h>
#include <linux/ownroute.h>

#include <algorithm>
#include <cstring>
#include <ownroute/error.hpp>
#include <string>

#include "attributes.hpp"
#include "userdata.hpp"

namespace ownroute::detail {
namespace {

template <typename Struct>
Struct read_struct(const Attributes &attributes, unsigned type, std::size_t size_ver0) {
  const Bytes bytes = attributes.bytes(type);
  if (bytes.size() < size_ver0) {
    throw Error(ErrorKind::other_version, "the ownroute module's answer has " +
                                              std::to_string(bytes.size()) + " bytes in " +
                                              kOwnrouteDialect.attribute_name(type) + " and not " +
                                              std::to_string(size_ver0) + ": update the module");
  }
  return read_as<Struct>(bytes);
}

/// What the kernel says for a user or group that isn't known.
constexpr std::uint32_t kNobody = 0xffffffff;

constexpr std::uint32_t flag(bool set, std::uint32_t bit) {
  return set ? bit : 0;
}

constexpr std::uint32_t to_wire(Action action) {
  switch (action) {
    case Action::mark:
      break;
    case Action::bypass:
      return OWNROUTE_ACTION_BYPASS;
    case Action::block:
      return OWNROUTE_ACTION_BLOCK;
  }
  return OWNROUTE_ACTION_MARK;
}

Action from_wire(std::uint32_t action) {
  for (const Action known : {Action::mark, Action::bypass, Action::block}) {
    if (to_wire(known) == action) {
      return known;
    }
  }
  throw Error(ErrorKind::other_version, "a mapping has action " + std::to_string(action) +
                                            ", which this library doesn't know: update it");
}

ownroute_mapping to_wire(const Mapping &mapping) {
  ownroute_mapping wire{};
  wire.size = sizeof(wire);
  wire.flags =
      flag(mapping.kernel, OWNROUTE_FLAG_KERNEL) | flag(mapping.suppl, OWNROUTE_FLAG_SUPPL) |
      flag(mapping.nostamp, OWNROUTE_FLAG_NOSTAMP) | flag(mapping.guard, OWNROUTE_FLAG_GUARD) |
      flag(mapping.connmark, OWNROUTE_FLAG_CONNMARK) | flag(mapping.lan, OWNROUTE_FLAG_LAN);
  wire.id = mapping.id;
  wire.priority = mapping.priority;
  wire.action = to_wire(mapping.action);
  if (mapping.uid) {
    wire.match |= OWNROUTE_MATCH_UID;
    wire.uid_min = mapping.uid->min;
    wire.uid_max = mapping.uid->max;
  }
  if (mapping.gid) {
    wire.match |= OWNROUTE_MATCH_GID;
    wire.gid_min = mapping.gid->min;
    wire.gid_max = mapping.gid->max;
  }
  if (!mapping.cgroup.empty()) {
    wire.match |= OWNROUTE_MATCH_CGROUP;
    wire.cgroup = mapping.cgroup_id;
  }
  if (mapping.action == Action::mark) {
    const Mark mark = mapping.mark.value();
    wire.mark = mark.value;
    wire.mask = mark.mask;
    wire.inbound = mapping.inbound_mark;
  }
  return wire;
}

template <typename Field>
void put_address(Field &field, const std::vector<Address> &addresses, Family family) {
  if (const Address *address = find_of(addresses, family)) {
    static_assert(sizeof(field) == 4 || sizeof(field) == 16);
    std::memcpy(&field, address->data(), sizeof(field));
  }
}

ownroute_nat nat_to_wire(const Mapping &mapping) {
  ownroute_nat wire{};
  wire.size = sizeof(wire);
  wire.flags = flag(mapping.source_means() == Source::masquerade, OWNROUTE_NAT_MASQUERADE);
  put_address(wire.source_ipv4, mapping.source_addresses, Family::ipv4);
  put_address(wire.source_ipv6, mapping.source_addresses, Family::ipv6);
  put_address(wire.dns_ipv4, mapping.dns, Family::ipv4);
  put_address(wire.dns_ipv6, mapping.dns, Family::ipv6);
  return wire;
}

/// All zeros are none.
template <typename Field>
void take_address(const Field &field, std::vector<Address> &addresses) {
  const auto *bytes = reinterpret_cast<const std::uint8_t *>(&field);
  if (std::any_of(bytes, bytes + sizeof(field), [](auto byte) { return byte != 0; })) {
    addresses.push_back(*Address::from_bytes(bytes, sizeof(field)));
  }
}

/// Whether that is what automatic means, isn't said here.
void take_nat(const ownroute_nat &wire, Mapping &mapping) {
  take_address(wire.source_ipv4, mapping.source_addresses);
  take_address(wire.source_ipv6, mapping.source_addresses);
  take_address(wire.dns_ipv4, mapping.dns);
  take_address(wire.dns_ipv6, mapping.dns);
  if (!mapping.source_addresses.empty()) {
    mapping.source = Source::address;
  } else if ((wire.flags & OWNROUTE_NAT_MASQUERADE) != 0) {
    mapping.source = Source::masquerade;
  }
}

void take_wire(const ownroute_mapping &wire, Mapping &mapping) {
  mapping.id = wire.id;
  mapping.priority = wire.priority;
  if ((wire.match & OWNROUTE_MATCH_UID) != 0) {
    mapping.uid = UidRange{wire.uid_min, wire.uid_max};
  }
  if ((wire.match & OWNROUTE_MATCH_GID) != 0) {
    mapping.gid = GidRange{wire.gid_min, wire.gid_max};
  }
  if ((wire.match & OWNROUTE_MATCH_CGROUP) != 0) {
    mapping.cgroup = "id:" + std::to_string(wire.cgroup);
    mapping.cgroup_id = wire.cgroup;
  }
  mapping.suppl = (wire.flags & OWNROUTE_FLAG_SUPPL) != 0;
  mapping.kernel = (wire.flags & OWNROUTE_FLAG_KERNEL) != 0;
  mapping.nostamp = (wire.flags & OWNROUTE_FLAG_NOSTAMP) != 0;
  mapping.guard = (wire.flags & OWNROUTE_FLAG_GUARD) != 0;
  mapping.connmark = (wire.flags & OWNROUTE_FLAG_CONNMARK) != 0;
  mapping.lan = (wire.flags & OWNROUTE_FLAG_LAN) != 0;
  mapping.inbound_mark = wire.inbound;
  mapping.action = from_wire(wire.action);
  if (mapping.action == Action::mark) {
    mapping.mark = Mark{wire.mark, wire.mask};
  }
}

Mapping read_mapping(const Attributes &attributes) {
  Mapping mapping;
  take_wire(
      read_struct<ownroute_mapping>(attributes, OWNROUTE_A_MAPPING, OWNROUTE_MAPPING_SIZE_VER0),
      mapping);
  if (attributes.find(OWNROUTE_A_NAT)) {
    take_nat(read_struct<ownroute_nat>(attributes, OWNROUTE_A_NAT, OWNROUTE_NAT_SIZE_VER0),
             mapping);
  }
  mapping.dev = attributes.text(OWNROUTE_A_DEVICE);
  mapping.comment = attributes.text(OWNROUTE_A_COMMENT);
  decode_userdata(attributes.bytes(OWNROUTE_A_USERDATA), mapping);
  return mapping;
}

}  // namespace

std::size_t encoded_size(const Mapping &mapping) {
  constexpr std::size_t kHeaders = 5 * NLA_HDRLEN + 5 * NLA_ALIGNTO;
  return kHeaders + sizeof(ownroute_mapping) + sizeof(ownroute_nat) + mapping.dev.size() + 1 +
         mapping.comment.size() + 1 + OWNROUTE_USERDATA_MAX;
}

void put_mapping(Message &request, const Mapping &mapping) {
  const ownroute_mapping wire = to_wire(mapping);
  request.put(OWNROUTE_A_MAPPING, &wire, sizeof(wire));
  if (!mapping.dev.empty()) {
    request.put(OWNROUTE_A_DEVICE, mapping.dev);
  }
  if (mapping.has_nat()) {
    const ownroute_nat nat = nat_to_wire(mapping);
    request.put(OWNROUTE_A_NAT, &nat, sizeof(nat));
  }
  if (!mapping.comment.empty()) {
    request.put(OWNROUTE_A_COMMENT, mapping.comment);
  }
  const std::vector<std::uint8_t> userdata = encode_userdata(mapping);
  if (!userdata.empty()) {
    request.put(OWNROUTE_A_USERDATA, userdata.data(), userdata.size());
  }
}

Mapping read_request(const nlmsghdr &request) {
  return read_mapping(Attributes(request, sizeof(genlmsghdr)));
}

KernelMapping read_mapping(const nlmsghdr &answer) {
  const Attributes attributes(answer, sizeof(genlmsghdr));
  const auto stats =
      read_struct<ownroute_stats>(attributes, OWNROUTE_A_STATS, OWNROUTE_STATS_SIZE_VER0);
  KernelMapping read{.mapping = read_mapping(attributes)};
  read.stats = {.packets = stats.packets,
                .bytes = stats.bytes,
                .stamped = stats.stamped,
                .reroutes = stats.reroutes,
                .drops = stats.drops,
                .guarded = stats.guarded};
  return read;
}

Info read_info(const nlmsghdr &answer) {
  const Attributes attributes(answer, sizeof(genlmsghdr));
  const auto wire =
      read_struct<ownroute_info>(attributes, OWNROUTE_A_INFO, OWNROUTE_INFO_SIZE_VER0);
  return {.mappings = wire.mappings,
          .features = wire.features,
          .generation = wire.generation,
          .limit = wire.limit,
          .older = attributes.bytes(OWNROUTE_A_INFO).size() < sizeof(wire)};
}

NetStats read_net_stats(const nlmsghdr &answer) {
  const Attributes attributes(answer, sizeof(genlmsghdr));
  const auto wire = read_struct<ownroute_net_stats>(attributes, OWNROUTE_A_NET_STATS,
                                                    OWNROUTE_NET_STATS_SIZE_VER0);
  return {.lookups = wire.lookups,
          .misses = wire.misses,
          .ownerless = wire.ownerless,
          .nomem = wire.nomem,
          .refused_invalid = wire.refused_invalid,
          .refused_exists = wire.refused_exists,
          .refused_missing = wire.refused_missing,
          .refused_limit = wire.refused_limit,
          .refused_busy = wire.refused_busy,
          .refused_other = wire.refused_other};
}

GuardedPacket read_guarded(const nlmsghdr &notification) {
  const Attributes attributes(notification, sizeof(genlmsghdr));
  const auto owner =
      read_struct<ownroute_owner>(attributes, OWNROUTE_A_OWNER, OWNROUTE_OWNER_SIZE_VER0);
  const Bytes destination = attributes.bytes(OWNROUTE_A_DESTINATION);
  const auto to = Address::from_bytes(destination.data(), destination.size());
  if (!to) {
    throw Error(ErrorKind::other_version,
                "the ownroute module tells of a packet to no address: update the module");
  }
  GuardedPacket packet{.id = attributes.number(OWNROUTE_A_ID).value_or(0),
                       .dev = attributes.text(OWNROUTE_A_DEVICE),
                       .to = *to};
  if (owner.uid != kNobody) {
    packet.uid = owner.uid;
  }
  return packet;
}

void put_limit(Message &request, std::uint32_t limit) {
  const ownroute_info wire{.size = sizeof(wire),
                           .mappings = 0,
                           .features = 0,
                           .generation = 0,
                           .limit = limit,
                           .reserved = 0};
  request.put(OWNROUTE_A_INFO, &wire, sizeof(wire));
}

std::size_t encoded_size(const Owner &owner) {
  return 2 * NLA_HDRLEN + sizeof(ownroute_owner) + owner.groups.size() * sizeof(std::uint32_t);
}

void put_owner(Message &request, const Owner &owner) {
  const ownroute_owner wire{.size = sizeof(wire),
                            .flags = flag(owner.kernel, OWNROUTE_FLAG_KERNEL),
                            .uid = owner.uid.value_or(kNobody),
                            .gid = owner.gid.value_or(kNobody),
                            .cgroup = owner.cgroup_id};
  request.put(OWNROUTE_A_OWNER, &wire, sizeof(wire));
  if (!owner.groups.empty()) {
    request.put(OWNROUTE_A_GROUPS, owner.groups.data(),
                owner.groups.size() * sizeof(owner.groups.front()));
  }
}

}  // namespace ownroute::detail
