/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The index: owner in, mapping out.  Knows nothing of packets, sockets, netlink
 * or locks.
 */
#ifndef _OWN_INDEX_H
#define _OWN_INDEX_H

#include <linux/rcupdate.h>
#include <linux/types.h>

struct own_mapping;

/**
 * struct own_owner - who a packet belongs to
 *
 * @uid: uid of its socket in the user namespace that owns the network
 *	namespace; (u32)-1 if it has none there
 */
struct own_owner {
	u32	uid;
};

/**
 * struct own_index_entry - a mapping and the selectors that lead to it
 *
 * @uid_min: first uid
 * @uid_max: last uid, never (u32)-1
 * @mapping: where they lead
 */
struct own_index_entry {
	u32			uid_min;
	u32			uid_max;
	struct own_mapping	*mapping;
};

/**
 * struct own_index - the mappings in the order in which they match
 *
 * @rcu: to free it after the last reader
 * @count: how many there are, at least one
 * @entry: sorted by (priority, id)
 *
 * It never changes once it can be seen: a change makes another one.  So a
 * packet sees the mappings before a change or after it, never something
 * between.
 */
struct own_index {
	struct rcu_head		rcu;
	u32			count;
	struct own_index_entry	entry[];
};

/**
 * own_index_lookup() - find the mapping of an owner
 * @index: where to look
 * @owner: who it is about
 *
 * Return: the first mapping that matches, NULL if none does.
 */
static inline struct own_mapping *
own_index_lookup(const struct own_index *index, const struct own_owner *owner)
{
	u32 i;

	for (i = 0; i < index->count; i++) {
		const struct own_index_entry *entry = &index->entry[i];

		if (owner->uid >= entry->uid_min &&
		    owner->uid <= entry->uid_max)
			return entry->mapping;
	}
	return NULL;
}

u32 own_index_after(const struct own_index *index, u32 priority, u32 id);
struct own_index *own_index_derive(const struct own_index *old,
				   const struct own_mapping *out,
				   struct own_mapping *in);
void own_index_retire(struct own_index *index);

#endif
