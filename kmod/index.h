/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The index: owner in, mapping out.  Knows nothing of packets, netlink or locks.
 *
 * A mapping hangs in one of three trees, by the first of its selectors in the
 * order uid, cgroup, gid; the other selectors are compared when a look-up meets
 * it there.  So a mapping by uid costs the packets of its uids and no others, and
 * one without uid costs nobody but those whose cgroup or group is looked up and
 * found in its tree.  Mappings that hang at the same place and differ in the rest are
 * gone through one by one.
 */
#ifndef _OWN_INDEX_H
#define _OWN_INDEX_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

#include "mapping.h"
#include "owner.h"
#include "radix.h"
#include "withdrawn.h"

/**
 * struct own_set - all mappings of a namespace, as they are at one time
 *
 * @rcu: to free it after the last reader
 * @by_uid: tree of the mappings that have a uid range
 * @by_cgroup: tree of those that have none but a cgroup, by the lower half of
 *	its id
 * @by_gid: tree of those that have neither
 * @by_stamp: tree of these once more, by the stamps that they leave, for sockets whose
 *	groups nothing but their stamp tells
 * @by_id: tree of all, by their ids
 * @count: how many there are
 * @suppl: how many of those in @by_gid match supplementary groups
 * @stamps: bits that sockets may have from these mappings or those before them
 * @devices: how many name a device
 * @guards: how many guard their device
 * @tunnels: how many need to take their mark off, because of what their device is
 * @nats: how many change addresses
 * @redirects: how many of these send questions to another name server
 * @withdrawn: those that are gone but for their stamps
 */
struct own_set {
	struct rcu_head	rcu;
	unsigned long	by_uid;
	unsigned long	by_cgroup;
	unsigned long	by_gid;
	unsigned long	by_stamp;
	unsigned long	by_id;
	u32		count;
	u32		suppl;
	u32		stamps;
	u32		devices;
	u32		guards;
	u32		tunnels;
	u32		nats;
	u32		redirects;

	struct own_withdrawn withdrawn;
};

/* Has nobody a reason to look at packets? */
static inline bool own_set_is_idle(const struct own_set *set)
{
	return !set->count && !own_withdrawn_any(&set->withdrawn);
}

/**
 * struct own_set_edit - a set that is being made out of another one
 *
 * @edit: nodes and chains that come and go
 * @set: the new set
 * @in: mappings that come, through own_mapping::link
 * @out: mappings that go
 * @dropped: mappings that came and went
 * @withdrawn: mappings that go, but stay known
 */
struct own_set_edit {
	struct own_edit		edit;
	struct own_set		*set;
	struct list_head	in;
	struct list_head	out;
	struct list_head	dropped;
	struct list_head	withdrawn;
};

/* What a mapping must say to match this owner. */
static inline u32 own_owner_flags(const struct own_owner *owner)
{
	return owner->kernel ? OWNROUTE_FLAG_KERNEL : 0;
}

bool own_mapping_matches(const struct own_mapping *mapping, u32 selectors,
			 struct own_owner *owner);
struct own_mapping *own_lookup_cgroups(const struct own_set *set,
				       struct own_owner *owner,
				       struct own_mapping *best);
struct own_mapping *own_lookup_gids(const struct own_set *set,
				    struct own_owner *owner,
				    struct own_mapping *best);

/* The first that matches, if it comes before @best. */
static __always_inline struct own_mapping *
own_chain_best(const struct own_chain *chain, struct own_owner *owner,
	       u32 flags, struct own_mapping *best)
{
	u32 i;

	for (i = 0; i < chain->count; i++) {
		struct own_mapping *mapping = chain->mapping[i];

		if (best && best->rank < mapping->rank)
			break;
		if ((mapping->desc.flags & flags) != flags)
			continue;
		if (!mapping->rest ||
		    own_mapping_matches(mapping, mapping->rest, owner))
			return mapping;
	}
	return best;
}

/**
 * own_radix_best() - the mapping that comes first among those of a number
 * @root: root of the tree
 * @key: the number
 * @owner: must match the other selectors too
 * @flags: flags that the mapping must have
 * @best: what must be beaten, or NULL
 *
 * Return: the mapping, @best if there is none that comes before it.
 */
static __always_inline struct own_mapping *
own_radix_best(unsigned long root, u32 key, struct own_owner *owner, u32 flags,
	       struct own_mapping *best)
{
	unsigned long slot = root;
	unsigned int shift = 32;

	while (slot) {
		const struct own_node *node;

		if (own_slot_is_chain(slot))
			return own_chain_best(own_slot_chain(slot), owner,
					      flags, best);

		node = own_slot_node(slot);
		if (node->chain)
			best = own_chain_best(node->chain, owner, flags, best);
		shift -= OWN_RADIX_BITS;
		slot = node->slot[(key >> shift) % OWN_RADIX_SLOTS];
	}
	return best;
}

/**
 * own_set_lookup() - find the mapping of an owner
 * @set: where to look
 * @owner: whose
 *
 * Return: the first mapping that matches, NULL if none does.
 */
static __always_inline struct own_mapping *
own_set_lookup(const struct own_set *set, struct own_owner *owner)
{
	u32 flags = own_owner_flags(owner);
	struct own_mapping *best = NULL;

	/* A range up to the last uid hangs as if OWN_NOBODY were one, too. */
	if (likely(owner->uid != OWN_NOBODY))
		best = own_radix_best(set->by_uid, owner->uid, owner, flags,
				      best);
	if (unlikely(set->by_cgroup))
		best = own_lookup_cgroups(set, owner, best);
	if (unlikely(set->by_gid))
		best = own_lookup_gids(set, owner, best);
	return best;
}

struct own_mapping *own_set_get(const struct own_set *set, u32 id);
struct own_mapping *own_set_next(const struct own_set *set, u64 from);
void own_set_destroy(struct own_set *set);

void own_set_edit_begin(struct own_set_edit *edit, const struct own_set *old);
int own_set_edit_add(struct own_set_edit *edit, struct own_mapping *mapping);
int own_set_edit_del(struct own_set_edit *edit, struct own_mapping *mapping);
int own_set_edit_set(struct own_set_edit *edit, struct own_mapping *old,
		     struct own_mapping *mapping);
void own_set_edit_clear(struct own_set_edit *edit);
void own_set_edit_devices(struct own_set_edit *edit);
void own_set_edit_withdraw(struct own_set_edit *edit, u32 limit);
void own_set_edit_commit(struct own_set_edit *edit);
void own_set_edit_abort(struct own_set_edit *edit);

#endif
