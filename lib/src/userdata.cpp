// SPDX-License-Identifier: LGPL-2.1-or-later
#include "userdata.hpp"

#include <algorithm>
#include <ownroute/error.hpp>
#include <string>
#include <utility>

namespace ownroute::detail {
namespace {

/// Kept by kernels while libraries come and go: numbers are never used again.
enum UserdataAttribute : std::uint16_t {
  kTable = 1,  // u32
  // 2 was the device, which is an attribute of the mapping.
  kVia4 = 3,    // 4 bytes
  kVia6 = 4,    // 16 bytes
  kCgroup = 5,  // text with its NUL
  kSource = 6,  // u32, SourceNumber; not there: keep, or what the kernel does
  // The settings of the device before, u32 each
  kRpFilter = 7,
  kRouteLocalnet = 8,
  kInbound = 9,  // u32, InboundNumber; not there: automatic
};

enum SourceNumber : std::uint32_t { kAutomatic = 1, kRule = 2 };
enum InboundNumber : std::uint32_t { kBack = 1, kFollow = 2 };

constexpr std::pair<Setting, UserdataAttribute> kSettingAttributes[] = {
    {Setting::rp_filter, kRpFilter}, {Setting::route_localnet, kRouteLocalnet}};

/// Whether @p mapping, of Source::automatic, can't mean anything else than keep. A rule leads to a
/// table, and there may be none.
bool can_only_keep(const Mapping &mapping) {
  const Source means = mapping.source_means();
  return means == Source::keep || (means == Source::rule && !mapping.table);
}

/// What @p number means for @p mapping, none for what isn't there; the mapping has what the kernel
/// does.
Source source_of(std::optional<std::uint32_t> number, Mapping mapping) {
  if (number == kRule) {
    return Source::rule;
  }
  const Source done = mapping.source;
  mapping.source = Source::automatic;
  if (done != Source::automatic) {
    return number == kAutomatic && mapping.source_means() == done ? Source::automatic : done;
  }
  return number == kAutomatic || can_only_keep(mapping) ? Source::automatic : Source::keep;
}

void append(std::vector<std::uint8_t> &bytes, std::uint16_t type, const void *data,
            std::size_t length) {
  const nlattr header{.nla_len = static_cast<std::uint16_t>(NLA_HDRLEN + length), .nla_type = type};
  const auto *header_bytes = reinterpret_cast<const std::uint8_t *>(&header);
  bytes.insert(bytes.end(), header_bytes, header_bytes + sizeof(header));
  const auto *data_bytes = static_cast<const std::uint8_t *>(data);
  bytes.insert(bytes.end(), data_bytes, data_bytes + length);
  bytes.resize(NLA_ALIGN(bytes.size()));
}

bool is_valid(const Mapping &mapping) {
  try {
    validate(mapping);
  } catch (const Error &) {
    return false;
  }
  return true;
}

}  // namespace

std::vector<std::uint8_t> encode_userdata(const Mapping &mapping) {
  std::vector<std::uint8_t> bytes;
  if (mapping.table) {
    append(bytes, kTable, &*mapping.table, sizeof(*mapping.table));
  }
  for (const Address &address : mapping.via) {
    append(bytes, address.family() == Family::ipv4 ? kVia4 : kVia6, address.data(), address.size());
  }
  if (!mapping.cgroup.empty()) {
    append(bytes, kCgroup, mapping.cgroup.c_str(), mapping.cgroup.size() + 1);
  }
  const auto append_number = [&](std::uint16_t type, std::uint32_t number) {
    append(bytes, type, &number, sizeof(number));
  };
  if (mapping.source == Source::rule) {
    append_number(kSource, kRule);
  } else if (mapping.source == Source::automatic && !can_only_keep(mapping)) {
    append_number(kSource, kAutomatic);
  }
  if (mapping.inbound != Inbound::automatic) {
    append_number(kInbound, mapping.inbound == Inbound::back ? kBack : kFollow);
  }
  for (const auto &[setting, attribute] : kSettingAttributes) {
    if (const auto before = mapping.settings_before.find(setting);
        before != mapping.settings_before.end()) {
      append_number(attribute, before->second);
    }
  }
  return bytes;
}

void decode_userdata(Bytes bytes, Mapping &mapping) {
  const bool well_formed = Attributes(bytes).well_formed();
  const Attributes attributes(well_formed ? bytes : Bytes());
  Mapping decoded = mapping;
  decoded.table = attributes.number(kTable);
  for (const auto type : {kVia4, kVia6}) {
    const Bytes via = attributes.bytes(type);
    if (const auto address = Address::from_bytes(via.data(), via.size())) {
      decoded.via.push_back(*address);
    }
  }
  if (!mapping.cgroup.empty() && !attributes.bytes(kCgroup).empty()) {
    decoded.cgroup = attributes.text(kCgroup);
  }
  decoded.source = source_of(attributes.number(kSource), decoded);
  if (const auto inbound = attributes.number(kInbound)) {
    decoded.inbound = inbound == kBack ? Inbound::back : Inbound::follow;
  }
  for (const auto &[setting, attribute] : kSettingAttributes) {
    if (const auto before = attributes.number(attribute)) {
      decoded.settings_before[setting] = *before;
    }
  }
  // What could not have been asked for has not been: nothing may rely on it.
  if (is_valid(decoded)) {
    mapping = std::move(decoded);
  } else {
    mapping.source = source_of(std::nullopt, mapping);
  }
}

}  // namespace ownroute::detail
