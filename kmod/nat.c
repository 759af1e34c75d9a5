// SPDX-License-Identifier: GPL-2.0-only
/*
 * ownroute_nat - what ownroute has to do with nf_nat
 *
 * See helper.h for how it comes and goes, nat.h for what it asks.
 */
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_nat.h>
#include <net/netfilter/nf_nat_masquerade.h>

#include "nat.h"
#include "question.h"

/*
 * The same for all namespaces: there is one ownroute.  Should that be another one some time,
 * the hooks that have asked the one before are done when its text goes.
 */
static own_nat_ask own_ask;

static const struct ownroute_nat *own_nat_asked(const struct sk_buff *skb,
						const struct nf_hook_state *state)
{
	return READ_ONCE(own_ask)(skb, state);
}

static unsigned int own_nat_to(struct nf_conn *ct,
			       const union nf_inet_addr *addr,
			       enum nf_nat_manip_type type)
{
	const struct nf_nat_range2 range = {
		.flags		= NF_NAT_RANGE_MAP_IPS,
		.min_addr	= *addr,
		.max_addr	= *addr,
	};

	return nf_nat_setup_info(ct, &range, type);
}

/* As one that is masqueraded, it ends when its packets take to another device. */
static unsigned int own_nat_from(struct nf_conn *ct,
				 const union nf_inet_addr *addr,
				 const struct net_device *out)
{
	struct nf_conn_nat *nat = nf_ct_nat_ext_add(ct);

	if (nat)
		nat->masq_index = out->ifindex;
	return own_nat_to(ct, addr, NF_NAT_MANIP_SRC);
}

/*
 * What goes elsewhere than it was sent to, may have a source address of loopback, or of a way
 * that it doesn't take.
 */
static bool own_nat_redirected(const struct nf_conn *ct,
			       const struct ownroute_nat *nat, u8 pf)
{
	union nf_inet_addr dns;

	return ct->status & IPS_DST_NAT && own_nat_dns(nat, pf, &dns) &&
	       nf_inet_addr_cmp(&ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u3,
				&dns);
}

static unsigned int own_nat_post_routing(void *priv, struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	const struct ownroute_nat *nat = own_nat_asked(skb, state);
	const struct nf_nat_range2 range = {};
	enum ip_conntrack_info ctinfo;
	union nf_inet_addr source;
	struct nf_conn *ct;

	if (!nat)
		return NF_ACCEPT;
	ct = nf_ct_get(skb, &ctinfo);
	if (own_nat_source(nat, state->pf, &source))
		return own_nat_from(ct, &source, state->out);
	if (!(nat->flags & OWNROUTE_NAT_MASQUERADE) &&
	    !own_nat_redirected(ct, nat, state->pf))
		return NF_ACCEPT;
	if (state->pf == NFPROTO_IPV4)
		return nf_nat_masquerade_ipv4(skb, state->hook, &range,
					      state->out);
	return nf_nat_masquerade_ipv6(skb, &range, state->out);
}

static bool own_nat_is_question(const struct nf_conn *ct)
{
	u8 protocol = nf_ct_protonum(ct);

	return (protocol == IPPROTO_UDP || protocol == IPPROTO_TCP) &&
	       ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.dst.u.all ==
	       htons(OWN_DNS_PORT);
}

/* nf_nat routes it again, by its mark. */
static unsigned int own_nat_local_out(void *priv, struct sk_buff *skb,
				      const struct nf_hook_state *state)
{
	const struct ownroute_nat *nat;
	enum ip_conntrack_info ctinfo;
	union nf_inet_addr dns;
	struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	if (!own_nat_is_question(ct))
		return NF_ACCEPT;
	nat = own_nat_asked(skb, state);
	if (!nat || !own_nat_dns(nat, state->pf, &dns))
		return NF_ACCEPT;
	return own_nat_to(ct, &dns, NF_NAT_MANIP_DST);
}

/*
 * The order counts among the hooks of nf_nat only; the first one that changes an address is the
 * last one, too.
 */
static const struct nf_hook_ops own_nat_hook_ops[] = {
	{
		.hook		= own_nat_local_out,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_FIRST,
	},
	{
		.hook		= own_nat_post_routing,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP_PRI_FIRST,
	},
	{
		.hook		= own_nat_local_out,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP6_PRI_FIRST,
	},
	{
		.hook		= own_nat_post_routing,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP6_PRI_FIRST,
	},
};

