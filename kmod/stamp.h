/* SPDX-License-Identifier: GPL-2.0-only */
/* Stamps: marks that are put on sockets, so that their next packets have them. */
#ifndef _OWN_STAMP_H
#define _OWN_STAMP_H

#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/types.h>
#include <net/inet_sock.h>
#include <net/request_sock.h>
#include <net/sock.h>

struct own_mapping;

/**
 * own_request_of() - the connection that this packet begins, if it is a SYN-ACK
 * @skb: the packet
 * @sk: the socket that sends it: the listener, or with TCP Fast Open the child
 *
 * The route and the mark of a SYN-ACK, and the mark of the socket that is accepted, are
 * the request's.  One that is sent with a cookie has none.
 *
 * Return: the request, or NULL.
 */
static inline struct inet_request_sock *
own_request_of(const struct sk_buff *skb, const struct sock *sk)
{
	/* A tunnel of a user's has the sockets of others in its packets. */
	if (likely(skb->sk == sk) || !skb->sk || !sk_is_tcp(sk) ||
	    skb->sk->sk_state != TCP_NEW_SYN_RECV)
		return NULL;
	return inet_rsk(inet_reqsk(skb->sk));
}

bool own_stamp(struct own_mapping *mapping, const struct sk_buff *skb,
	       struct sock *sk, struct inet_request_sock *request, u32 mark);
void own_unstamp(const struct sk_buff *skb, struct sock *sk,
		 struct inet_request_sock *request, u32 stamp, u32 bits,
		 u32 routed_bits);

#endif
