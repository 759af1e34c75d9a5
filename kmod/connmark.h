/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks that connections keep, for mappings with %OWNROUTE_FLAG_CONNMARK.
 *
 * What has to do with conntrack is a module of its own, ownroute_connmark, which is
 * loaded when the first such mapping is asked for: conntrack costs each packet more
 * than we do, and the kernel may do without.  It asks for nothing of this module;
 * this one finds it by the one symbol that it exports, and holds it by that for each
 * namespace that has such a mapping:
 *
 *  1. the reference is taken, then conntrack and the hooks are switched on, then the
 *     mappings are published: whoever meets one finds all of it;
 *  2. when the last of them is gone, or its namespace, no new packet finds the other
 *     module; hooks and conntrack are switched off, and the reference is given back;
 *  3. packets that have found it before are under rcu_read_lock(); it waits for them
 *     when it is unloaded, before its text and its data go.
 */
#ifndef _OWN_CONNMARK_H
#define _OWN_CONNMARK_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "net.h"

struct net;
struct netlink_ext_ack;
struct nlattr;
struct own_connmarks;
struct own_set_edit;
struct sk_buff;

/**
 * struct own_connmark_ops - what ownroute_connmark does
 *
 * @enable: switch conntrack on in a namespace, and restore these marks on what comes in;
 *	0 or a negative error
 * @update: these, from now on; the marks before are free a grace period later
 * @disable: switch it off again; hooks that run now end within a grace period
 * @save: give the packet's connection, if it has one, a mark under a mask
 * @restore: give the packet the marks of its connection; whether it had others
 * @is_reply: has the other end begun the packet's connection?
 *
 * The first three may sleep, and are called one at a time for each namespace; the others
 * are for packets.
 */
struct own_connmark_ops {
	int	(*enable)(struct net *net, const struct own_connmarks *marks);
	void	(*update)(struct net *net, const struct own_connmarks *marks);
	void	(*disable)(struct net *net);
	void	(*save)(struct sk_buff *skb, u32 mark, u32 mask);
	bool	(*restore)(const struct net *net, struct sk_buff *skb);
	bool	(*is_reply)(const struct sk_buff *skb);
};

extern const struct own_connmark_ops own_connmark_ops;

/* Under rcu_read_lock(), as what follows. */
static inline void own_connmark_save(const struct own_net *on,
				     struct sk_buff *skb, u32 mark, u32 mask)
{
	const struct own_connmark_ops *ops = rcu_dereference(on->connmark);

	if (likely(ops))
		ops->save(skb, mark, mask);
}

static inline bool own_connmark_restore(const struct own_net *on,
					struct sk_buff *skb)
{
	const struct own_connmark_ops *ops = rcu_dereference(on->connmark);

	return unlikely(ops) && ops->restore(on->net, skb);
}

static inline bool own_connmark_is_reply(const struct own_net *on,
					 const struct sk_buff *skb)
{
	const struct own_connmark_ops *ops = rcu_dereference(on->connmark);

	return likely(ops) && ops->is_reply(skb);
}

int own_connmark_load(const struct nlattr *attr,
		      struct netlink_ext_ack *extack);

struct own_connmarks *own_connmark_begin(struct own_net *on,
					 const struct own_set_edit *edit,
					 struct netlink_ext_ack *extack);
void own_connmark_commit(struct own_net *on, struct own_connmarks *marks);
void own_connmark_abort(struct own_net *on, struct own_connmarks *marks);

void own_connmark_net_pre_exit(struct own_net *on);
void own_connmark_net_exit(struct own_net *on);

#endif
