// SPDX-License-Identifier: LGPL-2.1-or-later
#include "attributes.hpp"

#include <algorithm>
#include <ranges>

namespace ownroute::detail {
namespace {

Bytes behind(Bytes bytes, std::size_t size) {
  return bytes.subspan(std::min(size, bytes.size()));
}

}  // namespace

Bytes payload(const nlmsghdr &message) {
  const auto *begin = reinterpret_cast<const std::uint8_t *>(&message);
  return behind({begin, message.nlmsg_len}, NLMSG_HDRLEN);
}

Attributes::Attributes(Bytes bytes) {
  for (std::size_t offset = 0; offset < bytes.size();) {
    const Bytes rest = bytes.subspan(offset);
    const auto header = read_as<nlattr>(rest);
    if (rest.size() < NLA_HDRLEN || header.nla_len < NLA_HDRLEN || header.nla_len > rest.size()) {
      well_formed_ = false;
      return;
    }
    attributes_.push_back({header.nla_type & static_cast<unsigned>(NLA_TYPE_MASK),
                           rest.subspan(NLA_HDRLEN, header.nla_len - NLA_HDRLEN), offset});
    offset += NLA_ALIGN(header.nla_len);
  }
}

Attributes::Attributes(const nlmsghdr &message, std::size_t header_size)
    : Attributes(behind(payload(message), NLMSG_ALIGN(header_size))) {}

const Attribute *Attributes::find(unsigned type) const {
  const auto found = std::ranges::find(attributes_ | std::views::reverse, type, &Attribute::type);
  return found == attributes_.rend() ? nullptr : &*found;
}

std::string Attributes::text(unsigned type) const {
  const Bytes whole = bytes(type);
  return {whole.begin(), std::ranges::find(whole, std::uint8_t{0})};
}

Bytes Attributes::bytes(unsigned type) const {
  const Attribute *attribute = find(type);
  return attribute == nullptr ? Bytes() : attribute->payload;
}

}  // namespace ownroute::detail
