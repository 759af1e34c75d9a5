// SPDX-License-Identifier: LGPL-2.1-or-later
#include "address_message.hpp"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "attributes.hpp"

namespace ownroute::detail {

Message address_dump(unsigned ifindex) {
  ifaddrmsg header{};
  header.ifa_family = AF_UNSPEC;
  header.ifa_index = ifindex;
  return {kAddressDialect, RTM_GETADDR, 0, header};
}

std::optional<Address> read_address(const nlmsghdr &answer) {
  const Attributes attributes(answer, sizeof(ifaddrmsg));
  // On a point-to-point link the other attribute has the peer's.
  const Bytes local = attributes.bytes(IFA_LOCAL);
  const Bytes bytes = local.empty() ? attributes.bytes(IFA_ADDRESS) : local;
  return Address::from_bytes(bytes.data(), bytes.size());
}

}  // namespace ownroute::detail
