// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/slab.h>

#include "index.h"

/* Look-up, beyond what every packet needs */

struct own_gid_range {
	u32	min;
	u32	max;
};

static bool own_gid_in_range(struct own_owner *owner, u32 gid, void *arg)
{
	const struct own_gid_range *range = arg;

	return gid >= range->min && gid <= range->max;
}

static bool own_gids_match(const struct ownroute_mapping *desc,
			   struct own_owner *owner)
{
	struct own_gid_range range = { desc->gid_min, desc->gid_max };

	/* OWN_NOBODY is beyond every range. */
	if (own_gid_in_range(owner, own_owner_gid(owner), &range))
		return true;
	return desc->flags & OWNROUTE_FLAG_SUPPL &&
	       own_owner_find_group(owner, own_gid_in_range, &range);
}

/**
 * own_mapping_rest_matches() - compare what the tree hasn't
 * @mapping: a mapping that was found in its tree
 * @owner: who
 *
 * Return: whether all its other selectors match.
 */
bool own_mapping_rest_matches(const struct own_mapping *mapping,
			      struct own_owner *owner)
{
	const struct ownroute_mapping *desc = &mapping->desc;

	if (mapping->rest & OWNROUTE_MATCH_CGROUP &&
	    !own_owner_in_cgroup(owner, mapping->cgroup_level, desc->cgroup))
		return false;
	return !(mapping->rest & OWNROUTE_MATCH_GID) ||
	       own_gids_match(desc, owner);
}

/**
 * own_lookup_cgroups() - look among mappings of a cgroup
 * @set: where to look
 * @owner: whose mapping
 * @best: what must be beaten, or NULL
 *
 * Return: the mapping, @best if there is none that comes before it.
 */
struct own_mapping *own_lookup_cgroups(const struct own_set *set,
				       struct own_owner *owner,
				       struct own_mapping *best)
{
	struct cgroup *cgroup = own_owner_cgroup(owner);
	int level;

	if (!cgroup)
		return best;
	for (level = cgroup->level; level >= 0; level--) {
		u64 id = cgroup_id(cgroup_ancestor(cgroup, level));

		best = own_radix_best(set->by_cgroup, lower_32_bits(id), owner,
				      own_owner_flags(owner), best);
	}
	return best;
}

struct own_gids_lookup {
	const struct own_set	*set;
	struct own_mapping	*best;
};

static bool own_lookup_group(struct own_owner *owner, u32 gid, void *arg)
{
	struct own_gids_lookup *lookup = arg;

	lookup->best = own_radix_best(lookup->set->by_gid, gid, owner,
				      own_owner_flags(owner) |
				      OWNROUTE_FLAG_SUPPL, lookup->best);
	return false;	/* another group's may come first */
}

/**
 * own_lookup_gids() - look among mappings of a group
 * @set: where to look
 * @owner: whose mapping
 * @best: what must be beaten, or NULL
 *
 * Return: the mapping, @best if there is none that comes before it.
 */
struct own_mapping *own_lookup_gids(const struct own_set *set,
				    struct own_owner *owner,
				    struct own_mapping *best)
{
	struct own_gids_lookup lookup = { .set = set, .best = best };
	u32 gid = own_owner_gid(owner);

	if (gid != OWN_NOBODY)
		lookup.best = own_radix_best(set->by_gid, gid, owner,
					     own_owner_flags(owner),
					     lookup.best);
	if (set->suppl)
		own_owner_find_group(owner, own_lookup_group, &lookup);
	return lookup.best;
}

/**
 * own_set_get() - find a mapping by its id
 * @set: where to look, may be NULL
 * @id: the id
 *
 * Return: the mapping, or NULL.
 */
struct own_mapping *own_set_get(const struct own_set *set, u32 id)
{
	return set ? own_radix_get(set->by_id, id) : NULL;
}

/**
 * own_set_next() - walk the mappings in the order of their ids
 * @set: where to look, may be NULL
 * @from: lowest id that is wanted
 *
 * Return: the mapping, NULL if there is none from there on.
 */
