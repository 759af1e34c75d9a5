// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Reading attributes. Whatever the bytes are, nothing is read beyond their end.
#pragma once

#include <linux/netlink.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ownroute::detail {

using Bytes = std::span<const std::uint8_t>;

/// What lies between the end of @p message's netlink header and its own.
Bytes payload(const nlmsghdr &message);

/// @p bytes as a T, with what they lack as zeros and what they have beyond cut off.
template <typename T>
T read_as(Bytes bytes) {
  T value{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), sizeof(value)),
              reinterpret_cast<std::uint8_t *>(&value));
  return value;
}

struct Attribute {
  /// Without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
  unsigned type;
  Bytes payload;
  /// Where its header begins, from the beginning of all attributes.
  std::size_t offset;
};

/// A list of attributes, read once.
class Attributes {
 public:
  explicit Attributes(Bytes bytes);
  /// Those of @p message, that lie behind @p header_size bytes of the family's own header.
  Attributes(const nlmsghdr &message, std::size_t header_size);

  /// False if there is something that is no attribute, or one that is cut off.
  bool well_formed() const { return well_formed_; }
  auto begin() const { return attributes_.begin(); }
  auto end() const { return attributes_.end(); }
  /// The last one of @p type, as the kernel reads them.
  const Attribute *find(unsigned type) const;

  /// None if it isn't there or hasn't the size.
  template <typename T = std::uint32_t>
  std::optional<T> number(unsigned type) const {
    const Attribute *attribute = find(type);
    if (attribute == nullptr || attribute->payload.size() != sizeof(T)) {
      return std::nullopt;
    }
    return read_as<T>(attribute->payload);
  }
  /// Up to the first NUL; empty if it isn't there.
  std::string text(unsigned type) const;
  /// Empty if it isn't there.
  Bytes bytes(unsigned type) const;

 private:
  std::vector<Attribute> attributes_;
  bool well_formed_ = true;
};

}  // namespace ownroute::detail
