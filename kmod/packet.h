/* SPDX-License-Identifier: GPL-2.0-only */
/* What all hooks ask of a packet, and how they count it. */
#ifndef _OWN_PACKET_H
#define _OWN_PACKET_H

#include <linux/bottom_half.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/sock.h>

/*
 * Will this packet come through LOCAL_OUT once more, or has it been here before?
 * A VRF hands it on to the device that it really leaves by, and is the loopback
 * of its own addresses too.  IPsec sends what it made out of a packet with the
 * packet's socket: that is the tunnel, not the user in it.
 */
static inline bool own_pass_over(const struct sk_buff *skb,
				 const struct nf_hook_state *state, u8 pf)
{
	if (state->out->flags & IFF_LOOPBACK || netif_is_l3_master(state->out))
		return true;
	if (pf == NFPROTO_IPV4)
		return IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED;
	return IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED;
}

/*
 * The socket that sends this packet, if it can have an owner.
 *
 * It is state->sk, not skb->sk: a packet that comes out of a tunnel device still
 * has the inner flow's socket in skb->sk, and would be sent into the tunnel
 * again.  Minisockets lead to their listener or to nothing.
 */
static inline struct sock *own_sock(const struct nf_hook_state *state)
{
	struct sock *sk;

	if (!state->sk)
		return NULL;

	sk = sk_to_full_sk(state->sk);
	if (!sk || !sk_fullsock(sk) || !net_eq(sock_net(sk), state->net))
		return NULL;
	return sk;
}

/*
 * Counters come from process context and from softirqs; a softirq in the middle of
 * an update would spoil it on 32 bit.  So this is for where there are none.
 */
static inline void own_count_bh_off(u64_stats_t __percpu *counter,
				    struct u64_stats_sync __percpu *syncp)
{
	u64_stats_update_begin(this_cpu_ptr(syncp));
	u64_stats_inc(this_cpu_ptr(counter));
	u64_stats_update_end(this_cpu_ptr(syncp));
}

static inline void own_count(u64_stats_t __percpu *counter,
			     struct u64_stats_sync __percpu *syncp)
{
	local_bh_disable();
	own_count_bh_off(counter, syncp);
	local_bh_enable();
}

#endif
