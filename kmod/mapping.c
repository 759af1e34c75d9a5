// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "hook.h"
#include "index.h"
#include "mapping.h"
#include "net.h"

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
		const struct own_counters *counters;
		u64 packets, bytes;
		unsigned int start;

		counters = per_cpu_ptr(mapping->counters, cpu);
		do {
			start = u64_stats_fetch_begin(&counters->syncp);
			packets = u64_stats_read(&counters->packets);
			bytes = u64_stats_read(&counters->bytes);
		} while (u64_stats_fetch_retry(&counters->syncp, start));

		stats->packets += packets;
		stats->bytes += bytes;
	}
}

static struct own_counters __percpu *own_counters_alloc(void)
{
	struct own_counters __percpu *counters;
	int cpu;

	counters = alloc_percpu_gfp(struct own_counters, GFP_KERNEL_ACCOUNT);
	if (!counters)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(counters, cpu)->syncp);
	return counters;
}

/**
 * own_mapping_alloc() - make a mapping that nobody can find yet
 * @desc: what it is to be
 * @comment: text for people, or NULL
 * @userdata: bytes to keep for the program that asks, or NULL
 * @userdata_len: how many
 *
 * It has no counters until own_mappings_new() or own_mappings_set() takes it.
 *
 * Return: the mapping, NULL if there is no memory.
 */
