// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Reading attributes. Whatever the bytes are, nothing is read beyond their end.
#pragma once

#include <linux/netlink.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>

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
  unsigned type = 0;
  Bytes payload = {};
  /// Where its header begins, from the beginning of all attributes.
  std::size_t offset = 0;
};

/// A list of attributes, read where it lies: there may be very many lists.
class Attributes {
 public:
  /// Ends at the end, or at what is no attribute or is cut off.
  class Iterator {
   public:
    using value_type = Attribute;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(Bytes bytes) : bytes_(bytes) { read(); }

    const Attribute &operator*() const { return attribute_; }
    const Attribute *operator->() const { return &attribute_; }
    Iterator &operator++();
    void operator++(int) { ++*this; }
    /// Bytes that are left to read.
    std::size_t rest() const { return bytes_.size() - std::min(attribute_.offset, bytes_.size()); }

    friend bool operator==(const Iterator &iterator, std::default_sentinel_t) {
      return iterator.at_end_;
    }

   private:
    void read();

    Bytes bytes_ = {};
    Attribute attribute_ = {};
    bool at_end_ = true;
  };

  explicit Attributes(Bytes bytes) : bytes_(bytes) {}
  /// Those of @p message, that lie behind @p header_size bytes of the family's own header.
  Attributes(const nlmsghdr &message, std::size_t header_size);

  /// False if there is something that is no attribute, or one that is cut off.
  bool well_formed() const;
  Iterator begin() const { return Iterator(bytes_); }
  std::default_sentinel_t end() const { return {}; }
  /// The last one of @p type, as the kernel reads them.
  std::optional<Attribute> find(unsigned type) const;

  /// None if it isn't there or hasn't the size.
  template <typename T = std::uint32_t>
  std::optional<T> number(unsigned type) const {
    const auto attribute = find(type);
    if (!attribute || attribute->payload.size() != sizeof(T)) {
      return std::nullopt;
    }
    return read_as<T>(attribute->payload);
  }
  /// Up to the first NUL; empty if it isn't there.
  std::string text(unsigned type) const;
  /// Empty if it isn't there.
  Bytes bytes(unsigned type) const;

 private:
  Bytes bytes_;
};

}  // namespace ownroute::detail
