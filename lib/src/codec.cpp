// SPDX-License-Identifier: LGPL-2.1-or-later
#include "codec.hpp"

#include <linux/genetlink.h>
#include <linux/ownroute.h>

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

}  // namespace

std::size_t encoded_size(const Mapping &mapping) {
  constexpr std::size_t kHeaders = 3 * NLA_HDRLEN + 3 * NLA_ALIGNTO;
  return kHeaders + sizeof(ownroute_mapping) + mapping.comment.size() + 1 + OWNROUTE_USERDATA_MAX;
}

void put_mapping(Message &request, const Mapping &mapping) {
  const Mark mark = mapping.mark.value();
  const ownroute_mapping wire{.size = sizeof(wire),
                              .flags = 0,
                              .id = mapping.id,
                              .priority = mapping.priority,
                              .match = OWNROUTE_MATCH_UID,
                              .action = OWNROUTE_ACTION_MARK,
                              .uid_min = mapping.uid.min,
                              .uid_max = mapping.uid.max,
                              .mark = mark.value,
                              .mask = mark.mask,
                              .gid_min = 0,
                              .gid_max = 0,
                              .cgroup = 0};
  request.put(OWNROUTE_A_MAPPING, &wire, sizeof(wire));
  if (!mapping.comment.empty()) {
    request.put(OWNROUTE_A_COMMENT, mapping.comment);
  }
  const std::vector<std::uint8_t> userdata = encode_userdata(mapping);
  if (!userdata.empty()) {
    request.put(OWNROUTE_A_USERDATA, userdata.data(), userdata.size());
  }
}

KernelMapping read_mapping(const nlmsghdr &answer) {
  const Attributes attributes(answer, sizeof(genlmsghdr));
  const auto wire =
      read_struct<ownroute_mapping>(attributes, OWNROUTE_A_MAPPING, OWNROUTE_MAPPING_SIZE_VER0);
  const auto stats =
      read_struct<ownroute_stats>(attributes, OWNROUTE_A_STATS, OWNROUTE_STATS_SIZE_VER0);
  KernelMapping read;
  Mapping &mapping = read.mapping;
  mapping.id = wire.id;
  mapping.priority = wire.priority;
  mapping.uid = {wire.uid_min, wire.uid_max};
  if (wire.action == OWNROUTE_ACTION_MARK) {
    mapping.mark = Mark{wire.mark, wire.mask};
  }
  mapping.comment = attributes.text(OWNROUTE_A_COMMENT);
  decode_userdata(attributes.bytes(OWNROUTE_A_USERDATA), mapping);
  read.stats = {stats.packets, stats.bytes};
  return read;
}

Info read_info(const nlmsghdr &answer) {
  const Attributes attributes(answer, sizeof(genlmsghdr));
  const auto wire =
      read_struct<ownroute_info>(attributes, OWNROUTE_A_INFO, OWNROUTE_INFO_SIZE_VER0);
  return {wire.mappings, wire.features, wire.generation};
}

}  // namespace ownroute::detail
