// SPDX-License-Identifier: LGPL-2.1-or-later
#include "link_message.hpp"

#include <linux/if_link.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include "attributes.hpp"

namespace ownroute::detail {
namespace {

Message request(int ifindex) {
  ifinfomsg header{};
  header.ifi_index = ifindex;
  return {kLinkDialect, RTM_GETLINK, 0, header};
}

/// A device that IPv6 doesn't know (MTU below 1280) has no settings for it.
bool carries_ipv6(const Attributes &link) {
  const Attributes families(link.bytes(IFLA_AF_SPEC));
  const Attributes ipv6(families.bytes(AF_INET6));
  const Bytes settings = ipv6.bytes(IFLA_INET6_CONF);
  constexpr std::size_t kDisabled = DEVCONF_DISABLE_IPV6 * sizeof(std::int32_t);
  return settings.size() >= kDisabled + sizeof(std::int32_t) &&
         read_as<std::int32_t>(settings.subspan(kDisabled)) == 0;
}

}  // namespace

Message link_get(const std::string &name) {
  Message message = request(0);
  message.put(IFLA_IFNAME, name);
  return message;
}

Message link_get(unsigned ifindex) {
  return request(static_cast<int>(ifindex));
}

Device read_device(const nlmsghdr &answer) {
  const auto header = read_as<ifinfomsg>(payload(answer));
  const Attributes attributes(answer, sizeof(header));
  return {.name = attributes.text(IFLA_IFNAME),
          .index = static_cast<unsigned>(header.ifi_index),
          .up = (header.ifi_flags & IFF_UP) != 0,
          .ipv6 = carries_ipv6(attributes)};
}

}  // namespace ownroute::detail
