// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hooks: packets, and nothing else.  They run under rcu_read_lock().  Finding
 * the mapping and counting allocates nothing, prints nothing, takes no lock and
 * writes nothing that another CPU writes; a new route is the stack's business.
 */
#include <linux/bottom_half.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/u64_stats_sync.h>
#include <net/inet_sock.h>
#include <net/sock.h>

#include "hook.h"
#include "index.h"
#include "mapping.h"
#include "net.h"
#include "owner.h"
#include "ownerless.h"
#include "packet.h"
#include "reroute.h"
#include "stale.h"
#include "stamp.h"
#include "trace.h"
#include "verdict.h"

static void own_count_match(const struct own_net *on,
			    const struct own_mapping *mapping,
			    unsigned int bytes)
{
	struct own_counters *counters;

	local_bh_disable();
	own_count_bh_off(&on->counters->matches, &on->counters->syncp);

	counters = this_cpu_ptr(mapping->counters);
	u64_stats_update_begin(&counters->syncp);
	u64_stats_inc(&counters->packets);
	u64_stats_add(&counters->bytes, bytes);
	u64_stats_update_end(&counters->syncp);
	local_bh_enable();
}

/* Is the packet sent by a device that the socket, or a message of its own, has named? */
static bool own_sock_names_device(const struct sock *sk, u8 pf)
{
	const struct ipv6_pinfo *np;

	if (pf == NFPROTO_IPV4)
		return READ_ONCE(inet_sk(sk)->uc_index);
	np = inet6_sk(sk);
	return np && (READ_ONCE(np->ucast_oif) ||
		      READ_ONCE(np->sticky_pktinfo.ipi6_ifindex));
}

/*
 * Has the stack chosen the packet's route by the mark, and by nothing that own_reroute()
 * leaves out?  Only then need it not be routed again.
 *
 * It has if it is the route that the socket remembers: that is chosen by the socket's
 * mark.  A message that names a device (IP_PKTINFO), or another destination, has a
 * route of its own, and so has each datagram of a socket that isn't connected: what
 * it was chosen by, can't be seen.
 */
static bool own_is_routed_by_mark(const struct sk_buff *skb,
				  const struct sock *sk,
				  const struct inet_request_sock *request, u8 pf)
{
	if (request)
		return true;
	if (rcu_access_pointer(sk->sk_dst_cache) != skb_dst(skb) ||
	    sock_flag(sk, SOCK_LOCALROUTE) || own_sock_names_device(sk, pf))
		return false;
	return pf != NFPROTO_IPV4 || !(ipv4_is_multicast(ip_hdr(skb)->daddr) ||
				       ipv4_is_lbcast(ip_hdr(skb)->daddr));
}

/*
 * The stack may have chosen a route by the socket's old mark while that was changed, and
 * have the socket remember it afterwards.  Then this packet has the old mark, too.
 */
static void own_forget_route(const struct sk_buff *skb, struct sock *sk,
			     u32 mark)
{
	if (unlikely(skb->mark != mark))
		sk_dst_reset(sk);
}

static void own_mark_sock(const struct sk_buff *skb, struct own_mapping *mapping,
			  struct sock *sk, struct inet_request_sock *request)
{
	const struct ownroute_mapping *desc = &mapping->desc;

	/* A stamp may be older than the mapping, or have come with accept(). */
	if (likely((READ_ONCE(sk->sk_mark) & desc->mask) == desc->mark &&
		   READ_ONCE(mapping->stamped) && !request))
		own_forget_route(skb, sk,
				 (skb->mark & ~desc->mask) | desc->mark);
	else if (own_stamp(mapping, sk, request))
		own_count(&mapping->counters->stamped,
			  &mapping->counters->syncp);
}

static unsigned int own_mark(struct sk_buff *skb,
			     const struct nf_hook_state *state, u8 pf,
			     struct own_mapping *mapping, struct sock *sk,
			     bool kernel, u32 old)
{
	struct inet_request_sock *request = own_request_of(skb, sk);
	const struct ownroute_mapping *desc = &mapping->desc;

	/* Its packet may have the listener's mark, but that is not what routed it. */
	if (unlikely(request))
		old = READ_ONCE(request->ir_mark);

	/* The kernel's may be everybody's, such as the one that sends resets. */
	if (!(desc->flags & OWNROUTE_FLAG_NOSTAMP) && !kernel)
		own_mark_sock(skb, mapping, sk, request);

	skb->mark = (skb->mark & ~desc->mask) | desc->mark;
	if (skb->mark == old && !kernel &&
	    own_is_routed_by_mark(skb, sk, request, pf))
		return NF_ACCEPT;

	return own_send_by_mark(skb, state, pf, mapping);
}

/* The packet has lost what it was marked with by a mapping that no longer decides. */
static unsigned int own_unmarked(struct sk_buff *skb,
				 const struct nf_hook_state *state, u8 pf)
{
	int err = own_reroute(skb, state, pf);

	trace_ownroute_reroute(state->net, skb, 0, err);
	return err < 0 ? NF_DROP_ERR(err) : NF_ACCEPT;
}

