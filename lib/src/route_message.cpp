// SPDX-License-Identifier: LGPL-2.1-or-later
#include "route_message.hpp"

#include <linux/rtnetlink.h>

#include <algorithm>

#include "address_family.hpp"
#include "attributes.hpp"

namespace ownroute::detail {
namespace {

AddressHandle to_libnl(const Address &address) {
  return checked(
      AddressHandle(nl_addr_build(to_af(address.family()), address.data(), address.size())));
}

AddressHandle everywhere(Family family) {
  return checked(AddressHandle(nl_addr_build(to_af(family), nullptr, 0)));
}

RouteHandle to_libnl(const DefaultRoute &route, unsigned ifindex) {
  RouteHandle handle = checked(RouteHandle(rtnl_route_alloc()));
  rtnl_route_set_family(handle.get(), to_af(route.family));
  rtnl_route_set_dst(handle.get(), everywhere(route.family).get());
  rtnl_route_set_table(handle.get(), route.table);
  rtnl_route_set_protocol(handle.get(), route.protocol);
  rtnl_route_set_priority(handle.get(), route.metric);
  if (route.is_backstop()) {
    rtnl_route_set_type(handle.get(), RTN_UNREACHABLE);
    rtnl_route_set_scope(handle.get(), RT_SCOPE_UNIVERSE);
    return handle;
  }
  rtnl_route_set_scope(handle.get(), route.via ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK);
  NexthopHandle nexthop = checked(NexthopHandle(rtnl_route_nh_alloc()));
  if (ifindex != 0) {
    rtnl_route_nh_set_ifindex(nexthop.get(), static_cast<int>(ifindex));
  }
  if (route.via) {
    rtnl_route_nh_set_gateway(nexthop.get(), to_libnl(*route.via).get());
  }
  rtnl_route_add_nexthop(handle.get(), nexthop.release());
  return handle;
}

Message build(RouteHandle route, int (*builder)(rtnl_route *, int, nl_msg **), int flags) {
  nl_msg *built = nullptr;
  builder(route.get(), flags, &built);
  return {kRouteDialect, checked(MessageHandle(built))};
}

/// Whether it says no more than a device and a gateway, or that there is no way.
bool is_plain(const rtmsg &header, const Attributes &attributes) {
  if ((header.rtm_type != RTN_UNICAST && header.rtm_type != RTN_UNREACHABLE) ||
      header.rtm_src_len != 0 || header.rtm_tos != 0) {
    return false;
  }
  return std::ranges::all_of(attributes, [](const Attribute &attribute) {
    switch (attribute.type) {
      case RTA_TABLE:
      case RTA_PRIORITY:
      case RTA_OIF:
      case RTA_GATEWAY:
      case RTA_CACHEINFO:
      case RTA_PREF:
      case RTA_PAD:
        return true;
      default:
        return false;
    }
  });
}

bool is_everyones(std::uint32_t table) {
  return table == RT_TABLE_LOCAL || table == RT_TABLE_MAIN || table == RT_TABLE_DEFAULT;
}

}  // namespace

Message route_dump(Family family) {
  rtmsg header{};
  header.rtm_family = to_af(family);
  return {kRouteDialect, RTM_GETROUTE, 0, header};
}

Message route_add(const DefaultRoute &route, unsigned ifindex) {
  return build(to_libnl(route, ifindex), rtnl_route_build_add_request, NLM_F_EXCL);
}

Message route_del(const DefaultRoute &route, unsigned ifindex) {
  RouteHandle handle = to_libnl(route, ifindex);
  if (route.family == Family::ipv6 && route.metric == 0) {
    // Without a metric the kernel would take any.
    rtnl_route_set_priority(handle.get(), kIpv6Metric);
  }
  return build(std::move(handle), rtnl_route_build_del_request, 0);
}

std::optional<NumberedRoute> read_route(const nlmsghdr &answer, Routing &routing) {
  const auto header = read_as<rtmsg>(payload(answer));
  const Attributes attributes(answer, sizeof(header));
  const std::uint32_t table = attributes.number(RTA_TABLE).value_or(header.rtm_table);
  routing.tables.insert(table);
  if (header.rtm_dst_len != 0 || is_everyones(table)) {
    return std::nullopt;
  }
  const bool unicast = header.rtm_type == RTN_UNICAST;
  const Bytes gateway = attributes.bytes(RTA_GATEWAY);
  DefaultRoute route{.family = from_af(header.rtm_family),
                     .table = table,
                     .via = Address::from_bytes(gateway.data(), gateway.size()),
                     .metric = attributes.number(RTA_PRIORITY).value_or(0),
                     .protocol = header.rtm_protocol,
                     .other_kind = !is_plain(header, attributes)};
  if (route.family == Family::ipv6 && route.metric == kIpv6Metric) {
    route.metric = 0;
  }
  // IPv6 names a device in an unreachable route too.
  return NumberedRoute{std::move(route), unicast ? attributes.number(RTA_OIF).value_or(0) : 0};
}

}  // namespace ownroute::detail
