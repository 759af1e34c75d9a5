// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Every libnl handle as a unique_ptr.
#pragma once

#include <netlink/addr.h>
#include <netlink/msg.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>
#include <netlink/socket.h>

#include <memory>
#include <new>

namespace ownroute::detail {

template <typename T, void (*kFree)(T *)>
struct deleter {
  void operator()(T *handle) const noexcept { kFree(handle); }
};

template <typename T, void (*kFree)(T *)>
using Handle = std::unique_ptr<T, deleter<T, kFree>>;

using SocketHandle = Handle<nl_sock, nl_socket_free>;
using MessageHandle = Handle<nl_msg, nlmsg_free>;
using AddressHandle = Handle<nl_addr, nl_addr_put>;
using RuleHandle = Handle<rtnl_rule, rtnl_rule_put>;
using RouteHandle = Handle<rtnl_route, rtnl_route_put>;
using NexthopHandle = Handle<rtnl_nexthop, rtnl_route_nh_free>;

/// libnl's allocators fail only for want of memory.
template <typename H>
H checked(H handle) {
  if (!handle) {
    throw std::bad_alloc();
  }
  return handle;
}

}  // namespace ownroute::detail
