// SPDX-License-Identifier: LGPL-2.1-or-later
#include "route_lookup.hpp"

#include <linux/rtnetlink.h>

#include <cerrno>

#include "address_family.hpp"
#include "attributes.hpp"

namespace ownroute::detail {
namespace {

std::string type_name(std::uint8_t type) {
  switch (type) {
    case RTN_UNICAST:
      return "unicast";
    case RTN_LOCAL:
      return "local";
    case RTN_BROADCAST:
      return "broadcast";
    case RTN_ANYCAST:
      return "anycast";
    case RTN_MULTICAST:
      return "multicast";
    case RTN_BLACKHOLE:
      return "blackhole";
    case RTN_UNREACHABLE:
      return "unreachable";
    case RTN_PROHIBIT:
      return "prohibit";
    default:
      return "type " + std::to_string(type);
  }
}

std::optional<Address> address(Bytes bytes) {
  return Address::from_bytes(bytes.data(), bytes.size());
}

/// The gateway, which may be of the other family.
std::optional<Address> gateway(const Attributes &attributes) {
  const Bytes via = attributes.bytes(RTA_VIA);
  // Behind the number of its family.
  return via.size() > sizeof(rtvia) ? address(via.subspan(sizeof(rtvia)))
                                    : address(attributes.bytes(RTA_GATEWAY));
}

Message get(const RouteQuestion &question, unsigned flags) {
  constexpr std::uint32_t kNobody = 0xffffffff;
  rtmsg header{};
  header.rtm_family = to_af(question.to.family());
  header.rtm_dst_len = static_cast<std::uint8_t>(8 * question.to.size());
  header.rtm_flags = flags;
  Message message(kRouteDialect, RTM_GETROUTE, 0, header);
  message.put(RTA_DST, question.to.data(), question.to.size());
  message.put(RTA_UID, question.uid.value_or(kNobody));
  if (question.mark != 0) {
    message.put(RTA_MARK, question.mark);
  }
  if (question.protocol != 0) {
    message.put(RTA_IP_PROTO, &question.protocol, sizeof(question.protocol));
  }
  if (question.port) {
    const std::uint8_t port[] = {static_cast<std::uint8_t>(*question.port >> 8),
                                 static_cast<std::uint8_t>(*question.port)};
    message.put(RTA_DPORT, port, sizeof(port));
  }
  return message;
}

}  // namespace

Message route_get(const RouteQuestion &question) {
  // IPv6 always says the table, and doesn't take the flag.
  return get(question, question.to.family() == Family::ipv4 ? RTM_F_LOOKUP_TABLE : 0);
}

Message route_match(const RouteQuestion &question) {
  return get(question, RTM_F_FIB_MATCH);
}

unsigned read_prefix_length(const nlmsghdr &answer) {
  return read_as<rtmsg>(payload(answer)).rtm_dst_len;
}

Message input_route_get(unsigned ifindex, const Address &from, const Address &to,
                        std::uint32_t mark) {
  rtmsg header{};
  header.rtm_family = to_af(to.family());
  header.rtm_dst_len = static_cast<std::uint8_t>(8 * to.size());
  header.rtm_src_len = static_cast<std::uint8_t>(8 * from.size());
  Message message(kRouteDialect, RTM_GETROUTE, 0, header);
  message.put(RTA_DST, to.data(), to.size());
  message.put(RTA_SRC, from.data(), from.size());
  message.put(RTA_IIF, ifindex);
  message.put(RTA_MARK, mark);
  return message;
}

FoundRoute read_found_route(const nlmsghdr &answer) {
  const auto header = read_as<rtmsg>(payload(answer));
  const Attributes attributes(answer, sizeof(header));
  return {.route = {.type = type_name(header.rtm_type),
                    .table = attributes.number(RTA_TABLE).value_or(header.rtm_table),
                    .via = gateway(attributes),
                    .source = address(attributes.bytes(RTA_PREFSRC))},
          .ifindex = attributes.number(RTA_OIF).value_or(0)};
}

std::optional<Route> no_way(const Error &error) {
  const int code = error.code();
  // With words, it is the question that is refused.
  if (!error.extack().empty()) {
    return std::nullopt;
  }
  switch (code) {
    case EHOSTUNREACH:
      return Route{.error = code, .type = "unreachable"};
    case ENETUNREACH:
      return Route{.error = code, .type = "no route"};
    case EACCES:
      return Route{.error = code, .type = "prohibit"};
    case EINVAL:
      return Route{.error = code, .type = "blackhole"};
    default:
      return std::nullopt;
  }
}

}  // namespace ownroute::detail
