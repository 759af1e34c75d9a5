// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "question.h"

/**
 * own_is_question() - is a packet for a name server?
 * @skb: the packet, in LOCAL_OUT
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * What a socket sends is cut into fragments later, and conntrack puts those together that a
 * program has made itself: so it has its header.
 *
 * Return: whether it goes to port 53, by UDP or TCP.
 */
bool own_is_question(const struct sk_buff *skb, u8 pf)
{
	int offset = skb_network_offset(skb);
	__be16 buffer, fragment;
	const __be16 *port;
	u8 protocol;

	if (pf == NFPROTO_IPV4) {
		protocol = ip_hdr(skb)->protocol;
		offset += ip_hdrlen(skb);
	} else {
		protocol = ipv6_hdr(skb)->nexthdr;
		offset = ipv6_skip_exthdr(skb, offset + sizeof(struct ipv6hdr),
					  &protocol, &fragment);
	}
	if (offset < 0 ||
	    (protocol != IPPROTO_UDP && protocol != IPPROTO_TCP))
		return false;

	/* TCP has it at the same place. */
	port = skb_header_pointer(skb, offset + offsetof(struct udphdr, dest),
				  sizeof(buffer), &buffer);
	return port && *port == htons(OWN_DNS_PORT);
}
