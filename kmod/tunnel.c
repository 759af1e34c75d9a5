// SPDX-License-Identifier: GPL-2.0-only
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>

#include "device.h"
#include "tunnel.h"

static unsigned int own_into_tunnel(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	if (skb->mark)
		skb->mark &= ~own_tunnel_mask(state->out);
	return NF_ACCEPT;
}

/* When nobody asks for the mark any more: neither other tables nor a new route. */
static const struct nf_hook_ops own_tunnel_ops[] = {
	{
		.hook		= own_into_tunnel,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP_PRI_LAST - 1,
	},
	{
		.hook		= own_into_tunnel,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= NF_IP6_PRI_LAST - 1,
	},
};

/**
 * own_tunnels_register() - the first mapping of a namespace comes that leads into such a
 *	tunnel
 * @net: the namespace
 *
 * Return: 0, or a negative error with no hook registered.
 */
int own_tunnels_register(struct net *net)
{
	return nf_register_net_hooks(net, own_tunnel_ops,
				     ARRAY_SIZE(own_tunnel_ops));
}

/**
 * own_tunnels_unregister() - the last of them is gone
 * @net: the namespace
 *
 * Doesn't wait: a hook that runs now ends within an RCU grace period.
 */
void own_tunnels_unregister(struct net *net)
{
	nf_unregister_net_hooks(net, own_tunnel_ops,
				ARRAY_SIZE(own_tunnel_ops));
}