static int own_nat_register(struct net *net, const struct nf_hook_ops *ops)
{
	return ops->pf == NFPROTO_IPV4 ? nf_nat_ipv4_register_fn(net, ops) :
					 nf_nat_ipv6_register_fn(net, ops);
}

static void own_nat_unregister(struct net *net, int count)
{
	const struct nf_hook_ops *ops;

	while (count--) {
		ops = &own_nat_hook_ops[count];
		if (ops->pf == NFPROTO_IPV4)
			nf_nat_ipv4_unregister_fn(net, ops);
		else
			nf_nat_ipv6_unregister_fn(net, ops);
	}
}

/* A VRF brings what its slaves have brought before, and NAT was done then. */
static bool own_nat_comes_from_outside(const struct nf_hook_state *state)
{
	return !(state->in->flags & IFF_LOOPBACK) &&
	       !netif_is_l3_master(state->in);
}

/*
 * That answers to 127.0.0.1 get in, whose questions went elsewhere, needs route_localnet on
 * their device, and with it the stack takes whatever comes to such an address, or from one.
 * Answers come to the device's, and have it until NAT has seen them.
 */
static unsigned int own_nat_ipv4_loopback(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	const struct iphdr *ip = ip_hdr(skb);

	return (ipv4_is_loopback(ip->daddr) || ipv4_is_loopback(ip->saddr)) &&
	       own_nat_comes_from_outside(state) ? NF_DROP : NF_ACCEPT;
}

/*
 * IPv6 has no such setting: it routes what is for ::1 to the loopback device if it comes by
 * that, and to nowhere else.  What others sent there was dropped before any hook, so it is NAT
 * that has just given an answer this address back.  A bridge whose packets come by here would
 * take them for its own business: there the answer is lost.
 */
static unsigned int own_nat_ipv6_loopback(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;

	if (ipv6_addr_loopback(&ipv6_hdr(skb)->daddr) &&
	    !nf_bridge_in_prerouting(skb) &&
	    own_nat_comes_from_outside(state) && nf_ct_get(skb, &ctinfo) &&
	    CTINFO2DIR(ctinfo) == IP_CT_DIR_REPLY)
		skb->dev = state->net->loopback_dev;
	return NF_ACCEPT;
}

static const struct nf_hook_ops own_nat_input_ops[] = {
	{
		.hook		= own_nat_ipv4_loopback,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP_PRI_NAT_DST - 1,
	},
	{
		.hook		= own_nat_ipv6_loopback,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP6_PRI_NAT_DST + 1,
	},
};

static int own_nat_enable(struct net *net, own_nat_ask ask)
{
	int err, count;

	WRITE_ONCE(own_ask, ask);
	err = nf_ct_netns_get(net, NFPROTO_INET);
	if (err)
		return err;
	err = nf_register_net_hooks(net, own_nat_input_ops,
				    ARRAY_SIZE(own_nat_input_ops));
	if (err)
		goto err_conntrack;
	for (count = 0; count < ARRAY_SIZE(own_nat_hook_ops); count++) {
		err = own_nat_register(net, &own_nat_hook_ops[count]);
		if (err)
			goto err_hooks;
	}
	return 0;

err_hooks:
	own_nat_unregister(net, count);
	nf_unregister_net_hooks(net, own_nat_input_ops,
				ARRAY_SIZE(own_nat_input_ops));
err_conntrack:
	nf_ct_netns_put(net, NFPROTO_INET);
	return err;
}

static void own_nat_disable(struct net *net)
{
	own_nat_unregister(net, ARRAY_SIZE(own_nat_hook_ops));
	nf_unregister_net_hooks(net, own_nat_input_ops,
				ARRAY_SIZE(own_nat_input_ops));
	nf_ct_netns_put(net, NFPROTO_INET);
}

const struct own_nat_ops own_nat_ops = {
	.enable		= own_nat_enable,
	.disable	= own_nat_disable,
};
EXPORT_SYMBOL_GPL(own_nat_ops);

/*
 * Connections end that have an address which their device has lost; of a device with a peer in
 * IPv4 only when that is down, or gone: nf_nat looks at the peer's address.
 */
static int __init own_nat_init(void)
{
	return nf_nat_masquerade_inet_register_notifiers();
}

static void __exit own_nat_exit(void)
{
	/* Nobody finds us any more; who has, leaves before the text goes. */
	synchronize_rcu();
	nf_nat_masquerade_inet_unregister_notifiers();
}

module_init(own_nat_init);
module_exit(own_nat_exit);

MODULE_DESCRIPTION("Routing by socket owner: addresses of connections");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
