/* SPDX-License-Identifier: GPL-2.0-only */
/* Mappings: their life, their counters, the set of them in a namespace. */
#ifndef _OWN_MAPPING_H
#define _OWN_MAPPING_H

#include <linux/bottom_half.h>
#include <linux/ownroute.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/u64_stats_sync.h>

struct net;
struct netlink_ext_ack;
struct own_net;

/**
 * struct own_counters - one CPU's counters of a mapping
 *
 * @packets: packets that matched
 * @bytes: their length from the IP header on
 * @syncp: lets 32-bit readers see both halves of a number
 */
struct own_counters {
	u64_stats_t		packets;
	u64_stats_t		bytes;
	struct u64_stats_sync	syncp;
};

/**
 * struct own_mapping - whose packets, and what happens to them
 *
 * @desc: what was asked for, with the id that it got
 * @counters: belong to the mapping that holds the id, see @counters_passed_on
 * @counters_passed_on: a mapping that replaced this one has them now
 * @comment: text for people, NULL without; for userspace
 * @userdata: bytes of the program that made the mapping, NULL without
 * @userdata_len: how many
 * @rcu: to free it after the last packet that found it
 *
 * Who can hold one: its namespace's by_id and index, both changed under
 * own_net::lock only; packets, between own_index_lookup() and the end of their
 * hook, under rcu_read_lock(); a dump, while it holds own_net::lock.  Nobody
 * keeps one for longer, so there is no reference count: it is taken out of both
 * places under the lock, after which no newcomer can find it, and freed a grace
 * period later, when those that did have left.
 *
 * Apart from @counters_passed_on it doesn't change once it can be found.
 */
struct own_mapping {
	struct ownroute_mapping		desc;
	struct own_counters __percpu	*counters;
	bool				counters_passed_on;
	char				*comment;
	void				*userdata;
	u16				userdata_len;
	struct rcu_head			rcu;
};

/**
 * own_mapping_count() - count a packet that matched
 * @mapping: the mapping
 * @bytes: length of the packet
 *
 * Comes from process context and from softirqs; a softirq in the middle of an
 * update would spoil it on 32 bit.
 */
static inline void own_mapping_count(const struct own_mapping *mapping,
				     unsigned int bytes)
{
	struct own_counters *counters;

	local_bh_disable();
	counters = this_cpu_ptr(mapping->counters);
	u64_stats_update_begin(&counters->syncp);
	u64_stats_inc(&counters->packets);
	u64_stats_add(&counters->bytes, bytes);
	u64_stats_update_end(&counters->syncp);
	local_bh_enable();
}

void own_mapping_stats(const struct own_mapping *mapping,
		       struct ownroute_stats *stats);

struct own_mapping *own_mapping_alloc(const struct ownroute_mapping *desc,
				      const char *comment,
				      const void *userdata, u16 userdata_len);
void own_mapping_free(struct own_mapping *mapping);
void own_mapping_retire(struct own_mapping *mapping);

void own_mappings_init(struct own_net *on, struct net *net);
void own_mappings_unhook(struct own_net *on);
void own_mappings_destroy(struct own_net *on);

u32 own_mappings_count(struct own_net *on);
struct own_mapping *own_mappings_get(struct own_net *on, u32 id);
int own_mappings_new(struct own_net *on, struct own_mapping *mapping,
		     struct netlink_ext_ack *extack);
int own_mappings_set(struct own_net *on, struct own_mapping *mapping,
		     struct netlink_ext_ack *extack);
int own_mappings_del(struct own_net *on, struct own_mapping *mapping,
		     struct netlink_ext_ack *extack);
u32 own_mappings_flush(struct own_net *on);

#endif
