// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cgroup.h>
#include <linux/kernel.h>

#include "index.h"
#include "mapping.h"
#include "owner.h"
#include "radix.h"
#include "stale.h"
#include "withdrawn.h"

struct own_stale_lookup {
	struct own_owner	*owner;
	u32			stamp;
	u32			bits;
};

static bool own_has_stamped(const struct own_mapping *mapping,
			    const struct own_stale_lookup *lookup)
{
	const struct ownroute_mapping *desc = &mapping->desc;

	return READ_ONCE(mapping->stamped) &&
	       own_stamp_fits(desc, lookup->stamp) &&
	       own_mapping_matches(mapping, desc->match & ~OWNROUTE_MATCH_UID,
				   lookup->owner);
}

static void own_stale_visit(const struct own_chain *chain, void *arg)
{
	struct own_stale_lookup *lookup = arg;
	struct own_owner *owner = lookup->owner;
	u32 i;

	for (i = 0; i < chain->count; i++) {
		const struct own_mapping *mapping = chain->mapping[i];
		const struct ownroute_mapping *desc = &mapping->desc;

		if (!own_has_stamped(mapping, lookup))
			continue;
		lookup->bits |= desc->mask;
		if (owner->stamp && desc->match & OWNROUTE_MATCH_GID &&
		    READ_ONCE(mapping->withdrawn)) {
			owner->gid = desc->gid_min;
			owner->gid_told = true;
		}
	}
}

/* A set and its withdrawn hang mappings that stamp in trees of the same kind. */
static void own_stale_look(unsigned long by_uid, unsigned long by_cgroup,
			   unsigned long by_stamp,
			   struct own_stale_lookup *lookup)
{
	struct own_owner *owner = lookup->owner;
	struct cgroup *cgroup;
	int level;

	if (owner->uid != OWN_NOBODY)
		own_radix_visit(by_uid, owner->uid, own_stale_visit, lookup);

	cgroup = by_cgroup ? own_owner_cgroup(owner) : NULL;
	for (level = cgroup ? cgroup->level : -1; level >= 0; level--) {
		u64 id = cgroup_id(cgroup_ancestor(cgroup, level));

		own_radix_visit(by_cgroup, lower_32_bits(id), own_stale_visit,
				lookup);
	}

	own_radix_visit(by_stamp, lookup->stamp, own_stale_visit, lookup);
}

/**
 * own_stale_bits() - what a mark may have from mappings of its owner
 * @set: the mappings, and the withdrawn
 * @owner: owner of the socket.  If that has no file any more and a stamp of the withdrawn
 *	says which group it had, @owner has one afterwards
 * @stamp: the mark
 *
 * Return: the bits that they set or cleared, those of the mapping that decides now among
 * them.
 */
u32 own_stale_bits(const struct own_set *set, struct own_owner *owner,
		   u32 stamp)
{
	const struct own_withdrawn *withdrawn = &set->withdrawn;
	struct own_stale_lookup lookup = {
		.owner	= owner,
		.stamp	= stamp,
		.bits	= withdrawn->mask,
	};

	own_stale_look(set->by_uid, set->by_cgroup, set->by_stamp, &lookup);
	own_stale_look(withdrawn->by_uid, withdrawn->by_cgroup,
		       withdrawn->by_stamp, &lookup);
	return lookup.bits;
}
