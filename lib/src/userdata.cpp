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
  kTable = 1,   // u32
  // 2 was the device, which is an attribute of the mapping.
  kVia4 = 3,    // 4 bytes
  kVia6 = 4,    // 16 bytes
  kCgroup = 5,  // text with its NUL
  kSource = 6,  // u32, SourceNumber; not there: keep
};

enum SourceNumber : std::uint32_t { kAutomatic = 1, kRule = 2 };

std::uint32_t source_number(const Mapping &mapping) {
  return mapping.source == Source::rule ? kRule : kAutomatic;
}

/// What @p number means for @p mapping, none for what isn't there.
Source source_of(std::optional<std::uint32_t> number, const Mapping &mapping) {
  if (number == kRule) {
    return Source::rule;
  }
  return number == kAutomatic || !mapping.may_have_source_rule() ? Source::automatic : Source::keep;
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
  if (mapping.table && (mapping.source == Source::rule || (mapping.source == Source::automatic &&
                                                           mapping.may_have_source_rule()))) {
    const std::uint32_t number = source_number(mapping);
    append(bytes, kSource, &number, sizeof(number));
  }
  return bytes;
}

void decode_userdata(Bytes bytes, Mapping &mapping) {
  const Attributes attributes(bytes);
  if (bytes.empty() || !attributes.well_formed()) {
    return;
  }
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
  if (decoded.table) {
    decoded.source = source_of(attributes.number(kSource), decoded);
  }
  // What could not have been asked for has not been: nothing may rely on it.
  if (is_valid(decoded)) {
    mapping = std::move(decoded);
  }
}

}  // namespace ownroute::detail
