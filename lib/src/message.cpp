// SPDX-License-Identifier: LGPL-2.1-or-later
#include "message.hpp"

#include <netlink/attr.h>

#include <limits>

namespace ownroute::detail {

Message::Message(const Dialect &dialect, int type, int flags, const void *header,
                 std::size_t length, std::size_t attributes)
    : dialect_(&dialect),
      handle_(checked(MessageHandle(
          nlmsg_alloc_size(NLMSG_HDRLEN + NLMSG_ALIGN(length) + NLMSG_ALIGN(attributes))))) {
  this->header().nlmsg_type = static_cast<std::uint16_t>(type);
  this->header().nlmsg_flags = static_cast<std::uint16_t>(flags);
  if (nlmsg_append(handle_.get(), const_cast<void *>(header), length, NLMSG_ALIGNTO) < 0) {
    throw std::bad_alloc();
  }
}

void Message::put(int attribute, const void *data, std::size_t length) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max() - NLA_HDRLEN;
  if (length > kMost) {
    throw Error(ErrorKind::usage, dialect_->attribute_name(static_cast<unsigned>(attribute)) +
                                      " would have " + std::to_string(length) +
                                      " bytes: " + std::to_string(kMost) + " is the most");
  }
  if (nla_put(handle_.get(), attribute, static_cast<int>(length), data) < 0) {
    throw std::bad_alloc();
  }
}

}  // namespace ownroute::detail
