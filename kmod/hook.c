// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hooks: packets, and nothing else.  They run under rcu_read_lock().  Finding
 * the mapping and counting allocates nothing, prints nothing, takes no lock and
 * writes nothing that another CPU writes; a new route is the stack's business.
 */
#include <linux/bottom_half.h>
#include <linux/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/u64_stats_sync.h>
#include <net/inet_sock.h>
#include <net/sock.h>

#include "connmark.h"
#include "device.h"
#include "hook.h"
#include "inbound.h"
#include "index.h"
#include "mapping.h"
#include "nat.h"
#include "net.h"
#include "owner.h"
#include "ownerless.h"
#include "packet.h"
#include "question.h"
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

/**
 * struct own_sent - a packet that somebody's socket sends
 *
 * @sk: the socket
 * @request: the connection that it begins, if it is a SYN-ACK, or NULL
 * @routed: the mark that the stack has chosen its route by
 * @stale: that had stamps which don't count any more
 */
struct own_sent {
	struct sock			*sk;
	struct inet_request_sock	*request;
	u32				routed;
	bool				stale;
};

/* A SYN-ACK may have its listener's mark, but it is its request's that routed it. */
static void own_sent_init(struct own_sent *sent, const struct sk_buff *skb,
			  struct sock *sk)
{
	sent->sk = sk;
	sent->request = own_request_of(skb, sk);
	sent->routed = likely(!sent->request) ? skb->mark :
			READ_ONCE(sent->request->ir_mark);
	sent->stale = false;
}

/*
 * Is the route right for the mark that the packet has had from the start?  Then it need
 * not be routed again.
 *
 * It is if it leads to the device that the mark is for.  Else the mark must be what it was
 * chosen by, and nothing that own_reroute() leaves out: so it is for TCP, if it is the
 * route that the socket remembers.  A datagram may have named a device itself (IP_PKTINFO), and
 * a connected socket may remember what connect() has looked up meanwhile by the mark
 * before: nobody can see that.  SCTP doesn't ask marks at all.
 */
static bool own_is_routed_well(const struct sk_buff *skb,
			       const struct nf_hook_state *state,
			       const struct own_device *device, u32 mask,
			       const struct own_sent *sent)
{
	const struct sock *sk = sent->sk;

	if (device)
		return own_device_is(device, state->out);
	if (sent->request)
		return true;
	return sk_is_tcp(sk) && !sock_flag(sk, SOCK_LOCALROUTE) &&
	       rcu_access_pointer(sk->sk_dst_cache) == skb_dst(skb) &&
	       !((READ_ONCE(sk->sk_mark) ^ skb->mark) & mask);
}

/*
 * Is there anything to stamp?  A stamp may be older than the mapping, or have come with
 * accept(): it counts as its own.
 */
static bool own_lacks_stamp(const struct own_mapping *mapping,
			    const struct own_sent *sent, u32 mark)
{
	return (READ_ONCE(sent->sk->sk_mark) & mapping->desc.mask) != mark ||
	       !READ_ONCE(mapping->stamped) || sent->request;
}

/*
 * On the socket, the packet, the connection.  Returns the device that the packet is to leave
 * by: that of the mapping, unless it answers somebody outside, or NULL.
 */
static __always_inline const struct own_device *
own_put_mark(struct sk_buff *skb, const struct net *net, u8 pf,
	     struct own_mapping *mapping, const struct own_sent *sent,
	     bool kernel)
{
	const struct ownroute_mapping *desc = &mapping->desc;
	const struct own_device *device = mapping->device;
	u32 mark = desc->mark;

	if (!(desc->flags & OWNROUTE_FLAG_NOSTAMP) &&
	    unlikely(own_lacks_stamp(mapping, sent, mark))) {
		if (own_answers(mapping, skb, pf, sent->sk, sent->request)) {
			mark = desc->inbound;
			device = NULL;
		}
		/* The kernel's may be everybody's, such as the one that sends resets. */
		if (!kernel && own_lacks_stamp(mapping, sent, mark) &&
		    own_stamp(mapping, skb, sent->sk, sent->request, mark))
			own_count(&mapping->counters->stamped,
				  &mapping->counters->syncp);
	}
	if (unlikely(own_marks_connections(mapping))) {
		const struct own_net *on = own_net(net);

		if (own_replies(on, mapping, skb, pf, sent->sk)) {
			mark = desc->inbound;
			device = NULL;
		}
		own_connmark_save(on, skb, mark, desc->mask);
	}

	skb->mark = (skb->mark & ~desc->mask) | mark;
	return device;
}

static unsigned int own_mark(struct sk_buff *skb,
			     const struct nf_hook_state *state, u8 pf,
			     struct own_mapping *mapping,
			     const struct own_sent *sent, bool kernel)
{
	const struct own_device *device;

	device = own_put_mark(skb, state->net, pf, mapping, sent, kernel);
	if (likely(skb->mark == sent->routed && !sent->stale && !kernel &&
		   own_is_routed_well(skb, state, device, mapping->desc.mask,
				      sent)))
		return NF_ACCEPT;
	return own_send_by_mark(skb, state, pf, mapping);
}

