// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sorted array of the ranges between all edges, found by halving.  It can't be
 * changed while it is read: each change copies it.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "contender.h"

struct piece {
	u32			min;
	u32			max;
	struct own_mapping	*mapping;
};

struct array {
	struct rcu_head	rcu;
	u32		count;
	struct piece	piece[];
};

static struct array __rcu *array;

static struct array *array_new(u32 count)
{
	struct array *new = kvmalloc(struct_size(new, piece, count),
				     GFP_KERNEL);

	if (new)
		new->count = count;
	return new;
}

static void array_put(struct array *in, u32 i, struct own_mapping *mapping)
{
	in->piece[i] = (struct piece) {
		mapping->desc.uid_min, mapping->desc.uid_max, mapping,
	};
}

static int array_load(struct own_mapping **mappings, u32 count)
{
	struct array *new = array_new(count);
	u32 i;

	if (!new)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		array_put(new, i, mappings[i]);
	rcu_assign_pointer(array, new);
	return 0;
}

static const void *array_lookup(u32 uid)
{
	const struct array *in = rcu_dereference(array);
	u32 low = 0, high = in->count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;
		const struct piece *piece = &in->piece[middle];

		if (uid < piece->min)
			high = middle;
		else if (uid > piece->max)
			low = middle + 1;
		else
			return piece->mapping;
	}
	return NULL;
}

static int array_change(struct own_mapping *mapping)
{
	struct array *old = rcu_dereference_protected(array, true);
	struct array *new = array_new(old->count + 1);

	if (!new)
		return -ENOMEM;
	memcpy(new->piece, old->piece,
	       array_size(old->count, sizeof(*old->piece)));
	array_put(new, old->count, mapping);
	rcu_assign_pointer(array, new);
	kvfree_rcu(old, rcu);
	return 0;
}

static void array_unload(void)
{
	kvfree(rcu_replace_pointer(array, NULL, true));
}

const struct contender contender_array = {
	.name	= "sorted array",
	.load	= array_load,
	.lookup	= array_lookup,
	.change	= array_change,
	.unload	= array_unload,
};