struct own_mapping *own_set_next(const struct own_set *set, u64 from)
{
	return set ? own_radix_next(set->by_id, from) : NULL;
}

/* Edits */

/* Where a mapping hangs, so that it is found by what it selects. */
struct own_place {
	unsigned long	*root;
	u32		min;
	u32		max;
};

/* A range up to the last number that anybody can have, takes the one after. */
static u32 own_widen(u32 max)
{
	return max == OWN_NOBODY - 1 ? OWN_NOBODY : max;
}

static struct own_place own_place_of(struct own_set *set,
				     const struct own_mapping *mapping)
{
	const struct ownroute_mapping *desc = &mapping->desc;
	u32 key = lower_32_bits(desc->cgroup);

	if (desc->match & OWNROUTE_MATCH_UID)
		return (struct own_place) { &set->by_uid, desc->uid_min,
					    own_widen(desc->uid_max) };
	if (desc->match & OWNROUTE_MATCH_CGROUP)
		return (struct own_place) { &set->by_cgroup, key, key };
	return (struct own_place) { &set->by_gid, desc->gid_min,
				    own_widen(desc->gid_max) };
}

static u32 own_is_suppl(const struct own_set *set, const struct own_place *place,
			const struct own_mapping *mapping)
{
	return place->root == &set->by_gid &&
	       mapping->desc.flags & OWNROUTE_FLAG_SUPPL;
}

/**
 * own_set_edit_begin() - begin to make a set out of another one
 * @edit: the edit
 * @old: what to start from, may be NULL; it stays as it is
 *
 * Return: 0 or -ENOMEM.
 */
int own_set_edit_begin(struct own_set_edit *edit, const struct own_set *old)
{
	edit->set = kmalloc(sizeof(*edit->set), GFP_KERNEL_ACCOUNT);
	if (!edit->set)
		return -ENOMEM;
	*edit->set = old ? *old : (struct own_set) {};

	own_edit_begin(&edit->edit);
	INIT_LIST_HEAD(&edit->in);
	INIT_LIST_HEAD(&edit->out);
	INIT_LIST_HEAD(&edit->dropped);
	return 0;
}

/**
 * own_set_edit_add() - add a mapping
 * @edit: the edit
 * @mapping: the mapping, whose id is free
 *
 * Return: 0, or -ENOMEM; the edit can only be aborted then.
 */
int own_set_edit_add(struct own_set_edit *edit, struct own_mapping *mapping)
{
	struct own_set *set = edit->set;
	struct own_place place = own_place_of(set, mapping);
	u32 id = mapping->desc.id;
	int err;

	list_add_tail(&mapping->link, &edit->in);
	mapping->fresh = true;

	err = own_radix_insert(&edit->edit, &set->by_id, id, id, mapping);
	if (!err)
		err = own_radix_insert(&edit->edit, place.root, place.min,
				       place.max, mapping);
	set->count++;
	set->suppl += !!own_is_suppl(set, &place, mapping);
	return err;
}

static void own_edit_take_out(struct own_set_edit *edit,
			      struct own_mapping *mapping)
{
	if (mapping->fresh)
		list_move_tail(&mapping->link, &edit->dropped);
	else
		list_add_tail(&mapping->link, &edit->out);
}

/**
 * own_set_edit_del() - take a mapping out
 * @edit: the edit
 * @mapping: the mapping, one of the set's
 *
 * Return: 0, or -ENOMEM; the edit can only be aborted then.
 */
int own_set_edit_del(struct own_set_edit *edit, struct own_mapping *mapping)
{
	struct own_set *set = edit->set;
	struct own_place place = own_place_of(set, mapping);
	u32 id = mapping->desc.id;
	int err;

	own_edit_take_out(edit, mapping);

	err = own_radix_remove(&edit->edit, &set->by_id, id, id, mapping);
	if (!err)
		err = own_radix_remove(&edit->edit, place.root, place.min,
				       place.max, mapping);
	set->count--;
	set->suppl -= !!own_is_suppl(set, &place, mapping);
	return err;
}

