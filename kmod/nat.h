/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses that are changed, for mappings with struct ownroute_nat.
 *
 * What has to do with nf_nat is a helper, ownroute_nat: see helper.h for how it comes and
 * goes.  It asks this module about each new connection, by a function that it gets when it is
 * switched on.  Packets that are in there, or in its hooks, when it is switched off are under
 * rcu_read_lock(): it waits for them when it is unloaded, and so does this module.
 *
 * Its hooks are among those of nf_nat, where only the first packet of a connection comes by. All
 * others are nf_nat's own business, so that a connection keeps its addresses, whatever becomes of
 * the mapping, as long as NAT is on in the namespace.
 */
#ifndef _OWN_NAT_H
#define _OWN_NAT_H

#include <linux/in.h>
#include <linux/netfilter.h>
#include <linux/ownroute.h>
#include <linux/string.h>
#include <net/ipv6.h>

struct net;
struct netlink_ext_ack;
struct nlattr;
struct own_helper;
struct own_net;
struct sk_buff;

/**
 * typedef own_nat_ask - what is to be changed of a packet's connection?
 * @skb: its first packet, in LOCAL_OUT or POST_ROUTING
 * @state: of the hook
 *
 * Under rcu_read_lock().
 *
 * Return: what its owner's mapping says, valid as long; NULL if nothing is changed here.
 */
typedef const struct ownroute_nat *(*own_nat_ask)(const struct sk_buff *skb,
						  const struct nf_hook_state *state);

/**
 * struct own_nat_ops - what ownroute_nat does
 *
 * @enable: switch NAT on in a namespace, and ask this; 0 or a negative error
 * @disable: switch it off again; hooks that run now end within a grace period
 *
 * They may sleep, and are called one at a time for each namespace.
 */
struct own_nat_ops {
	int	(*enable)(struct net *net, own_nat_ask ask);
	void	(*disable)(struct net *net);
};

extern const struct own_nat_ops own_nat_ops;
extern const struct own_helper own_nat_helper;

/* Returns whether there is one; what isn't used of @addr is 0. */
static inline bool own_nat_addr(union nf_inet_addr *addr, u8 pf, __be32 ipv4,
				const u8 *ipv6)
{
	memset(addr, 0, sizeof(*addr));
	if (pf == NFPROTO_IPV4)
		addr->ip = ipv4;
	else
		memcpy(&addr->in6, ipv6, sizeof(addr->in6));
	return !ipv6_addr_any(&addr->in6);
}

/* The address that connections of a family leave with, if they all get the same one */
static inline bool own_nat_source(const struct ownroute_nat *nat, u8 pf,
				  union nf_inet_addr *addr)
{
	return own_nat_addr(addr, pf, nat->source_ipv4, nat->source_ipv6);
}

/* The address that questions of a family to name servers go to */
static inline bool own_nat_dns(const struct ownroute_nat *nat, u8 pf,
			       union nf_inet_addr *addr)
{
	return own_nat_addr(addr, pf, nat->dns_ipv4, nat->dns_ipv6);
}

static inline bool own_nat_has_source(const struct ownroute_nat *nat)
{
	union nf_inet_addr addr;

	return own_nat_source(nat, NFPROTO_IPV4, &addr) ||
	       own_nat_source(nat, NFPROTO_IPV6, &addr);
}

/* Whether connections that leave by the mapping's device get another source address */
static inline bool own_nat_changes_source(const struct ownroute_nat *nat)
{
	return nat->flags & OWNROUTE_NAT_MASQUERADE || own_nat_has_source(nat);
}

static inline bool own_nat_has_dns(const struct ownroute_nat *nat)
{
	union nf_inet_addr addr;

	return own_nat_dns(nat, NFPROTO_IPV4, &addr) ||
	       own_nat_dns(nat, NFPROTO_IPV6, &addr);
}

int own_nat_parse(struct ownroute_nat *nat, const struct nlattr *attr,
		  const struct ownroute_mapping *desc,
		  const struct nlattr *device, struct netlink_ext_ack *extack);

int own_nat_begin(struct own_net *on, struct netlink_ext_ack *extack);
void own_nat_end(struct own_net *on);

#endif
