// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/sched.h>

#include "mapping.h"
#include "place.h"
#include "radix.h"
#include "withdrawn.h"

/* Returns how many there are, one at least. */
static u32 own_withdrawn_places(struct own_withdrawn *withdrawn,
				const struct own_mapping *mapping,
				struct own_place *places)
{
	const struct ownroute_mapping *desc = &mapping->desc;

	if (desc->match & OWNROUTE_MATCH_UID)
		places[0] = own_place_by_uid(&withdrawn->by_uid, desc);
	else if (desc->match & OWNROUTE_MATCH_CGROUP)
		places[0] = own_place_by_cgroup(&withdrawn->by_cgroup, desc);
	else
		return own_places_by_stamp(&withdrawn->by_stamp, desc, places);
	return 1;
}

struct own_same_lookup {
	const struct ownroute_mapping	*desc;
	bool				found;
};

static void own_same_visit(const struct own_chain *chain, void *arg)
{
	struct own_same_lookup *lookup = arg;
	const struct ownroute_mapping *a = lookup->desc;
	u32 i;

	for (i = 0; i < chain->count && !lookup->found; i++) {
		const struct ownroute_mapping *b = &chain->mapping[i]->desc;

		lookup->found = a->match == b->match &&
				a->uid_min == b->uid_min &&
				a->uid_max == b->uid_max &&
				a->gid_min == b->gid_min &&
				a->gid_max == b->gid_max &&
				a->cgroup == b->cgroup &&
				a->flags == b->flags &&
				a->mark == b->mark && a->mask == b->mask &&
				a->inbound == b->inbound;
	}
}

/**
 * own_withdrawn_add() - a mapping that has left stamps becomes one of the withdrawn
 * @withdrawn: those of the set that @edit makes
 * @edit: the edit
 * @mapping: the mapping
 *
 * Return: 0; -EEXIST if one of them is just like it, so that it is not needed;
 * -ENOMEM, after which own_withdrawn_forget() is all that may be done with them.
 */
int own_withdrawn_add(struct own_withdrawn *withdrawn, struct own_edit *edit,
		      struct own_mapping *mapping)
{
	struct own_same_lookup same = { .desc = &mapping->desc };
	struct own_place places[OWN_STAMPS_MAX];
	u32 n = own_withdrawn_places(withdrawn, mapping, places), i;
	int err;

	own_radix_visit(*places[0].root, places[0].min, own_same_visit, &same);
	if (same.found)
		return -EEXIST;

	do {
		withdrawn->serial++;
	} while (own_radix_get(withdrawn->by_serial, withdrawn->serial));
	mapping->serial = withdrawn->serial;

	err = own_radix_insert(edit, &withdrawn->by_serial, mapping->serial,
			       mapping->serial, mapping);
	for (i = 0; i < n && !err; i++)
		err = own_radix_insert(edit, places[i].root, places[i].min,
				       places[i].max, mapping);
	if (err)
		return err;
	withdrawn->count++;
	return 0;
}

/**
 * own_withdrawn_forget() - keep no more of them than the bits that they set
 * @withdrawn: those of the set that @edit makes
 * @edit: the edit
 * @forgotten: list that gets them, through own_mapping::link
 *
 * It needs no memory.
 */
void own_withdrawn_forget(struct own_withdrawn *withdrawn,
			  struct own_edit *edit, struct list_head *forgotten)
{
	struct own_mapping *mapping;
	u64 from = 0;

	while ((mapping = own_radix_next(withdrawn->by_serial, from))) {
		from = (u64)mapping->serial + 1;
		withdrawn->mask |= mapping->desc.mask;
		list_move_tail(&mapping->link, forgotten);
		cond_resched();
	}
	own_radix_clear(edit, &withdrawn->by_uid);
	own_radix_clear(edit, &withdrawn->by_cgroup);
	own_radix_clear(edit, &withdrawn->by_stamp);
	own_radix_clear(edit, &withdrawn->by_serial);
	withdrawn->count = 0;
}

/**
 * own_withdrawn_destroy() - free those of a set that nobody sees
 * @withdrawn: the withdrawn
 */
void own_withdrawn_destroy(struct own_withdrawn *withdrawn)
{
	struct own_mapping *mapping;
	u64 from = 0;

	own_radix_destroy(withdrawn->by_uid);
	own_radix_destroy(withdrawn->by_cgroup);
	own_radix_destroy(withdrawn->by_stamp);
	while ((mapping = own_radix_next(withdrawn->by_serial, from))) {
		from = (u64)mapping->serial + 1;
		own_mapping_free(mapping);
		cond_resched();
	}
	own_radix_destroy(withdrawn->by_serial);
}
