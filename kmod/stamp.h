/* SPDX-License-Identifier: GPL-2.0-only */
/* Stamps: marks that are put on sockets, so that their next packets have them. */
#ifndef _OWN_STAMP_H
#define _OWN_STAMP_H

#include <linux/in.h>
#include <linux/types.h>
#include <net/sock.h>

struct own_mapping;
struct ownroute_mapping;

/*
 * Does the stack choose a route for this socket's packets by its mark, and forget that
 * route when sk_dst_reset() is called?  SCTP, for one, keeps routes elsewhere.
 */
static inline bool own_sock_is_routed_by_mark(const struct sock *sk)
{
	switch (sk->sk_protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return true;
	default:
		return sk->sk_type == SOCK_RAW;
	}
}

bool own_stamp(struct own_mapping *mapping, struct sock *sk);
void own_stamp_request(const struct ownroute_mapping *desc,
		       struct sock *request);
void own_unstamp(struct sock *sk, u32 stamp, u32 bits);

#endif
