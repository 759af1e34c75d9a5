/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a mapping hangs in a tree, so that it is found by what it selects. */
#ifndef _OWN_PLACE_H
#define _OWN_PLACE_H

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/ownroute.h>
#include <linux/types.h>

#include "owner.h"

/**
 * struct own_place - where a mapping hangs
 *
 * @root: root of the tree
 * @min: first number
 * @max: last number
 */
struct own_place {
	unsigned long	*root;
	u32		min;
	u32		max;
};

/* A range up to the last number that anybody can have, takes the one after. */
static inline u32 own_widen(u32 max)
{
	return max == OWN_NOBODY - 1 ? OWN_NOBODY : max;
}

static inline struct own_place
own_place_by_uid(unsigned long *root, const struct ownroute_mapping *desc)
{
	return (struct own_place) { root, desc->uid_min,
				    own_widen(desc->uid_max) };
}

static inline struct own_place
own_place_by_gid(unsigned long *root, const struct ownroute_mapping *desc)
{
	return (struct own_place) { root, desc->gid_min,
				    own_widen(desc->gid_max) };
}

/* The lower half of the id. */
static inline struct own_place
own_place_by_cgroup(unsigned long *root, const struct ownroute_mapping *desc)
{
	u32 key = lower_32_bits(desc->cgroup);

	return (struct own_place) { root, key, key };
}

static inline struct own_place
own_place_by_id(unsigned long *root, const struct ownroute_mapping *desc)
{
	return (struct own_place) { root, desc->id, desc->id };
}

/*
 * The marks that a socket with this stamp can have: one range, if the mask is of high
 * bits, as those that we choose are.  Else the range has other marks as well.
 */
static inline struct own_place own_place_by_stamp(unsigned long *root,
						  u32 stamp, u32 mask)
{
	u32 low = (1ULL << fls(~mask)) - 1;

	return (struct own_place) { root, stamp & ~low, stamp | low };
}

#define OWN_STAMPS_MAX	2

/*
 * All that a mapping can leave.  Returns how many there are.  Where their ranges meet it
 * hangs twice, and goes twice.
 */
static inline u32 own_places_by_stamp(unsigned long *root,
				      const struct ownroute_mapping *desc,
				      struct own_place *places)
{
	u32 n = 0;

	places[n++] = own_place_by_stamp(root, desc->mark, desc->mask);
	if (desc->inbound)
		places[n++] = own_place_by_stamp(root, desc->inbound,
						 desc->mask);
	return n;
}

#endif