/* What @mapping sets anyway, need not be taken away before. */
static u32 own_mask_kept(const struct own_mapping *mapping)
{
	return mapping && own_stamps(&mapping->desc) ? mapping->desc.mask : 0;
}

/*
 * May the socket have a stamp of a mapping that doesn't decide about it any more?  The
 * packet may have one that the socket has just lost.
 */
static bool own_may_be_stale(const struct own_set *set,
			     const struct sk_buff *skb, const struct sock *sk,
			     const struct own_mapping *mapping)
{
	return (READ_ONCE(sk->sk_mark) | skb->mark) & set->stamps &
	       ~own_mask_kept(mapping);
}

/*
 * Takes from the socket, and from the packet that it marked, what others than @mapping
 * have left.  Of a closed socket they may tell the groups; so this returns the mapping
 * once more.
 */
static struct own_mapping *own_take_back(struct sk_buff *skb,
					 const struct own_set *set,
					 struct own_owner *owner,
					 struct sock *sk,
					 struct own_mapping *mapping)
{
	u32 stamp = READ_ONCE(sk->sk_mark);
	u32 bits, skb_bits;

	/* Nobody stamps the kernel's. */
	if (owner->kernel)
		return mapping;

	bits = own_stale_bits(set, owner, stamp);
	skb_bits = skb->mark == stamp ? bits :
					own_stale_bits(set, owner, skb->mark);
	if (owner->gid_told && stamp & bits & ~own_mask_kept(mapping))
		mapping = own_set_lookup(set, owner);
	bits &= ~own_mask_kept(mapping);
	skb_bits &= ~own_mask_kept(mapping);

	if (stamp & bits)
		own_unstamp(sk, own_request_of(skb, sk), bits);
	else
		own_forget_route(skb, sk, skb->mark & ~skb_bits);
	skb->mark &= ~skb_bits;
	return mapping;
}

static __always_inline unsigned int
own_local_out(struct sk_buff *skb, const struct nf_hook_state *state, u8 pf)
{
	const u32 old = skb->mark;
	struct own_mapping *mapping;
	const struct own_set *set;
	struct own_owner owner;
	struct own_net *on;
	struct sock *sk;

	if (own_pass_over(skb, state, pf))
		return NF_ACCEPT;

	/* NULL when the last mapping has just gone, the hooks with it. */
	on = own_net(state->net);
	set = rcu_dereference(on->set);
	if (!set)
		return NF_ACCEPT;

	sk = own_sock(state);
	if (!sk)
		return own_ownerless(skb, state, pf, on, set);

	own_owner_of(&owner, sk, state->net->user_ns);
	mapping = own_set_lookup(set, &owner);
	if (unlikely(own_may_be_stale(set, skb, sk, mapping)))
		mapping = own_take_back(skb, set, &owner, sk, mapping);

	if (!mapping && owner.kernel)
		return own_ownerless(skb, state, pf, on, set);
	if (!mapping) {
		own_count(&on->counters->misses, &on->counters->syncp);
		trace_ownroute_miss(state->net, skb, owner.uid);
		return likely(skb->mark == old) ? NF_ACCEPT :
						  own_unmarked(skb, state, pf);
	}

	own_count_match(on, mapping, skb->len);
	trace_ownroute_match(state->net, skb, mapping->desc.id,
			     mapping->desc.action);

	if (likely(mapping->desc.action == OWNROUTE_ACTION_MARK))
		return own_mark(skb, state, pf, mapping, sk, owner.kernel, old);
	if (mapping->desc.action == OWNROUTE_ACTION_BLOCK)
		return own_drop(skb, state, mapping, -EPERM);
	return likely(skb->mark == old) ? NF_ACCEPT :
					  own_unmarked(skb, state, pf);
}

static unsigned int own_local_out_ipv4(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	return own_local_out(skb, state, NFPROTO_IPV4);
}

static unsigned int own_local_out_ipv6(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	return own_local_out(skb, state, NFPROTO_IPV6);
}

/* After conntrack, beside the mangle table that people do this with today. */
static const struct nf_hook_ops own_hook_ops[] = {
	{
		.hook		= own_local_out_ipv4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_MANGLE,
	},
	{
		.hook		= own_local_out_ipv6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP6_PRI_MANGLE,
	},
};

/**
 * own_hooks_register() - begin to see packets
 * @net: namespace whose packets
 *
 * Return: 0, or a negative error with no hook registered.
 */
int own_hooks_register(struct net *net)
{
	return nf_register_net_hooks(net, own_hook_ops,
				     ARRAY_SIZE(own_hook_ops));
}

/**
 * own_hooks_unregister() - see no more packets
 * @net: namespace whose packets
 *
 * Doesn't wait: a hook that runs now ends within an RCU grace period.
 */
void own_hooks_unregister(struct net *net)
{
	nf_unregister_net_hooks(net, own_hook_ops, ARRAY_SIZE(own_hook_ops));
}
