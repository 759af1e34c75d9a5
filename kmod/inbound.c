// SPDX-License-Identifier: GPL-2.0-only
#include <net/inet_sock.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "connmark.h"
#include "inbound.h"
#include "mapping.h"
#include "source.h"

/*
 * Has somebody else begun this connection?  It is known from the SYN-ACK on, and its socket
 * remembers by its stamp.
 *
 * One without a stamp is older than the mapping, or was made of a SYN cookie.  A socket that
 * listen() was called for has a backlog, and so have its copies that accept() returns, but
 * nobody who connects.  That errs for connections which are older than the mapping, and for
 * no others: what came to a backlog of 0 is taken for the owner's own, and what a
 * program connects with a socket that has listened before is not.
 */
static bool own_is_called(const struct ownroute_mapping *desc,
			  const struct sock *sk,
			  const struct inet_request_sock *request)
{
	u32 stamp = READ_ONCE(sk->sk_mark) & desc->mask;
	int state = inet_sk_state_load(sk);

	if (request || state == TCP_LISTEN)
		return true;
	/* It calls, whatever mark the program has given it. */
	if (state == TCP_SYN_SENT || stamp == desc->mark)
		return false;
	return stamp == desc->inbound || READ_ONCE(sk->sk_max_ack_backlog);
}

/*
 * Asked for each packet: whatever else is mistaken, the device's address stays with it.  So does
 * one that it had, and nobody has any more: IPv6 lets a socket send from that.
 */
static bool own_is_outside(const struct own_mapping *mapping,
			   const struct sk_buff *skb, u8 pf)
{
	return !mapping->device ||
	       (!own_source_is_of(mapping->device, skb, pf) &&
		own_source_is_ours(skb, pf));
}

/**
 * own_answers() - is this an answer to the outside, in a TCP connection?
 * @mapping: the sender's mapping
 * @skb: the packet
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @sk: the socket that sends it
 * @request: the connection that it begins, if it is a SYN-ACK, or NULL
 *
 * Return: whether it is, and the mapping has a mark for them.
 */
bool own_answers(const struct own_mapping *mapping, const struct sk_buff *skb,
		 u8 pf, const struct sock *sk,
		 const struct inet_request_sock *request)
{
	return mapping->desc.inbound && sk_is_tcp(sk) &&
	       own_is_called(&mapping->desc, sk, request) &&
	       own_is_outside(mapping, skb, pf);
}

/**
 * own_replies() - is this an answer to the outside, in any other connection?
 * @on: the namespace's
 * @mapping: the sender's mapping, which marks connections
 * @skb: the packet
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @sk: the socket that sends it
 *
 * Only conntrack knows: such a socket may serve everybody, so it can't remember.
 *
 * Return: whether it is, and the mapping has a mark for them.
 */
bool own_replies(const struct own_net *on, const struct own_mapping *mapping,
		 const struct sk_buff *skb, u8 pf, const struct sock *sk)
{
	return mapping->desc.inbound && !sk_is_tcp(sk) &&
	       own_connmark_is_reply(on, skb) &&
	       own_is_outside(mapping, skb, pf);
}
