// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/string.h>

#include "device.h"
#include "mapping.h"

/**
 * own_mapping_stats() - add up the counters of all CPUs
 * @mapping: the mapping
 * @stats: gets the sums
 */
void own_mapping_stats(const struct own_mapping *mapping,
		       struct ownroute_stats *stats)
{
	int cpu;

	memset(stats, 0, sizeof(*stats));
	stats->size = sizeof(*stats);

	for_each_possible_cpu(cpu) {
		u64 packets, bytes, stamped, reroutes, drops, guarded;
		const struct own_counters *counters;
		unsigned int start;

		counters = per_cpu_ptr(mapping->counters, cpu);
		do {
			start = u64_stats_fetch_begin(&counters->syncp);
			packets = u64_stats_read(&counters->packets);
			bytes = u64_stats_read(&counters->bytes);
			stamped = u64_stats_read(&counters->stamped);
			reroutes = u64_stats_read(&counters->reroutes);
			drops = u64_stats_read(&counters->drops);
			guarded = u64_stats_read(&counters->guarded);
		} while (u64_stats_fetch_retry(&counters->syncp, start));

		stats->packets += packets;
		stats->bytes += bytes;
		stats->stamped += stamped;
		stats->reroutes += reroutes;
		stats->drops += drops;
		stats->guarded += guarded;
	}
}

/**
 * own_mapping_alloc() - make a mapping that nobody can find yet
 * @desc: what it is to be
 * @cgroup_level: level of its cgroup, if it has one
 * @comment: text for people, or NULL
 * @userdata: bytes to keep for the program that asks, or NULL
 * @userdata_len: how many
 *
 * It has no counters: they are made by own_mapping_alloc_counters(), or come
 * from the mapping that it replaces.  Nor has it a device or addresses to change; what is
 * put there is given back when it is freed.
 *
 * Return: the mapping, NULL if there is no memory.
 */
struct own_mapping *own_mapping_alloc(const struct ownroute_mapping *desc,
				      int cgroup_level, const char *comment,
				      const void *userdata, u16 userdata_len)
{
	struct own_mapping *mapping;

	mapping = kzalloc(sizeof(*mapping), GFP_KERNEL_ACCOUNT);
	if (!mapping)
		return NULL;
	mapping->desc = *desc;
	mapping->desc.size = sizeof(mapping->desc);
	mapping->cgroup_level = cgroup_level;
	own_mapping_set_id(mapping, desc->id);

	/* The tree compares the first of uid, cgroup, gid: see own_places_of(). */
	if (desc->match & OWNROUTE_MATCH_UID)
		mapping->rest = desc->match & ~OWNROUTE_MATCH_UID;
	else if (desc->match & OWNROUTE_MATCH_CGROUP)
		mapping->rest = desc->match;	/* only half of the id is */

	if (comment) {
		mapping->comment = kstrdup(comment, GFP_KERNEL_ACCOUNT);
		if (!mapping->comment)
			goto err_free;
	}
	if (userdata) {
		mapping->userdata = kmemdup(userdata, userdata_len,
					    GFP_KERNEL_ACCOUNT);
		if (!mapping->userdata)
			goto err_free;
		mapping->userdata_len = userdata_len;
	}
	return mapping;

err_free:
	own_mapping_free(mapping);
	return NULL;
}

/**
 * own_mapping_alloc_counters() - give a mapping counters of its own
 * @mapping: the mapping
 *
 * Return: 0 or -ENOMEM.
 */
int own_mapping_alloc_counters(struct own_mapping *mapping)
{
	int cpu;

	mapping->counters = alloc_percpu_gfp(struct own_counters,
					     GFP_KERNEL_ACCOUNT);
	if (!mapping->counters)
		return -ENOMEM;
	mapping->owns_counters = true;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(mapping->counters, cpu)->syncp);
	return 0;
}

/**
 * own_mapping_set_id() - give a mapping an id
 * @mapping: the mapping, which nobody can find yet
 * @id: the id
 */
void own_mapping_set_id(struct own_mapping *mapping, u32 id)
{
	mapping->desc.id = id;
	mapping->rank = (u64)mapping->desc.priority << 32 | id;
}

/**
 * own_mapping_forget_texts() - free what only requests look at
 * @mapping: the mapping, which no request can find any more
 */
void own_mapping_forget_texts(struct own_mapping *mapping)
{
	kfree(mapping->userdata);
	kfree(mapping->comment);
	mapping->userdata = NULL;
	mapping->comment = NULL;
}

/**
 * own_mapping_free() - free a mapping that nobody can find any more
 * @mapping: the mapping
 */
void own_mapping_free(struct own_mapping *mapping)
{
	if (mapping->owns_counters)
		free_percpu(mapping->counters);
	if (mapping->device)
		own_device_put(mapping->device);
	own_mapping_forget_texts(mapping);
	kfree(mapping->nat);
	kfree(mapping);
}

static void own_mapping_free_rcu(struct rcu_head *rcu)
{
	own_mapping_free(container_of(rcu, struct own_mapping, rcu));
}

/**
 * own_mapping_retire() - free a mapping that packets may still see
 * @mapping: the mapping, in no set any more
 */
void own_mapping_retire(struct own_mapping *mapping)
{
	call_rcu(&mapping->rcu, own_mapping_free_rcu);
}
