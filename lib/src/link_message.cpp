// SPDX-License-Identifier: LGPL-2.1-or-later
#include "link_message.hpp"

#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netconf.h>
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

/// As the kernel numbers them.
int number_of(Setting setting) {
  return setting == Setting::rp_filter ? IPV4_DEVCONF_RP_FILTER : IPV4_DEVCONF_ROUTE_LOCALNET;
}

std::map<Setting, std::uint32_t> read_settings(const Attributes &link) {
  const Attributes families(link.bytes(IFLA_AF_SPEC));
  const Attributes ipv4(families.bytes(AF_INET));
  const Bytes values = ipv4.bytes(IFLA_INET_CONF);
  std::map<Setting, std::uint32_t> settings;
  for (const Setting setting : kSettings) {
    // The kernel counts from 1.
    const std::size_t offset = (number_of(setting) - 1) * sizeof(std::uint32_t);
    if (values.size() >= offset + sizeof(std::uint32_t)) {
      settings[setting] = read_as<std::uint32_t>(values.subspan(offset));
    }
  }
  return settings;
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
          .ipv6 = carries_ipv6(attributes),
          .settings = read_settings(attributes)};
}

Message link_set(unsigned ifindex, Setting setting, std::uint32_t value) {
  // Each inside the one before.
  struct {
    nlattr family;
    nlattr conf;
    nlattr setting;
    std::uint32_t value;
  } spec{};
  const auto length_from = [&](const nlattr &attribute) {
    const auto *begin = reinterpret_cast<const std::uint8_t *>(&attribute);
    const auto *end = reinterpret_cast<const std::uint8_t *>(&spec + 1);
    return static_cast<std::uint16_t>(end - begin);
  };
  spec.family = {.nla_len = length_from(spec.family), .nla_type = AF_INET};
  spec.conf = {.nla_len = length_from(spec.conf), .nla_type = IFLA_INET_CONF};
  spec.setting = {.nla_len = length_from(spec.setting),
                  .nla_type = static_cast<std::uint16_t>(number_of(setting))};
  spec.value = value;
  ifinfomsg header{};
  header.ifi_index = static_cast<int>(ifindex);
  Message message(kLinkDialect, RTM_SETLINK, 0, header);
  message.put(IFLA_AF_SPEC, &spec, sizeof(spec));
  return message;
}

Message netconf_get() {
  netconfmsg header{};
  header.ncm_family = AF_INET;
  Message message(kNetconfDialect, RTM_GETNETCONF, 0, header);
  message.put(NETCONFA_IFINDEX, static_cast<std::uint32_t>(NETCONFA_IFINDEX_ALL));
  return message;
}

std::uint32_t read_rp_filter(const nlmsghdr &answer) {
  return Attributes(answer, sizeof(netconfmsg)).number(NETCONFA_RP_FILTER).value_or(0);
}

}  // namespace ownroute::detail
