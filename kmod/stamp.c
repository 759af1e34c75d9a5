// SPDX-License-Identifier: GPL-2.0-only
#include <linux/compiler.h>
#include <net/inet_sock.h>
#include <net/request_sock.h>

#include "mapping.h"
#include "stamp.h"

/*
 * The route that the socket remembers was chosen by the old mark.  Whoever uses it
 * right now is under rcu_read_lock() or has a reference.
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

/**
 * own_stamp() - put a mapping's mark on a socket
 * @mapping: the mapping
 * @sk: the socket, a full one
 *
 * Return: whether the socket had another mark before and has this one now.
 */
bool own_stamp(struct own_mapping *mapping, struct sock *sk)
{
	const struct ownroute_mapping *desc = &mapping->desc;
	u32 old = READ_ONCE(sk->sk_mark);

	/* Written once, so that it stays in everybody's cache. */
	if (!READ_ONCE(mapping->stamped))
		WRITE_ONCE(mapping->stamped, true);
	/*
	 * Pairs with the one in own_set_edit_withdraw(): either it sees that there is a
	 * stamp, or this sees that there must be none.
	 */
	smp_mb();
	if (READ_ONCE(mapping->withdrawn))
		return false;
	return own_sock_set_mark(sk, old, (old & ~desc->mask) | desc->mark);
}

/**
 * own_stamp_request() - have a connection that is not accepted yet begin with the mark
 * @desc: the mapping's
 * @request: the socket of the SYN-ACK that its listener sends, or NULL
 */
void own_stamp_request(const struct ownroute_mapping *desc,
		       struct sock *request)
{
	struct inet_request_sock *ireq;

	if (!request || request->sk_state != TCP_NEW_SYN_RECV)
		return;
	ireq = inet_rsk(inet_reqsk(request));
	WRITE_ONCE(ireq->ir_mark, (READ_ONCE(ireq->ir_mark) & ~desc->mask) |
				  desc->mark);
}

/**
 * own_unstamp() - take what the withdrawn have left from a socket
 * @sk: the socket, a full one
 * @stamp: the mark that it had
 * @bits: those that they set
 */
void own_unstamp(struct sock *sk, u32 stamp, u32 bits)
{
	own_sock_set_mark(sk, stamp, stamp & ~bits);
}
