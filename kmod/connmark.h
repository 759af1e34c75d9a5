/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks that connections keep, for mappings with %OWNROUTE_FLAG_CONNMARK.
 *
 * What has to do with conntrack is a helper, ownroute_connmark: see helper.h for how it comes
 * and goes.
 */
#ifndef _OWN_CONNMARK_H
#define _OWN_CONNMARK_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "net.h"

struct net;
struct netlink_ext_ack;
struct own_connmarks;
struct own_helper;
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

extern const struct own_helper own_connmark_helper;

struct own_connmarks *own_connmark_begin(struct own_net *on,
					 const struct own_set_edit *edit,
					 struct netlink_ext_ack *extack);
void own_connmark_commit(struct own_net *on, struct own_connmarks *marks);
void own_connmark_abort(struct own_net *on, struct own_connmarks *marks);

void own_connmark_net_pre_exit(struct own_net *on);
void own_connmark_net_exit(struct own_net *on);

#endif