/**
 * own_set_edit_set() - replace a mapping by one with the same id
 * @edit: the edit
 * @old: the mapping that goes, one of the set's
 * @mapping: the mapping that comes; goes on with @old's counters
 *
 * Should the edit be aborted, the counters stay where they were.
 *
 * Return: 0, or -ENOMEM; the edit can only be aborted then.
 */
int own_set_edit_set(struct own_set_edit *edit, struct own_mapping *old,
		     struct own_mapping *mapping)
{
	int err;

	mapping->counters = old->counters;
	if (old->fresh) {
		mapping->counters_from = old->counters_from;
		mapping->owns_counters = old->owns_counters;
		old->owns_counters = false;
	} else {
		mapping->counters_from = old;
	}

	err = own_set_edit_del(edit, old);
	/* Even then: what was given to the edit, ends with it. */
	return own_set_edit_add(edit, mapping) ?: err;
}

/**
 * own_set_edit_clear() - take all mappings out
 * @edit: the edit
 *
 * It needs no memory.
 */
void own_set_edit_clear(struct own_set_edit *edit)
{
	struct own_set *set = edit->set;
	struct own_mapping *mapping;
	u64 from = 0;

	while ((mapping = own_set_next(set, from))) {
		from = (u64)mapping->desc.id + 1;
		own_edit_take_out(edit, mapping);
		cond_resched();
	}
	own_radix_clear(&edit->edit, &set->by_uid);
	own_radix_clear(&edit->edit, &set->by_cgroup);
	own_radix_clear(&edit->edit, &set->by_gid);
	own_radix_clear(&edit->edit, &set->by_id);
	*set = (struct own_set) {};
}

static void own_mappings_free(struct list_head *list)
{
	struct own_mapping *mapping, *next;

	list_for_each_entry_safe(mapping, next, list, link) {
		own_mapping_free(mapping);
		cond_resched();
	}
}

/**
 * own_set_edit_commit() - end an edit whose set is what packets see from now on
 * @edit: the edit
 *
 * What goes is freed when its last readers have left.  Packets that still see
 * a mapping that was replaced count on with the counters that are its
 * successor's now.  Should that one be deleted at once, it is freed a grace
 * period from then, which is later.
 */
void own_set_edit_commit(struct own_set_edit *edit)
{
	struct own_mapping *mapping, *next;

	own_edit_commit(&edit->edit);

	list_for_each_entry(mapping, &edit->in, link) {
		cond_resched();
		mapping->fresh = false;
		if (!mapping->counters_from)
			continue;
		mapping->counters_from->owns_counters = false;
		mapping->counters_from = NULL;
		mapping->owns_counters = true;
	}
	list_for_each_entry_safe(mapping, next, &edit->out, link) {
		own_mapping_retire(mapping);
		cond_resched();
	}
	own_mappings_free(&edit->dropped);
}

/**
 * own_set_edit_abort() - end an edit as if it had never begun
 * @edit: the edit; the mappings that it was given are freed
 */
void own_set_edit_abort(struct own_set_edit *edit)
{
	own_edit_abort(&edit->edit);
	own_mappings_free(&edit->in);
	own_mappings_free(&edit->dropped);
	kfree(edit->set);
}

/**
 * own_set_destroy() - free a set that nobody sees, with its mappings
 * @set: the set, may be NULL
 */
void own_set_destroy(struct own_set *set)
{
	struct own_mapping *mapping;
	u64 from = 0;

	if (!set)
		return;

	own_radix_destroy(set->by_uid);
	own_radix_destroy(set->by_cgroup);
	own_radix_destroy(set->by_gid);
	while ((mapping = own_set_next(set, from))) {
		from = (u64)mapping->desc.id + 1;
		own_mapping_free(mapping);
		cond_resched();
	}
	own_radix_destroy(set->by_id);
	kfree(set);
}
