// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "connmarks.h"
#include "index.h"

/* How many marks the mappings in a list give to connections */
static u32 own_connmarks_count(const struct list_head *list)
{
	const struct own_mapping *mapping;
	u32 count = 0;

	list_for_each_entry(mapping, list, link) {
		if (own_marks_connections(mapping))
			count += 1 + !!mapping->desc.inbound;
		cond_resched();
	}
	return count;
}

static void own_connmarks_put(struct own_connmarks *marks, u32 mask, u32 mark,
			      s32 uses)
{
	marks->pair[marks->count++] = (struct own_connmark_pair) {
		.mask	= mask,
		.mark	= mark,
		.uses	= uses,
	};
}

/* Behind those that are there, in no order */
static void own_connmarks_append(struct own_connmarks *marks,
				 const struct list_head *list, s32 uses)
{
	const struct own_mapping *mapping;
	const struct ownroute_mapping *desc;

	list_for_each_entry(mapping, list, link) {
		cond_resched();
		desc = &mapping->desc;
		if (!own_marks_connections(mapping))
			continue;
		own_connmarks_put(marks, desc->mask, desc->mark, uses);
		if (desc->inbound)
			own_connmarks_put(marks, desc->mask, desc->inbound,
					  uses);
	}
}

static int own_connmarks_order(const void *a, const void *b)
{
	const struct own_connmark_pair *one = a, *other = b;

	if (one->mask != other->mask)
		return one->mask < other->mask ? -1 : 1;
	return own_connmark_compare(&one->mark, other);
}

/* Each once, and none that no mapping sets any more */
static void own_connmarks_merge(struct own_connmarks *marks)
{
	struct own_connmark_pair *pair = marks->pair;
	u32 i, n = 0;

	for (i = 0; i < marks->count; i++) {
		if (n && !own_connmarks_order(&pair[n - 1], &pair[i])) {
			pair[n - 1].uses += pair[i].uses;
			continue;
		}
		/* The one before is complete now. */
		if (n && !pair[n - 1].uses)
			n--;
		pair[n++] = pair[i];
	}
	if (n && !pair[n - 1].uses)
		n--;
	marks->count = n;

	for (i = n; i > 0; i--)
		pair[i - 1].end = i < n && pair[i].mask == pair[i - 1].mask ?
				  pair[i].end : i;
}

/**
 * own_connmarks_edit() - the marks after an edit
 * @old: those before it, NULL for none; they stay as they are
 * @edit: the edit, all of its changes made
 *
 * It needs no memory where none are left, so that a flush can't fail.
 *
 * Return: the marks, NULL for none, @old if they are the same; or -ENOMEM.
 */
struct own_connmarks *own_connmarks_edit(struct own_connmarks *old,
					 const struct own_set_edit *edit)
{
	u32 in = own_connmarks_count(&edit->in);
	u32 out = own_connmarks_count(&edit->out);
	u32 count = old ? old->count : 0;
	u32 uses = old ? old->uses : 0;
	struct own_connmarks *marks;

	if (!in && !out)
		return old;
	uses += in - out;
	if (!uses)
		return NULL;

	marks = kvmalloc(struct_size(marks, pair, (size_t)count + in + out),
			 GFP_KERNEL_ACCOUNT);
	if (!marks)
		return ERR_PTR(-ENOMEM);
	marks->uses = uses;
	marks->count = count;
	if (old)
		memcpy(marks->pair, old->pair, array_size(count, sizeof(*marks->pair)));
	own_connmarks_append(marks, &edit->in, 1);
	own_connmarks_append(marks, &edit->out, -1);

	sort(marks->pair, marks->count, sizeof(*marks->pair),
	     own_connmarks_order, NULL);
	own_connmarks_merge(marks);
	return marks;
}
