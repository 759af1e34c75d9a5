// SPDX-License-Identifier: GPL-2.0-only
#include <linux/inet.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <net/ip6_fib.h>
#include <net/ip_fib.h>
#include <net/ipv6_stubs.h>
#include <net/net_namespace.h>

#include "lan.h"

/*
 * Routes with so few bits are for everything, whatever they say: OpenVPN's
 * "redirect-gateway" cuts the default in pieces, 0.0.0.0/1 and 128.0.0.0/1, ::/3, 2000::/4,
 * 3000::/4 and fc00::/7.
 */
#define OWN_FAR_IPV4	1
#define OWN_FAR_IPV6	7

/*
 * The addresses of this host are in this table, too, as long as nobody has made a rule; their
 * type tells.  Networks' broadcast addresses are as well.
 */
static bool own_goes_near_ipv4(const struct net *net, __be32 destination,
			       const struct net_device *dev)
{
	struct fib_table *table = rcu_dereference(net->ipv4.fib_main);
	const struct flowi4 flow = { .daddr = destination };
	struct fib_result route;

	return table &&
	       !fib_table_lookup(table, &flow, &route, FIB_LOOKUP_NOREF) &&
	       route.prefixlen > OWN_FAR_IPV4 &&
	       (route.type == RTN_UNICAST || route.type == RTN_BROADCAST) &&
	       fib_info_nh_uses_dev(route.fi, dev);
}

/* Among routes that are equal, such as those of link-local addresses, @dev's is preferred. */
static bool own_goes_near_ipv6(struct net *net,
			       const struct in6_addr *destination,
			       const struct net_device *dev)
{
	struct fib6_table *table = ipv6_stub->fib6_get_table(net, RT6_TABLE_MAIN);
	struct flowi6 flow = { .daddr = *destination };
	struct fib6_result route = {};

	return table &&
	       !ipv6_stub->fib6_table_lookup(net, table, dev->ifindex, &flow,
					     &route, 0) &&
	       route.f6i->fib6_dst.plen > OWN_FAR_IPV6 &&
	       route.fib6_type == RTN_UNICAST &&
	       route.nh->fib_nh_dev == dev;
}

/**
 * own_goes_near() - does the main table itself send a packet by the device that it is
 *	leaving by, and not because it sends everything there?
 * @skb: the packet
 * @state: of the hook, POST_ROUTING
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * It is the table that is asked and no rule, because everybody's tools delete rules: a
 * packet that has lost its way is still not sent to the default gateway.
 *
 * Return: whether it does.
 */
bool own_goes_near(const struct sk_buff *skb, const struct nf_hook_state *state,
		   u8 pf)
{
	if (pf == NFPROTO_IPV4)
		return own_goes_near_ipv4(state->net, ip_hdr(skb)->daddr,
					  state->out);
	return own_goes_near_ipv6(state->net, &ipv6_hdr(skb)->daddr, state->out);
}
