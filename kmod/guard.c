// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "device.h"
#include "events.h"
#include "guard.h"
#include "index.h"
#include "lan.h"
#include "mapping.h"
#include "net.h"
#include "owner.h"
#include "ownerless.h"
#include "packet.h"
#include "trace.h"

/* How long a drop waits to be told: so listeners hear of ten in a second, at most. */
#define OWN_GUARD_DELAY	(HZ / 10)

/* The hook's part of telling: no memory, no lock, and mostly not a single write. */
static void own_guard_tell(struct own_net *on, const struct sk_buff *skb,
			   const struct nf_hook_state *state, u8 pf, u32 id,
			   u32 uid)
{
	struct own_guard *guard = &on->guard;
	struct own_guard_drop *drop = &guard->drop;

	if (atomic_read(&guard->told) ||
	    atomic_cmpxchg_acquire(&guard->told, 0, 1))
		return;

	drop->id = id;
	drop->uid = uid;
	if (pf == NFPROTO_IPV4) {
		drop->destination_len = sizeof(ip_hdr(skb)->daddr);
		memcpy(&drop->destination, &ip_hdr(skb)->daddr,
		       sizeof(ip_hdr(skb)->daddr));
	} else {
		drop->destination_len = sizeof(drop->destination);
		drop->destination = ipv6_hdr(skb)->daddr;
	}
	strscpy(drop->device, state->out->name, sizeof(drop->device));
	schedule_delayed_work(&guard->work, OWN_GUARD_DELAY);
}

static void own_guard_work(struct work_struct *work)
{
	struct own_guard *guard = container_of(to_delayed_work(work),
					       struct own_guard, work);

	own_event_send_guarded(container_of(guard, struct own_net, guard),
			       &guard->drop);
	atomic_set_release(&guard->told, 0);
}

/* It leaves by another device than the mapping's. */
static unsigned int own_guard_decide(struct sk_buff *skb,
				     const struct nf_hook_state *state, u8 pf,
				     struct own_net *on,
				     const struct own_mapping *mapping, u32 uid)
{
	const struct ownroute_mapping *desc = &mapping->desc;

	/* As LOCAL_OUT has found, which gives all that the mapping matches one of its marks. */
	if (desc->inbound && (skb->mark & desc->mask) == desc->inbound)
		return NF_ACCEPT;
	if (desc->flags & OWNROUTE_FLAG_LAN && own_goes_near(skb, state, pf))
		return NF_ACCEPT;
	own_count(&mapping->counters->guarded, &mapping->counters->syncp);
	trace_ownroute_guard(state->net, skb, desc->id, state->out->ifindex);
	own_guard_tell(on, skb, state, pf, desc->id, uid);
	return NF_DROP_ERR(-EPERM);
}

static unsigned int own_guard_ownerless(struct sk_buff *skb,
					const struct nf_hook_state *state,
					u8 pf, struct own_net *on,
					const struct own_set *set)
{
	const struct own_mapping *mapping;

	mapping = own_ownerless_guard(skb, state, pf, set);
	return mapping ? own_guard_decide(skb, state, pf, on, mapping,
					  OWN_NOBODY) : NF_ACCEPT;
}

/*
 * Who sends it is found as in LOCAL_OUT, and has its stamp by now.  A tunnel's packet is
 * the tunnel's: its state->sk is NULL or the kernel's, whosever the packet in it, and it is
 * none of the stack's answers.
 *
 * What a VRF hands on comes again with the device that it leaves by, or was for the
 * VRF's own address.  What IPsec made was looked at before; and so was what an IPsec device
 * (xfrm, VTI) gives to IPsec, as the user's still, on its way to the device below.
 */
static bool own_goes_through_ipsec_device(const struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	return skb_dst(skb)->xfrm && state->in &&
	       !netif_is_l3_master(state->in);
}

static __always_inline unsigned int
own_post_routing(struct sk_buff *skb, const struct nf_hook_state *state, u8 pf)
{
	const struct own_mapping *mapping;
	const struct own_set *set;
	struct own_owner owner;
	struct own_net *on;
	struct sock *sk;

	if (own_pass_over(skb, state, pf) ||
	    own_goes_through_ipsec_device(skb, state))
		return NF_ACCEPT;

	on = own_net(state->net);
	set = rcu_dereference(on->set);
	if (!set || !set->guards)
		return NF_ACCEPT;

	sk = own_sock(state);
	if (!sk)
		return own_guard_ownerless(skb, state, pf, on, set);
	own_owner_of(&owner, sk, state->net->user_ns);
	mapping = own_set_lookup(set, &owner);
	if (!mapping && owner.kernel)
		return own_guard_ownerless(skb, state, pf, on, set);
	if (!mapping || !(mapping->desc.flags & OWNROUTE_FLAG_GUARD) ||
	    own_device_is(mapping->device, state->out))
		return NF_ACCEPT;
	return own_guard_decide(skb, state, pf, on, mapping, owner.uid);
}

static unsigned int own_post_routing_ipv4(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	return own_post_routing(skb, state, NFPROTO_IPV4);
}

static unsigned int own_post_routing_ipv6(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	return own_post_routing(skb, state, NFPROTO_IPV6);
}

/*
 * The last to decide, so that nobody behind sends the packet another way, or a copy of it
 * on.  Only conntrack comes later: it must not confirm what is dropped.
 */
static const struct nf_hook_ops own_guard_ops[] = {
	{
		.hook		= own_post_routing_ipv4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP_PRI_LAST - 1,
	},
	{
		.hook		= own_post_routing_ipv6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP6_PRI_LAST - 1,
	},
};

/**
 * own_guard_init() - for a new namespace
 * @on: the namespace's
 */
void own_guard_init(struct own_net *on)
{
	INIT_DELAYED_WORK(&on->guard.work, own_guard_work);
}

/**
 * own_guard_begin() - the first guard of a namespace comes
 * @on: the namespace's, locked; no guard is published yet
 *
 * From now on the module can't be unloaded.
 *
 * Return: 0, or a negative error with nothing changed: -EBUSY if the module is being
 * unloaded.
 */
int own_guard_begin(struct own_net *on)
{
	int err;

	if (!try_module_get(THIS_MODULE))
		return -EBUSY;
	err = nf_register_net_hooks(on->net, own_guard_ops,
				    ARRAY_SIZE(own_guard_ops));
	if (err)
		module_put(THIS_MODULE);
	return err;
}

/**
 * own_guard_end() - the last guard of a namespace is gone
 * @on: the namespace's, locked; no guard is published any more
 *
 * It sleeps for a grace period: the module may be unloaded, and the family with it, when
 * this returns, so nothing may be left that tells of a drop.
 */
void own_guard_end(struct own_net *on)
{
	own_guard_unregister(on);
	synchronize_rcu();
	own_guard_finish(on);
}

/**
 * own_guard_unregister() - see no more packets
 * @on: the namespace's, which had guards
 *
 * Doesn't wait: a hook that runs now ends within an RCU grace period.
 */
void own_guard_unregister(struct own_net *on)
{
	nf_unregister_net_hooks(on->net, own_guard_ops,
				ARRAY_SIZE(own_guard_ops));
}

/**
 * own_guard_finish() - what a guard has dropped is told, or not any more
 * @on: the namespace's, whose hooks have ended
 *
 * The caller is what keeps the module from now on: a request, which the family waits for
 * when it is unregistered, or the end of a namespace, which the core waits for when
 * pernet operations are.
 */
void own_guard_finish(struct own_net *on)
{
	cancel_delayed_work_sync(&on->guard.work);
	atomic_set(&on->guard.told, 0);
	module_put(THIS_MODULE);
}
