// SPDX-License-Identifier: GPL-2.0-only
#include <linux/compiler.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/net_namespace.h>

#include "mapping.h"
#include "nat.h"
#include "stamp.h"

/*
 * May this mapping leave stamps?  Says so before it looks whether it is withdrawn; who
 * withdraws it does these two in the other order, see own_set_edit_withdraw().
 * So either that sees that there are stamps, or this that there must be none.
 */
static bool own_may_stamp(struct own_mapping *mapping)
{
	/* Written once, so that it stays in everybody's cache. */
	if (!READ_ONCE(mapping->stamped))
		WRITE_ONCE(mapping->stamped, true);
	smp_mb();	/* pairs with the one in own_set_edit_withdraw() */
	return !READ_ONCE(mapping->withdrawn);
}

/*
 * May the socket be made to forget its route?  Whoever uses that right now is under
 * rcu_read_lock() or has a reference.  But TCP drops its reference under the socket's
 * lock alone, which its sender holds, and not who sends on what was queued to a
 * program meanwhile (NFQUEUE).  TCP's own packets borrow the route, others have a
 * reference.  A listener has no route.
 */
static bool own_may_forget_route(const struct sk_buff *skb, const struct sock *sk)
{
	return !sk_is_tcp(sk) || sk->sk_state == TCP_LISTEN ||
	       skb_dst_is_noref(skb);
}

/*
 * The route that the socket remembers was chosen by the old mark.
 *
 * setsockopt(SO_MARK) may come in between, which takes the socket's lock, as we can't.
 * What it has written stays, and the next packet finds it.
 */
static bool own_sock_set_mark(struct sock *sk, u32 old, u32 mark)
{
	if (cmpxchg(&sk->sk_mark, old, mark) != old)
		return false;
	sk_dst_reset(sk);
	return true;
}

/* Connections that come in are to have their own mark, not their listener's. */
static bool own_must_stay_bare(const struct sock *sk)
{
	return sk->sk_state == TCP_LISTEN &&
	       READ_ONCE(sock_net(sk)->ipv4.sysctl_tcp_fwmark_accept);
}

/*
 * By the stamp, a socket that has no address yet would get the device's with its next packet.
 * Where NAT gives it this one already, that packet is another connection to NAT, with the same
 * answers: it changes its port, or drops it.  So each is routed again, from the same address.
 */
static bool own_must_keep_source(const struct own_mapping *mapping,
				 const struct sock *sk)
{
	bool has_none;

	if (!mapping->nat || sk_is_tcp(sk))
		return false;
	has_none = sk->sk_family == AF_INET ?
		   !inet_sk(sk)->inet_saddr :
		   ipv6_addr_any(&inet6_sk(sk)->saddr);
	return has_none && own_nat_changes_source(mapping->nat);
}

/*
 * A SYN-ACK that is sent once more may cross the last ACK, which makes a socket with the
 * mark and the route of the request: leave them as they are, both.
 */
static void own_request_set_mark(struct inet_request_sock *request, u32 mark)
{
	if (!request->req.num_timeout)
		WRITE_ONCE(request->ir_mark, mark);
}

/**
 * own_stamp() - put a mapping's mark on the socket that a packet comes from
 * @mapping: the mapping
 * @skb: the packet
 * @sk: the socket, a full one
 * @request: the connection that the packet begins, or NULL: has the mark afterwards, too
 * @mark: which of the mapping's marks
 *
 * Should that not be possible now, the next packet is asked: each, of a socket that must keep
 * choosing its source address as it does.
 *
 * A listener is called from everywhere.  If the mapping has a mark for the outside, it gets
 * this one: so its answers find a way when there is none for the other mark.
 *
 * Return: whether @sk had another mark before and has this one now.
 */
bool own_stamp(struct own_mapping *mapping, const struct sk_buff *skb,
	       struct sock *sk, struct inet_request_sock *request, u32 mark)
{
	const struct ownroute_mapping *desc = &mapping->desc;
	u32 old = READ_ONCE(sk->sk_mark);

	if (own_must_keep_source(mapping, sk) || !own_may_stamp(mapping))
		return false;
	if (request)
		own_request_set_mark(request,
				     (READ_ONCE(request->ir_mark) & ~desc->mask) |
				     mark);
	if (desc->inbound && sk->sk_state == TCP_LISTEN)
		mark = desc->inbound;
	if ((old & desc->mask) == mark || own_must_stay_bare(sk) ||
	    !own_may_forget_route(skb, sk))
		return false;
	return own_sock_set_mark(sk, old, (old & ~desc->mask) | mark);
}

/**
 * own_unstamp() - take stamps from the socket that a packet comes from
 * @skb: the packet
 * @sk: the socket, a full one
 * @request: the connection that the packet begins, or NULL
 * @stamp: the mark that the socket had.  If it has another one meanwhile, the next packet
 *	is asked
 * @bits: those of it that the socket shall not have
 * @routed_bits: likewise of what the packet was routed by.  The socket may have lost them
 *	just now, and remember a route that was being looked up by them
 */
void own_unstamp(const struct sk_buff *skb, struct sock *sk,
		 struct inet_request_sock *request, u32 stamp, u32 bits,
		 u32 routed_bits)
{
	if (request)
		own_request_set_mark(request,
				     READ_ONCE(request->ir_mark) & ~routed_bits);
	if (!own_may_forget_route(skb, sk))
		return;
	if (bits)
		own_sock_set_mark(sk, stamp, stamp & ~bits);
	else
		sk_dst_reset(sk);
}
