/* SPDX-License-Identifier: GPL-2.0-only */
/* Mappings: their life and their counters. */
#ifndef _OWN_MAPPING_H
#define _OWN_MAPPING_H

#include <linux/list.h>
#include <linux/ownroute.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/u64_stats_sync.h>

struct own_device;

/**
 * struct own_counters - one CPU's counters of a mapping
 *
 * @packets: packets that matched
 * @bytes: their length from the IP header on
 * @stamped: times that a socket got the mark
 * @reroutes: packets that were routed again
 * @drops: packets that were dropped
 * @guarded: packets that were dropped because they were leaving by another device
 * @syncp: lets 32-bit readers see both halves of a number
 */
struct own_counters {
	u64_stats_t		packets;
	u64_stats_t		bytes;
	u64_stats_t		stamped;
	u64_stats_t		reroutes;
	u64_stats_t		drops;
	u64_stats_t		guarded;
	struct u64_stats_sync	syncp;
};

/**
 * struct own_mapping - whose packets, and what happens to them
 *
 * @rank: its place in the order, (priority, id)
 * @rest: selectors that the tree it hangs in doesn't compare
 * @cgroup_level: level of its cgroup
 * @desc: what was asked for, with the id that it got
 * @counters: those of the mapping with this id, whichever that is
 * @device: the device that its packets are to leave by, NULL without
 * @of_device: among those that name it
 * @nat: addresses that are changed, NULL without
 * @tunnel: when it was made, this was a tunnel that asks for its way by packets' marks, or
 *	wasn't there
 * @stamped: it may have left a stamp on a socket
 * @withdrawn: it leaves no more
 * @serial: its number among the withdrawn, if it is one of them
 * @owns_counters: they are freed with this mapping
 * @counters_from: an edit gives this mapping the counters of that one
 * @fresh: an edit that isn't committed yet brought it
 * @link: in a list of its edit
 * @comment: text for people, NULL without; for userspace
 * @userdata: bytes of the program that made the mapping, NULL without
 * @userdata_len: how many
 * @rcu: to free it after the last packet that found it
 *
 * Who can hold one: the set of its namespace, or an edit of that set, both
 * changed under own_net::lock only; packets, between own_set_lookup() and the
 * end of their hook, under rcu_read_lock(); requests, while they hold
 * own_net::lock.  Nobody keeps one for longer, so there is no reference count: it
 * is taken out of the set under the lock, after which no newcomer can find it,
 * and freed a grace period later, when those that did have left.  If it has left
 * stamps, it stays in the set as one of the withdrawn: see withdrawn.h.
 *
 * What packets read of it doesn't change once it can be found, but for @stamped and
 * @withdrawn.
 */
struct own_mapping {
	u64				rank;
	u32				rest;
	int				cgroup_level;
	struct ownroute_mapping		desc;
	struct own_counters __percpu	*counters;
	struct own_device		*device;
	struct list_head		of_device;
	struct ownroute_nat		*nat;
	bool				stamped;
	bool				withdrawn;

	u32				serial;
	bool				owns_counters;
	bool				fresh;
	bool				tunnel;
	u16				userdata_len;
	struct own_mapping		*counters_from;
	struct list_head		link;
	char				*comment;
	void				*userdata;
	struct rcu_head			rcu;
};

/* Does it put its mark on sockets? */
static inline bool own_stamps(const struct ownroute_mapping *desc)
{
	return desc->action == OWNROUTE_ACTION_MARK &&
	       !(desc->flags & OWNROUTE_FLAG_NOSTAMP);
}

/*
 * Does it put its mark on connections?  One that changes addresses does: of a packet that has
 * another one than its socket, nothing else tells where it belongs.
 */
static inline bool own_marks_connections(const struct own_mapping *mapping)
{
	return mapping->nat || mapping->desc.flags & OWNROUTE_FLAG_CONNMARK;
}

/*
 * Is this the mark of a socket that the mapping has stamped?  A stamp of 0 can't be
 * told from none.
 */
static inline bool own_stamp_fits(const struct ownroute_mapping *desc, u32 mark)
{
	u32 stamp = mark & desc->mask;

	return own_stamps(desc) && stamp &&
	       (stamp == desc->mark || stamp == desc->inbound);
}

void own_mapping_stats(const struct own_mapping *mapping,
		       struct ownroute_stats *stats);

struct own_mapping *own_mapping_alloc(const struct ownroute_mapping *desc,
				      int cgroup_level, const char *comment,
				      const void *userdata, u16 userdata_len);
int own_mapping_alloc_counters(struct own_mapping *mapping);
void own_mapping_set_id(struct own_mapping *mapping, u32 id);
void own_mapping_forget_texts(struct own_mapping *mapping);
void own_mapping_free(struct own_mapping *mapping);
void own_mapping_retire(struct own_mapping *mapping);

#endif
