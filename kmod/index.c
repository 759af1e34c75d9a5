// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "index.h"
#include "mapping.h"

static bool own_index_is_after(const struct own_index_entry *entry,
			       u32 priority, u32 id)
{
	const struct ownroute_mapping *desc = &entry->mapping->desc;

	if (desc->priority != priority)
		return desc->priority > priority;
	return desc->id > id;
}

/**
 * own_index_after() - find a place in the order
 * @index: where to look, may be NULL
 * @priority: priority of the place
 * @id: id of the place
 *
 * Return: position of the first mapping that stands behind (@priority, @id),
 * whether or not there is one at that place.  The number of mappings if there
 * is none behind it.
 */
u32 own_index_after(const struct own_index *index, u32 priority, u32 id)
{
	u32 low = 0, high = index ? index->count : 0;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (own_index_is_after(&index->entry[mid], priority, id))
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

/**
 * own_index_derive() - make an index that differs by one mapping
 * @old: what to start from, may be NULL; it stays as it is
 * @out: mapping to leave out, one of @old's, or NULL
 * @in: mapping to put in, or NULL
 *
 * Return: the new index; NULL if it would be empty; an error pointer if there
 * is no memory for it.
 */
struct own_index *own_index_derive(const struct own_index *old,
				   const struct own_mapping *out,
				   struct own_mapping *in)
{
	u32 total = (old ? old->count : 0) - !!out + !!in;
	u32 i, n = 0, place = 0;
	struct own_index *index;

	if (!total)
		return NULL;

	index = kvmalloc(struct_size(index, entry, total), GFP_KERNEL_ACCOUNT);
	if (!index)
		return ERR_PTR(-ENOMEM);
	index->count = total;

	if (in)
		place = own_index_after(old, in->desc.priority, in->desc.id);

	for (i = 0; i <= (old ? old->count : 0); i++) {
		if (in && i == place) {
			index->entry[n].uid_min = in->desc.uid_min;
			index->entry[n].uid_max = in->desc.uid_max;
			index->entry[n++].mapping = in;
		}
		if (old && i < old->count && old->entry[i].mapping != out)
			index->entry[n++] = old->entry[i];
	}
	return index;
}

/* Not kvfree_rcu(): it lets copies pile up for seconds, and they may be large. */
static void own_index_free_rcu(struct rcu_head *rcu)
{
	kvfree(container_of(rcu, struct own_index, rcu));
}

/**
 * own_index_retire() - free an index that packets may still see
 * @index: the index, unpublished
 */
void own_index_retire(struct own_index *index)
{
	call_rcu(&index->rcu, own_index_free_rcu);
}
