/* SPDX-License-Identifier: GPL-2.0-only */
/* What ownroute keeps for each network namespace. */
#ifndef _OWN_NET_H
#define _OWN_NET_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/u64_stats_sync.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "guard.h"

struct own_connmark_ops;
struct own_connmarks;
struct own_nat_ops;
struct own_set;

/**
 * struct own_net_counters - one CPU's counters of a namespace
 *
 * @matches: packets that met a mapping
 * @misses: packets that met none
 * @ownerless: packets without a socket, or of one that can have no owner
 * @syncp: lets 32-bit readers see both halves of a number
 */
struct own_net_counters {
	u64_stats_t		matches;
	u64_stats_t		misses;
	u64_stats_t		ownerless;
	struct u64_stats_sync	syncp;
};

/* Why requests are refused; the order is that of struct ownroute_net_stats. */
enum own_refusal {
	OWN_REFUSED_INVALID,
	OWN_REFUSED_EXISTS,
	OWN_REFUSED_MISSING,
	OWN_REFUSED_LIMIT,
	OWN_REFUSED_BUSY,
	OWN_REFUSED_OTHER,
	OWN_REFUSALS
};

/**
 * struct own_net - the mappings of one network namespace
 *
 * @set: what the hooks look packets up in; NULL without mappings, and just then
 *	no hooks are registered.  Written under @lock, read under RCU
 * @connmark: ownroute_connmark, while a mapping marks connections; else NULL.  Written
 *	under @lock, read under RCU
 * @connmarks: the marks that connections can have, NULL just then.  Under @lock
 * @nat: ownroute_nat, while a mapping changes addresses; else NULL.  Under @lock
 * @counters: of packets
 * @net: the namespace that this belongs to, and lives as long as
 * @lock: serialises all changes, and the answers with them
 * @transactions_lock: of the two members that follow
 * @transactions: those that are under way
 * @transactions_count: how many
 * @next_id: where the search for a free id goes on, so that the id of a deleted
 *	mapping doesn't come back at once to mean another one
 * @limit: how many mappings there may be
 * @generation: goes up with every change, never 0
 * @guard: what has to be told of packets that were dropped
 * @nomem: times that memory could not be had
 * @refused: requests refused, by reason
 */
struct own_net {
	struct own_set __rcu			*set;
	const struct own_connmark_ops __rcu	*connmark;
	struct own_connmarks			*connmarks;
	const struct own_nat_ops		*nat;
	struct own_net_counters __percpu	*counters;
	struct net				*net;
	struct mutex				lock;	/* see above */
	spinlock_t				transactions_lock; /* see above */
	struct list_head			transactions;
	u32					transactions_count;
	u32					next_id;
	u32					limit;
	u64					generation;
	struct own_guard			guard;
	atomic64_t				nomem;
	atomic64_t				refused[OWN_REFUSALS];
};

extern unsigned int own_net_id;

static inline struct own_net *own_net(const struct net *net)
{
	return net_generic(net, own_net_id);
}

/* For those who hold own_net::lock. */
static inline struct own_set *own_set_of(const struct own_net *on)
{
	return rcu_dereference_protected(on->set, lockdep_is_held(&on->lock));
}

#endif
