// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The kernel's answers, byte by byte: apart from the code that reads them.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace ownroute::test {

using Datagram = std::vector<std::uint8_t>;

/// One netlink message.
class Answer {
 public:
  Answer(const nlmsghdr &request, int type, int flags = 0);

  /// Appends @p value as it is.
  template <typename T>
  Answer &raw(const T &value) {
    return append(&value, sizeof(value));
  }
  Answer &attribute(unsigned type, const void *data, std::size_t length);
  template <typename T>
  Answer &attribute(unsigned type, const T &value) {
    return attribute(type, &value, sizeof(value));
  }
  Answer &attribute(unsigned type, const std::string &text) {
    return attribute(type, text.c_str(), text.size() + 1);
  }

  const Datagram &bytes() const { return bytes_; }
  /// What lies behind netlink's header.
  Datagram attributes() const { return {bytes_.begin() + NLMSG_HDRLEN, bytes_.end()}; }

 private:
  Answer &append(const void *data, std::size_t length);

  Datagram bytes_;
};

/// What an extended ack says.
struct Extack {
  std::string message = {};
  std::optional<std::uint32_t> offset = {};
  std::optional<std::uint32_t> missing = {};
};

/// An ack (code 0) or an error, as with NETLINK_CAP_ACK and NETLINK_EXT_ACK.
Datagram ack(const nlmsghdr &request, int code = 0, const Extack &extack = {});
/// An error that repeats the whole request, as without NETLINK_CAP_ACK.
Datagram uncapped_error(const nlmsghdr &request, int code, const Extack &extack);
/// The end of a dump.
Datagram done(const nlmsghdr &request, int code = 0, const Extack &extack = {}, int flags = 0);

}  // namespace ownroute::test
