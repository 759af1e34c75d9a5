// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A request in the making.
#pragma once

#include <netlink/msg.h>

#include <cstdint>
#include <string>

#include "attributes.hpp"
#include "dialect.hpp"
#include "handle.hpp"

namespace ownroute::detail {

class Message {
 public:
  /// @p header follows netlink's; @p attributes is how many bytes of attributes there will be.
  template <typename Header>
  Message(const Dialect &dialect, int type, int flags, const Header &header,
          std::size_t attributes = 256)
      : Message(dialect, type, flags, &header, sizeof(header), attributes) {}
  /// Takes over a message that libnl has built.
  Message(const Dialect &dialect, MessageHandle built)
      : dialect_(&dialect), handle_(std::move(built)) {}

  /// Throws Error of kind usage if the attribute is longer than netlink can carry.
  void put(int attribute, const void *data, std::size_t length);
  void put(int attribute, std::uint32_t number) { put(attribute, &number, sizeof(number)); }
  /// With its terminating NUL.
  void put(int attribute, const std::string &text) {
    put(attribute, text.c_str(), text.size() + 1);
  }

  nlmsghdr &header() const { return *nlmsg_hdr(handle_.get()); }
  /// All of it.
  Bytes bytes() const {
    return {reinterpret_cast<const std::uint8_t *>(&header()), header().nlmsg_len};
  }
  const Dialect &dialect() const { return *dialect_; }

 private:
  Message(const Dialect &dialect, int type, int flags, const void *header, std::size_t length,
          std::size_t attributes);

  const Dialect *dialect_;
  MessageHandle handle_;
};

}  // namespace ownroute::detail