/* No mapping marks it.  It may have lost a mark that one had left. */
static unsigned int own_leave(struct sk_buff *skb,
			      const struct nf_hook_state *state, u8 pf,
			      const struct own_sent *sent)
{
	return likely(!sent->stale) ? NF_ACCEPT :
				      own_send_anew(skb, state, pf);
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
			     const struct own_sent *sent,
			     const struct own_mapping *mapping)
{
	return (READ_ONCE(sent->sk->sk_mark) | sent->routed) & set->stamps &
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
					 struct own_sent *sent,
					 struct own_mapping *mapping)
{
	u32 stamp = READ_ONCE(sent->sk->sk_mark);
	u32 bits, routed_bits;

	/* Nobody stamps the kernel's. */
	if (owner->kernel)
		return mapping;

	bits = own_stale_bits(set, owner, stamp);
	routed_bits = sent->routed == stamp ? bits :
		      own_stale_bits(set, owner, sent->routed);
	if (owner->gid_told && stamp & bits & ~own_mask_kept(mapping))
		mapping = own_set_lookup(set, owner);
	bits &= stamp & ~own_mask_kept(mapping);
	routed_bits &= sent->routed & ~own_mask_kept(mapping);

	sent->stale = bits | routed_bits;
	if (sent->stale)
		own_unstamp(skb, sent->sk, sent->request, stamp, bits,
			    routed_bits);
	skb->mark &= skb->mark == stamp ? ~bits : ~routed_bits;
	return mapping;
}

/*
 * Loopback traffic is left alone, but for questions to a name server of this host that a
 * mapping sends elsewhere: that one would ask on in its own name.  NAT takes them to the
 * other one next, and they are routed again then, so they need their mark here.
 */
static noinline unsigned int own_loopback(struct sk_buff *skb,
					  const struct nf_hook_state *state,
					  u8 pf)
{
	struct own_net *on = own_net(state->net);
	const struct own_set *set = rcu_dereference(on->set);
	struct own_mapping *mapping = NULL;
	union nf_inet_addr dns;
	struct own_owner owner;
	struct own_sent sent;
	struct sock *sk;

	if (likely(!set || !set->redirects) ||
	    !(state->out->flags & IFF_LOOPBACK) || !own_is_question(skb, pf))
		return NF_ACCEPT;

	sk = own_sock(state);
	if (sk) {
		own_owner_of(&owner, sk, state->net->user_ns);
		mapping = own_set_lookup(set, &owner);
	}
	if (!sk || (!mapping && owner.kernel)) {
		/* What is sent for a socket that is gone goes where its questions went. */
		own_connmark_restore(on, skb);
		return NF_ACCEPT;
	}
	if (!mapping || !mapping->nat || !own_nat_has_dns(mapping->nat))
		return NF_ACCEPT;

	own_count_match(on, mapping, skb->len);
	trace_ownroute_match(state->net, skb, mapping->desc.id,
			     mapping->desc.action);
	/* Nor can NAT do anything for what isn't tracked. */
	if (!own_nat_dns(mapping->nat, pf, &dns) || !skb_nfct(skb))
		return own_drop(skb, state, mapping, -EPERM);
	own_sent_init(&sent, skb, sk);
	own_put_mark(skb, state->net, pf, mapping, &sent, owner.kernel);
	return NF_ACCEPT;
}

static __always_inline unsigned int
own_local_out(struct sk_buff *skb, const struct nf_hook_state *state, u8 pf)
{
	struct own_mapping *mapping;
	const struct own_set *set;
	struct own_owner owner;
	struct own_sent sent;
	struct own_net *on;
	struct sock *sk;

	if (own_pass_over(skb, state, pf))
		return own_loopback(skb, state, pf);

	/* NULL when the last mapping has just gone, the hooks with it. */
	on = own_net(state->net);
	set = rcu_dereference(on->set);
	if (!set)
		return NF_ACCEPT;

	sk = own_sock(state);
	if (!sk)
		return own_ownerless(skb, state, pf, on, set);

	own_owner_of(&owner, sk, state->net->user_ns);
	own_sent_init(&sent, skb, sk);
	mapping = own_set_lookup(set, &owner);
	if (unlikely(own_may_be_stale(set, &sent, mapping)))
		mapping = own_take_back(skb, set, &owner, &sent, mapping);

	if (!mapping && owner.kernel)
		return own_ownerless(skb, state, pf, on, set);
	if (!mapping) {
		own_count(&on->counters->misses, &on->counters->syncp);
		trace_ownroute_miss(state->net, skb, owner.uid);
		return own_leave(skb, state, pf, &sent);
	}

	own_count_match(on, mapping, skb->len);
	trace_ownroute_match(state->net, skb, mapping->desc.id,
			     mapping->desc.action);

	if (likely(mapping->desc.action == OWNROUTE_ACTION_MARK))
		return own_mark(skb, state, pf, mapping, &sent, owner.kernel);
	if (mapping->desc.action == OWNROUTE_ACTION_BLOCK)
		return own_drop(skb, state, mapping, -EPERM);
	return own_leave(skb, state, pf, &sent);
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
