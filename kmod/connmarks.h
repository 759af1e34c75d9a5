/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which marks connections have from the mappings of a namespace.  Knows nothing of
 * packets, connections or locks.
 */
#ifndef _OWN_CONNMARKS_H
#define _OWN_CONNMARKS_H

#include <linux/bsearch.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct own_set_edit;

/**
 * struct own_connmark_pair - a mark under its mask, of one mapping or several
 *
 * @mask: the mask
 * @mark: the mark, not 0, none of its bits outside of @mask
 * @end: where the pairs with this mask end
 * @uses: how many mappings set it
 */
struct own_connmark_pair {
	u32	mask;
	u32	mark;
	u32	end;
	s32	uses;
};

/**
 * struct own_connmarks - all such marks of a namespace, each once
 *
 * @rcu: to free it after the last reader
 * @uses: those of all together, not 0
 * @count: how many there are, not 0
 * @pair: they, in the order of (mask, mark)
 *
 * Once it can be found it doesn't change.  A packet searches once for each mask that is
 * in use, mostly one, so there may be many marks.
 */
struct own_connmarks {
	struct rcu_head			rcu;
	u32				uses;
	u32				count;
	struct own_connmark_pair	pair[];
};

static inline int own_connmark_compare(const void *mark, const void *pair)
{
	u32 a = *(const u32 *)mark;
	u32 b = ((const struct own_connmark_pair *)pair)->mark;

	return a < b ? -1 : a > b;
}

/**
 * own_connmarks_bits() - find what is ours in the mark of a connection
 * @marks: the marks of the namespace
 * @mark: that of the connection
 *
 * Return: the masks of all marks that it carries, 0 if there is none.
 */
static inline u32 own_connmarks_bits(const struct own_connmarks *marks,
				     u32 mark)
{
	const struct own_connmark_pair *pair = marks->pair;
	u32 i, end, bits = 0;

	for (i = 0; i < marks->count; i = end) {
		u32 masked = mark & pair[i].mask;

		end = pair[i].end;
		if (__inline_bsearch(&masked, &pair[i], end - i, sizeof(*pair),
				     own_connmark_compare))
			bits |= pair[i].mask;
	}
	return bits;
}

struct own_connmarks *own_connmarks_edit(struct own_connmarks *old,
					 const struct own_set_edit *edit);

#endif
