// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hooks: packets, and nothing else.  They run under rcu_read_lock().  Finding
 * the mapping and counting allocates nothing, prints nothing, takes no lock and
 * writes nothing that another CPU writes; a new route is the stack's business.
 */
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/mptcp.h>
#include <net/sock.h>

#include "hook.h"
#include "index.h"
#include "mapping.h"
#include "net.h"

/*
 * Will this packet come through LOCAL_OUT once more, or has it been here before?
 * A VRF hands it on to the device that it really leaves by, and is the loopback
 * of its own addresses too.  IPsec sends what it made out of a packet with the
 * packet's socket: that is the tunnel, not the user in it.
 */
static bool own_pass_over(const struct sk_buff *skb,
			  const struct nf_hook_state *state, u8 pf)
{
	if (state->out->flags & IFF_LOOPBACK || netif_is_l3_master(state->out))
		return true;
	if (pf == NFPROTO_IPV4)
		return IPCB(skb)->flags & IPSKB_XFRM_TRANSFORMED;
	return IP6CB(skb)->flags & IP6SKB_XFRM_TRANSFORMED;
}

/* MPTCP sends through kernel sockets of its own, but what it sends is a user's. */
static bool own_sock_is_mptcp(const struct sock *sk)
{
	return sk_is_tcp(sk) && sk_is_mptcp(sk);
}

/*
 * The socket that sends this packet, if it can have an owner.
 *
 * It is state->sk, not skb->sk: a packet that comes out of a tunnel device still
 * has the inner flow's socket in skb->sk, and would be sent into the tunnel
 * again.  Minisockets lead to their listener or to nothing.  Kernel sockets have
 * the uid of whoever made the kernel make them, mostly 0, but send for nobody:
 * the tunnel's own socket must not be sent into the tunnel because root is.
 */
static const struct sock *own_sock(const struct nf_hook_state *state)
{
	const struct sock *sk;

	if (!state->sk)
		return NULL;

	sk = sk_to_full_sk(state->sk);
	if (!sk || !sk_fullsock(sk) || !net_eq(sock_net(sk), state->net))
		return NULL;
	if (unlikely(sk->sk_kern_sock) && !own_sock_is_mptcp(sk))
		return NULL;
	return sk;
}

/*
 * MPTCP's later subflows are made by a worker, and keep its uid 0 in sk_uid.
 * Their inode has the user's.  It is freed by RCU, so it is good for the hook.
 */
static kuid_t own_sock_kuid(const struct sock *sk)
{
	struct socket *sock;

	if (unlikely(sk->sk_kern_sock)) {
		sock = READ_ONCE(sk->sk_socket);
		if (sock)
			return SOCK_INODE(sock)->i_uid;
	}
	return sk_uid(sk);
}

/*
 * Mappings speak of uids as the namespace's administrator sees them.  In the
 * initial user namespace these are the kernel's own numbers; don't make every
 * packet on every ordinary machine pay for looking that up.
 */
static u32 own_sock_uid(const struct sock *sk, const struct net *net)
{
	kuid_t uid = own_sock_kuid(sk);

	if (likely(net->user_ns == &init_user_ns))
		return __kuid_val(uid);
	return from_kuid(net->user_ns, uid);
}

/*
 * IPv4 sends multicast and broadcast by the device that has the source address,
 * without a look at rules and marks, unless it is told to leave that address out
 * of the question.
 */
static int own_reroute(struct sk_buff *skb, const struct nf_hook_state *state,
		       u8 pf)
{
	unsigned int addr_type = RTN_UNSPEC;

	if (pf != NFPROTO_IPV4)
		return nf_ip6_route_me_harder(state->net, state->sk, skb);

	if (ipv4_is_multicast(ip_hdr(skb)->daddr) ||
	    ipv4_is_lbcast(ip_hdr(skb)->daddr))
		addr_type = RTN_MULTICAST;
	return ip_route_me_harder(state->net, state->sk, skb, addr_type);
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

	if (own_pass_over(skb, state, pf))
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

	/* A datagram's sender is told why: "unreachable" if the tunnel is down. */
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
