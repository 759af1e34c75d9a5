// SPDX-License-Identifier: LGPL-2.1-or-later
#include "attributes.hpp"

#include <algorithm>

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

void Attributes::Iterator::read() {
  const Bytes rest = behind(bytes_, attribute_.offset);
  const auto header = read_as<nlattr>(rest);
  at_end_ = rest.size() < NLA_HDRLEN || header.nla_len < NLA_HDRLEN || header.nla_len > rest.size();
  if (!at_end_) {
    attribute_.type = header.nla_type & static_cast<unsigned>(NLA_TYPE_MASK);
    attribute_.payload = rest.subspan(NLA_HDRLEN, header.nla_len - NLA_HDRLEN);
  }
}

Attributes::Iterator &Attributes::Iterator::operator++() {
  attribute_.offset += NLA_ALIGN(NLA_HDRLEN + attribute_.payload.size());
  read();
  return *this;
}

Attributes::Attributes(const nlmsghdr &message, std::size_t header_size)
    : Attributes(behind(payload(message), NLMSG_ALIGN(header_size))) {}

bool Attributes::well_formed() const {
  Iterator iterator = begin();
  while (iterator != end()) {
    ++iterator;
  }
  return iterator.rest() == 0;
}

std::optional<Attribute> Attributes::find(unsigned type) const {
  std::optional<Attribute> found;
  for (const Attribute &attribute : *this) {
    if (attribute.type == type) {
      found = attribute;
    }
  }
  return found;
}

std::string Attributes::text(unsigned type) const {
  const Bytes whole = bytes(type);
  return {whole.begin(), std::ranges::find(whole, std::uint8_t{0})};
}

Bytes Attributes::bytes(unsigned type) const {
  const auto attribute = find(type);
  return attribute ? attribute->payload : Bytes();
}

}  // namespace ownroute::detail
