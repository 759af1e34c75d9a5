// SPDX-License-Identifier: GPL-2.0-only
/*
 * ownroute_connmark - what ownroute has to do with conntrack
 *
 * See helper.h for how it comes and goes.
 */
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>
#include <net/netns/generic.h>

#include "connmark.h"
#include "connmarks.h"

/**
 * struct own_ct_net - what is restored in a namespace
 *
 * @marks: the marks, NULL if there are none; who gave them keeps them until all readers
 *	are gone
 */
struct own_ct_net {
	const struct own_connmarks __rcu *marks;
};

static unsigned int own_ct_net_id __read_mostly;

static struct own_ct_net *own_ct_net(const struct net *net)
{
	return net_generic(net, own_ct_net_id);
}

/* Not of a template, which is no connection: nft and iptables attach them for zones. */
static struct nf_conn *own_ct_of(const struct sk_buff *skb,
				 enum ip_conntrack_info *ctinfo)
{
	struct nf_conn *ct = nf_ct_get(skb, ctinfo);

	return ct && !nf_ct_is_template(ct) ? ct : NULL;
}

/*
 * Does conntrack give a packet the connection that it is about, not one of its own?  So it
 * does with ICMP errors.  The first packet of one that was expected is related, too,
 * but to one that isn't there yet.
 */
static bool own_ct_is_anothers(const struct nf_conn *ct,
			       enum ip_conntrack_info ctinfo)
{
	return (ctinfo == IP_CT_RELATED || ctinfo == IP_CT_RELATED_REPLY) &&
	       nf_ct_is_confirmed(ct);
}

/* As nft's "ct mark set": without a lock, the last one counts. */
static void own_ct_save(struct sk_buff *skb, u32 mark, u32 mask)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = own_ct_of(skb, &ctinfo);
	u32 old;

	if (!ct || own_ct_is_anothers(ct, ctinfo))
		return;
	old = READ_ONCE(ct->mark);
	mark |= old & ~mask;
	if (mark == old)
		return;
	WRITE_ONCE(ct->mark, mark);
	nf_conntrack_event_cache(IPCT_MARK, ct);
}

/*
 * Only what a mapping sets now: a connection keeps what one that is gone has set, and
 * others have their bits in its mark, too.
 */
static bool own_ct_restore(const struct net *net, struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = own_ct_of(skb, &ctinfo);
	const struct own_connmarks *marks;
	u32 mark, bits, old = skb->mark;

	marks = rcu_dereference(own_ct_net(net)->marks);
	if (!ct || !marks)
		return false;
	mark = READ_ONCE(ct->mark);
	if (!mark)
		return false;
	bits = own_connmarks_bits(marks, mark);
	skb->mark = (old & ~bits) | (mark & bits);
	return skb->mark != old;
}

static bool own_ct_is_reply(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = own_ct_of(skb, &ctinfo);

	return ct && !own_ct_is_anothers(ct, ctinfo) &&
	       CTINFO2DIR(ctinfo) == IP_CT_DIR_REPLY;
}

/* Before the packet is routed, and its source is looked at (rp_filter). */
static unsigned int own_ct_pre_routing(void *priv, struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	if (!(state->in->flags & IFF_LOOPBACK))
		own_ct_restore(state->net, skb);
	return NF_ACCEPT;
}

/* After conntrack */
static const struct nf_hook_ops own_ct_hook_ops[] = {
	{
		.hook		= own_ct_pre_routing,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP_PRI_MANGLE,
	},
	{
		.hook		= own_ct_pre_routing,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP6_PRI_MANGLE,
	},
};

static void own_ct_update(struct net *net, const struct own_connmarks *marks)
{
	rcu_assign_pointer(own_ct_net(net)->marks, marks);
}

static int own_ct_enable(struct net *net, const struct own_connmarks *marks)
{
	int err;

	err = nf_ct_netns_get(net, NFPROTO_INET);
	if (err)
		return err;
	own_ct_update(net, marks);
	err = nf_register_net_hooks(net, own_ct_hook_ops,
				    ARRAY_SIZE(own_ct_hook_ops));
	if (err) {
		own_ct_update(net, NULL);
		nf_ct_netns_put(net, NFPROTO_INET);
	}
	return err;
}

static void own_ct_disable(struct net *net)
{
	nf_unregister_net_hooks(net, own_ct_hook_ops,
				ARRAY_SIZE(own_ct_hook_ops));
	own_ct_update(net, NULL);
	nf_ct_netns_put(net, NFPROTO_INET);
}

const struct own_connmark_ops own_connmark_ops = {
	.enable		= own_ct_enable,
	.update		= own_ct_update,
	.disable	= own_ct_disable,
	.save		= own_ct_save,
	.restore	= own_ct_restore,
	.is_reply	= own_ct_is_reply,
};
EXPORT_SYMBOL_GPL(own_connmark_ops);

static struct pernet_operations own_ct_net_ops = {
	.id	= &own_ct_net_id,
	.size	= sizeof(struct own_ct_net),
};

static int __init own_ct_init(void)
{
	return register_pernet_subsys(&own_ct_net_ops);
}

static void __exit own_ct_exit(void)
{
	/* Nobody finds us any more; who has, leaves before text and data go. */
	synchronize_rcu();
	unregister_pernet_subsys(&own_ct_net_ops);
}

module_init(own_ct_init);
module_exit(own_ct_exit);

MODULE_DESCRIPTION("Routing by socket owner: marks of connections");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
