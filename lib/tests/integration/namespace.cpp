// SPDX-License-Identifier: LGPL-2.1-or-later
#include "namespace.hpp"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <fstream>
#include <stdexcept>

namespace ownroute::test {
namespace {

void must(int result, const std::string &what) {
  if (result < 0) {
    throw std::runtime_error(what + ": " + nl_geterror(result));
  }
}

void put_link(rtnl_link *link) {
  rtnl_link_put(link);
}
using LinkHandle = detail::Handle<rtnl_link, put_link>;

LinkHandle link_named(nl_sock *socket, const std::string &name) {
  rtnl_link *link = nullptr;
  must(rtnl_link_get_kernel(socket, 0, name.c_str(), &link), "find " + name);
  return LinkHandle(link);
}

template <typename Change>
void change_link(nl_sock *socket, const std::string &name, Change change) {
  const LinkHandle link = link_named(socket, name);
  const LinkHandle wanted(rtnl_link_alloc());
  change(wanted.get());
  must(rtnl_link_change(socket, link.get(), wanted.get(), 0), "change " + name);
}

void enter_new_namespace() {
  if (unshare(CLONE_NEWNET) != 0) {
    throw std::runtime_error("cannot make a network namespace");
  }
}

void enter(const Netns &netns) {
  if (setns(netns.fd(), CLONE_NEWNET) != 0) {
    abort();
  }
}

/// The kernel makes these with addresses, when it pleases.
bool is_of_an_address(const rtnl_route *route) {
  const auto table = rtnl_route_get_table(const_cast<rtnl_route *>(route));
  return table == RT_TABLE_LOCAL || table == RT_TABLE_MAIN;
}

}  // namespace

InNamespace::InNamespace() : home_(Netns::current()), socket_(nl_socket_alloc()) {
  enter_new_namespace();
  must(nl_connect(socket_.get(), NETLINK_ROUTE), "connect");
  set_up("lo", true);
  for (const std::string name : {"tun0", "tun1"}) {
    must(rtnl_link_veth_add(socket_.get(), name.c_str(), (name + "-far").c_str(), getpid()),
         "make " + name);
    set_up(name, true);
    set_up(name + "-far", true);
  }
}

InNamespace::~InNamespace() {
  enter(home_);
}

Netns InNamespace::make_namespace() {
  const Netns here = Netns::current();
  enter_new_namespace();
  Netns made = Netns::current();
  enter(here);
  return made;
}

void InNamespace::set_up(const std::string &device, bool up) const {
  change_link(socket_.get(), device, [&](rtnl_link *wanted) {
    (up ? rtnl_link_set_flags : rtnl_link_unset_flags)(wanted, IFF_UP);
  });
}

void InNamespace::set_mtu(const std::string &device, unsigned mtu) const {
  change_link(socket_.get(), device, [&](rtnl_link *wanted) { rtnl_link_set_mtu(wanted, mtu); });
}

void InNamespace::remove(const std::string &device) const {
  must(rtnl_link_delete(socket_.get(), link_named(socket_.get(), device).get()),
       "remove " + device);
}

void InNamespace::add_address(const std::string &device, const std::string &address) const {
  nl_addr *parsed = nullptr;
  must(nl_addr_parse(address.c_str(), AF_UNSPEC, &parsed), "read " + address);
  const detail::AddressHandle local(parsed);
  const detail::Handle<rtnl_addr, rtnl_addr_put> wanted(rtnl_addr_alloc());
  rtnl_addr_set_link(wanted.get(), link_named(socket_.get(), device).get());
  must(rtnl_addr_set_local(wanted.get(), local.get()), "use " + address);
  // Without duplicate address detection it is there at once.
  rtnl_addr_set_flags(wanted.get(), IFA_F_NODAD);
  must(rtnl_addr_add(socket_.get(), wanted.get(), 0), "add " + address);
}

void InNamespace::set_sysctl(const std::string &name, const std::string &value) {
  std::ofstream file("/proc/sys/net/" + name);
  if (!(file << value << std::flush)) {
    throw std::runtime_error("cannot write " + name);
  }
}

void InNamespace::add_rule_with_device(std::uint32_t mark, std::uint32_t table,
                                       const std::string &device) const {
  const detail::RuleHandle rule(rtnl_rule_alloc());
  rtnl_rule_set_family(rule.get(), AF_INET);
  rtnl_rule_set_action(rule.get(), FR_ACT_TO_TBL);
  rtnl_rule_set_mark(rule.get(), mark);
  rtnl_rule_set_table(rule.get(), table);
  rtnl_rule_set_iif(rule.get(), device.c_str());
  must(rtnl_rule_add(socket_.get(), rule.get(), 0), "add a rule");
}

std::string InNamespace::routing() const {
  char *text = nullptr;
  std::size_t size = 0;
  FILE *file = open_memstream(&text, &size);
  nl_dump_params params{};
  params.dp_type = NL_DUMP_DETAILS;
  params.dp_fd = file;
  nl_cache *cache = nullptr;
  must(rtnl_rule_alloc_cache(socket_.get(), AF_UNSPEC, &cache), "list rules");
  nl_cache_dump(cache, &params);
  nl_cache_free(cache);
  must(rtnl_route_alloc_cache(socket_.get(), AF_UNSPEC, 0, &cache), "list routes");
  for (nl_object *object = nl_cache_get_first(cache); object != nullptr;
       object = nl_cache_get_next(object)) {
    if (!is_of_an_address(reinterpret_cast<rtnl_route *>(object))) {
      nl_object_dump(object, &params);
    }
  }
  nl_cache_free(cache);
  fclose(file);
  const std::string routing(text, size);
  free(text);
  return routing;
}

}  // namespace ownroute::test
