/* SPDX-License-Identifier: GPL-2.0-only */
/* What ownroute keeps for each network namespace. */
#ifndef _OWN_NET_H
#define _OWN_NET_H

#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

struct own_index;

/**
 * struct own_net - the mappings of one network namespace
 *
 * @index: what the hooks look packets up in; NULL without mappings, and just
 *	then no hooks are registered.  Written under @lock, read under RCU
 * @net: the namespace that this belongs to, and lives as long as
 * @lock: serialises all changes, and the dumps with them
 * @by_id: struct own_mapping by id, written under @lock
 * @next_id: where the search for a free id goes on, so that the id of a deleted
 *	mapping doesn't come back at once to mean another one
 * @generation: goes up with every change, never 0
 */
struct own_net {
	struct own_index __rcu	*index;
	struct net		*net;
	struct mutex		lock;	/* see above */
	struct xarray		by_id;
	u32			next_id;
	u64			generation;
};

extern unsigned int own_net_id;

static inline struct own_net *own_net(const struct net *net)
{
	return net_generic(net, own_net_id);
}

/* For those who hold own_net::lock. */
static inline struct own_index *own_index_of(const struct own_net *on)
{
	return rcu_dereference_protected(on->index,
					 lockdep_is_held(&on->lock));
}

#endif