struct own_mapping *own_mapping_alloc(const struct ownroute_mapping *desc,
				      const char *comment,
				      const void *userdata, u16 userdata_len)
{
	struct own_mapping *mapping;

	mapping = kzalloc(sizeof(*mapping), GFP_KERNEL_ACCOUNT);
	if (!mapping)
		return NULL;
	mapping->desc = *desc;
	mapping->desc.size = sizeof(mapping->desc);

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
 * own_mapping_free() - free a mapping that nobody can find any more
 * @mapping: the mapping
 */
void own_mapping_free(struct own_mapping *mapping)
{
	if (!mapping->counters_passed_on)
		free_percpu(mapping->counters);
	kfree(mapping->userdata);
	kfree(mapping->comment);
	kfree(mapping);
}

static void own_mapping_free_rcu(struct rcu_head *rcu)
{
	own_mapping_free(container_of(rcu, struct own_mapping, rcu));
}

/**
 * own_mapping_retire() - free a mapping that packets may still see
 * @mapping: the mapping, in no index and under no id any more
 */
void own_mapping_retire(struct own_mapping *mapping)
{
	call_rcu(&mapping->rcu, own_mapping_free_rcu);
}

/*
 * Makes packets see @index from now on, hooks coming with the first mapping and
 * going with the last.  On failure nothing has changed.
 */
static int own_index_publish(struct own_net *on, struct own_index *index,
			     struct netlink_ext_ack *extack)
{
	struct own_index *old = own_index_of(on);
	int err;

	if (!old && index) {
		err = own_hooks_register(on->net);
		if (err) {
			NL_SET_ERR_MSG(extack, "can't register netfilter hooks");
			return err;
		}
	}

	rcu_assign_pointer(on->index, index);
	on->generation++;

	if (old && !index)
		own_hooks_unregister(on->net);
	if (old)
		own_index_retire(old);
	return 0;
}

/* One change: @out leaves, @in comes.  On failure nothing has changed. */
static int own_index_change(struct own_net *on, const struct own_mapping *out,
			    struct own_mapping *in,
			    struct netlink_ext_ack *extack)
{
	struct own_index *index;
	int err;

	index = own_index_derive(own_index_of(on), out, in);
	if (IS_ERR(index)) {
		NL_SET_ERR_MSG(extack, "no memory for the index");
		return PTR_ERR(index);
	}

	err = own_index_publish(on, index, extack);
	if (err)
		kvfree(index);
	return err;
}

/**
 * own_mappings_init() - prepare a namespace
 * @on: its mappings
 * @net: the namespace
 */
void own_mappings_init(struct own_net *on, struct net *net)
{
	on->net = net;
	on->generation = 1;
	mutex_init(&on->lock);
	xa_init_flags(&on->by_id, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
}

/**
 * own_mappings_unhook() - let no more packets in, for good
 * @on: mappings of a namespace that is going, or of any when the module is
 *
 * Nobody else is here: netlink sockets hold their namespace, and the family is
 * unregistered before the module goes.
 */
void own_mappings_unhook(struct own_net *on)
{
	if (rcu_access_pointer(on->index))
		own_hooks_unregister(on->net);
}

/**
 * own_mappings_destroy() - free what a namespace has left
 * @on: its mappings, a grace period after own_mappings_unhook()
 */
void own_mappings_destroy(struct own_net *on)
{
	struct own_mapping *mapping;
	unsigned long id;

	kvfree(rcu_dereference_protected(on->index, true));
	xa_for_each(&on->by_id, id, mapping) {
		own_mapping_free(mapping);
		cond_resched();
	}
	xa_destroy(&on->by_id);
	mutex_destroy(&on->lock);
}

/**
 * own_mappings_count() - how many mappings there are
 * @on: the namespace's, locked
 *
 * Return: the number.
 */
u32 own_mappings_count(struct own_net *on)
{
	const struct own_index *index = own_index_of(on);

	return index ? index->count : 0;
}

/**
 * own_mappings_get() - find a mapping by its id
 * @on: the namespace's, locked
 * @id: the id
 *
 * Return: the mapping, good as long as the lock is held, or NULL.
 */
struct own_mapping *own_mappings_get(struct own_net *on, u32 id)
{
	lockdep_assert_held(&on->lock);
	return xa_load(&on->by_id, id);
}

static int own_mappings_take_id(struct own_net *on, struct own_mapping *mapping,
				struct netlink_ext_ack *extack)
{
	int err;

	if (mapping->desc.id)
		err = xa_insert(&on->by_id, mapping->desc.id, mapping,
				GFP_KERNEL);
	else
		err = xa_alloc_cyclic(&on->by_id, &mapping->desc.id, mapping,
				      XA_LIMIT(1, U32_MAX), &on->next_id,
				      GFP_KERNEL);

	if (err >= 0)	/* 1: the search began anew at the lowest id */
		return 0;
	if (err != -EBUSY) {
		NL_SET_ERR_MSG(extack, "no memory for the id");
		return err;
	}
	NL_SET_ERR_MSG(extack, "id is taken by another mapping");
	return -EEXIST;
}

/**
 * own_mappings_new() - add a mapping
 * @on: the namespace's, locked
 * @mapping: the mapping; an id of 0 becomes the next free one
 * @extack: says why not
 *
 * Return: 0, and the mapping belongs to the namespace; or a negative error, and
 * it is still the caller's.
 */
int own_mappings_new(struct own_net *on, struct own_mapping *mapping,
		     struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&on->lock);

	mapping->counters = own_counters_alloc();
	if (!mapping->counters) {
		NL_SET_ERR_MSG(extack, "no memory for the counters");
		return -ENOMEM;
	}

	err = own_mappings_take_id(on, mapping, extack);
	if (err)
		return err;

	err = own_index_change(on, NULL, mapping, extack);
	if (err)
		xa_erase(&on->by_id, mapping->desc.id);
	return err;
}

/**
 * own_mappings_set() - replace a mapping
 * @on: the namespace's, locked
 * @mapping: what the mapping with its id is to be; goes on with the counters
 * @extack: says why not
 *
 * Return: 0, and the mapping belongs to the namespace; or a negative error, and
 * it is still the caller's.
 */
int own_mappings_set(struct own_net *on, struct own_mapping *mapping,
		     struct netlink_ext_ack *extack)
{
	struct own_mapping *old;
	int err;

	old = own_mappings_get(on, mapping->desc.id);
	if (!old) {
		NL_SET_ERR_MSG(extack, "no mapping has this id");
		return -ENOENT;
	}

	/*
	 * Packets that still see the old one count on with these until a grace
	 * period from now.  Should the new one be deleted before, it is freed a
	 * grace period from then, which is later.
	 */
	mapping->counters = old->counters;
	err = own_index_change(on, old, mapping, extack);
	if (err) {
		mapping->counters = NULL;
		return err;
	}

	/* Takes a slot that is there, so it can't run out of memory. */
	xa_store(&on->by_id, mapping->desc.id, mapping, GFP_KERNEL);
	old->counters_passed_on = true;
	own_mapping_retire(old);
	return 0;
}

/**
 * own_mappings_del() - take a mapping out
 * @on: the namespace's, locked
 * @mapping: the mapping, out of own_mappings_get()
 * @extack: says why not
 *
 * Return: 0, and the mapping is the caller's, to read and then to hand to
 * own_mapping_retire(); or a negative error with nothing changed.
 */
int own_mappings_del(struct own_net *on, struct own_mapping *mapping,
		     struct netlink_ext_ack *extack)
{
	int err;

	err = own_index_change(on, mapping, NULL, extack);
	if (err)
		return err;

	xa_erase(&on->by_id, mapping->desc.id);
	return 0;
}

/**
 * own_mappings_flush() - delete all mappings
 * @on: the namespace's, locked
 *
 * It allocates nothing and can't fail: what frees must work when memory is
 * short.
 *
 * Return: how many there were.
 */
u32 own_mappings_flush(struct own_net *on)
{
	u32 count = own_mappings_count(on);
	struct own_mapping *mapping;
	unsigned long id;

	if (!count)
		return 0;

	/* An empty index never fails to be published. */
	own_index_publish(on, NULL, NULL);

	xa_for_each(&on->by_id, id, mapping) {
		xa_erase(&on->by_id, id);
		own_mapping_retire(mapping);
		cond_resched();
	}
	return count;
}
