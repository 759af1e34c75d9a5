// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hooks: packets, and nothing else.  They run under rcu_read_lock(), allocate
 * nothing, print nothing, take no lock, and write nothing that another CPU
 * writes.
 */
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/inet_sock.h>
#include <net/sock.h>

#include "hook.h"
#include "index.h"
#include "mapping.h"
#include "net.h"

/*
 * The socket that sends this packet, if it can have an owner.
 *
 * It is state->sk, not skb->sk: a packet that comes out of a tunnel device still
 * has the inner flow's socket in skb->sk, and would be sent into the tunnel
 * again.  Minisockets lead to their listener or to nothing.  Kernel sockets have
 * uid 0 but belong to no user: the tunnel's own socket must not be sent into the
 * tunnel because root is.
 */
static const struct sock *own_sock(const struct nf_hook_state *state)
{
	const struct sock *sk;

	if (!state->sk)
		return NULL;

	sk = sk_to_full_sk(state->sk);
	if (!sk || !sk_fullsock(sk) || sk->sk_kern_sock ||
	    !net_eq(sock_net(sk), state->net))
		return NULL;
	return sk;
}

/*
 * Mappings speak of uids as the namespace's administrator sees them.  In the
 * initial user namespace these are the kernel's own numbers; don't make every
 * packet on every ordinary machine pay for looking that up.
 */
static u32 own_sock_uid(const struct sock *sk, const struct net *net)
{
	if (likely(net->user_ns == &init_user_ns))
		return __kuid_val(sk_uid(sk));
	return from_kuid(net->user_ns, sk_uid(sk));
}

static int own_reroute(struct sk_buff *skb, const struct nf_hook_state *state,
		       u8 pf)
{
	if (pf == NFPROTO_IPV4)
		return ip_route_me_harder(state->net, state->sk, skb,
					  RTN_UNSPEC);
	return nf_ip6_route_me_harder(state->net, state->sk, skb);
}

static __always_inline unsigned int
own_local_out(struct sk_buff *skb, const struct nf_hook_state *state, u8 pf)
{
	const struct own_mapping *mapping;
	const struct own_index *index;
	struct own_owner owner;
	const struct sock *sk;
	u32 mark;
	int err;

	if (state->out->flags & IFF_LOOPBACK)
		return NF_ACCEPT;

	sk = own_sock(state);
	if (!sk)
		return NF_ACCEPT;

	/* NULL when the last mapping has just gone, the hooks with it. */
	index = rcu_dereference(own_net(state->net)->index);
	if (!index)
		return NF_ACCEPT;

	owner.uid = own_sock_uid(sk, state->net);
	mapping = own_index_lookup(index, &owner);
	if (!mapping)
		return NF_ACCEPT;

	own_mapping_count(mapping, skb->len);

	mark = (skb->mark & ~mapping->desc.mask) | mapping->desc.mark;
	if (mark == skb->mark)
		return NF_ACCEPT;
	skb->mark = mark;

	/* The sender is told why: "unreachable" behind a tunnel that is down. */
	err = own_reroute(skb, state, pf);
	return err < 0 ? NF_DROP_ERR(err) : NF_ACCEPT;
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
