// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets that no socket's owner sends: the stack's own answers, when the socket that they
 * are about is gone or never was, and what tunnels make.
 *
 * An answer is sent from the address that the packet it answers was sent to.  So if that
 * is the address of a mapping's device, it belongs to what goes by this device, and gets
 * the mapping's mark.  That needs nothing to be remembered.  Conntrack would have to see
 * every packet of the machine, which costs each many times what this module does, and
 * forgets a connection with the first reset.  The mark of the packet that is answered tells
 * nothing: nobody has marked it on its way in.
 */
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "connmark.h"
#include "device.h"
#include "index.h"
#include "mapping.h"
#include "net.h"
#include "owner.h"
#include "ownerless.h"
#include "packet.h"
#include "source.h"
#include "trace.h"
#include "verdict.h"

/*
 * Does the stack itself send this, by a socket that serves everybody, or by none?  A TCP
 * connection of the kernel's, such as that of NFS, is a stream.  From 6.13 on, the answers
 * of TIME_WAIT have the socket that is in it.
 */
static bool own_stack_sends(const struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	const struct sock *sk = state->sk;

	/*
	 * What is forwarded has none either, nor what an ipvlan device hands down; but both
	 * come from a device.
	 */
	if (!sk)
		return !(state->hook == NF_INET_LOCAL_OUT ? skb->dev :
							    state->in);
	if (!sk_fullsock(sk))
		return sk->sk_state == TCP_TIME_WAIT;
	return sk->sk_kern_sock && sk->sk_type == SOCK_RAW &&
	       net_eq(sock_net(sk), state->net);
}

/* No neighbour discovery, no MLD: these are about the device that they leave by. */
static bool own_is_icmpv6_answer(const struct sk_buff *skb)
{
	int offset = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	const u8 *type;
	u8 buffer;

	type = skb_header_pointer(skb, offset, sizeof(buffer), &buffer);
	return type && (!(*type & ICMPV6_INFOMSG_MASK) ||
			*type == ICMPV6_ECHO_REPLY);
}

/*
 * UDP, and what carries other packets, is never one: so no tunnel is sent into itself.  The
 * stack's answers have no extension headers.
 */
static bool own_is_answer(const struct sk_buff *skb, u8 pf)
{
	if (pf == NFPROTO_IPV4)
		return ip_hdr(skb)->protocol == IPPROTO_TCP ||
		       ip_hdr(skb)->protocol == IPPROTO_ICMP;
	return ipv6_hdr(skb)->nexthdr == IPPROTO_TCP ||
	       (ipv6_hdr(skb)->nexthdr == IPPROTO_ICMPV6 &&
		own_is_icmpv6_answer(skb));
}

/* A mapping with @flags whose device is meant to send this, but doesn't. */
static struct own_mapping *own_ownerless_mapping(const struct sk_buff *skb,
						 const struct nf_hook_state *state,
						 u8 pf,
						 const struct own_set *set,
						 u32 flags)
{
	struct own_device *device;

	if (!set->devices || !own_stack_sends(skb, state) ||
	    !own_is_answer(skb, pf))
		return NULL;
	device = own_device_of_source(state->net, skb, pf);
	if (!device || own_device_is(device, state->out))
		return NULL;
	return own_device_mapping(device, flags);
}

/**
 * own_ownerless() - what becomes of a packet that has no owner
 * @skb: the packet
 * @state: of the hook, LOCAL_OUT
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @on: the namespace's
 * @set: its mappings
 *
 * Kernel sockets have the uid of whoever made the kernel make them, mostly 0, but
 * send for nobody: the tunnel's own must not be sent into the tunnel because root is.
 *
 * Return: the hook's verdict.
 */
unsigned int own_ownerless(struct sk_buff *skb,
			   const struct nf_hook_state *state, u8 pf,
			   const struct own_net *on, const struct own_set *set)
{
	const struct own_mapping *mapping;

	own_count(&on->counters->ownerless, &on->counters->syncp);
	/* Where conntrack is in use anyway, it knows best. */
	if (own_connmark_restore(on, skb))
		return own_send_anew(skb, state, pf);
	trace_ownroute_miss(state->net, skb, OWN_NOBODY);

	mapping = own_ownerless_mapping(skb, state, pf, set, 0);
	if (!mapping)
		return NF_ACCEPT;
	skb->mark = (skb->mark & ~mapping->desc.mask) | mapping->desc.mark;
	return own_send_by_mark(skb, state, pf, mapping);
}

/**
 * own_ownerless_guard() - does a guard mind a packet that has no owner?
 * @skb: the packet
 * @state: of the hook, POST_ROUTING
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @set: the mappings
 *
 * Return: a mapping that guards the device which it should have left by, NULL if it
 * may go.
 */
const struct own_mapping *
own_ownerless_guard(const struct sk_buff *skb,
		    const struct nf_hook_state *state, u8 pf,
		    const struct own_set *set)
{
	return own_ownerless_mapping(skb, state, pf, set, OWNROUTE_FLAG_GUARD);
}
