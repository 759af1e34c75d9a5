// SPDX-License-Identifier: GPL-2.0-only
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>

#include "reroute.h"

/**
 * own_reroute() - route a packet by the mark that it has now
 * @skb: the packet
 * @state: of the hook, LOCAL_OUT
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * IPv4 sends multicast and broadcast by the device that has the source address,
 * without a look at rules and marks, unless it is told to leave that address out
 * of the question.
 *
 * Return: 0, or a negative error, such as -EHOSTUNREACH for "unreachable".
 */
int own_reroute(struct sk_buff *skb, const struct nf_hook_state *state, u8 pf)
{
	unsigned int addr_type = RTN_UNSPEC;

	if (pf != NFPROTO_IPV4)
		return nf_ip6_route_me_harder(state->net, state->sk, skb);

	if (ipv4_is_multicast(ip_hdr(skb)->daddr) ||
	    ipv4_is_lbcast(ip_hdr(skb)->daddr))
		addr_type = RTN_MULTICAST;
	return ip_route_me_harder(state->net, state->sk, skb, addr_type);
}
