// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/slab.h>

#include "device.h"
#include "index.h"
#include "nat.h"
#include "place.h"

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
	/* Without a file it has no groups left, but its stamp. */
	if (own_stamp_fits(desc, owner->stamp))
		return true;
	return desc->flags & OWNROUTE_FLAG_SUPPL &&
	       own_owner_find_group(owner, own_gid_in_range, &range);
}

/**
 * own_mapping_matches() - compare what the tree hasn't
 * @mapping: a mapping that was found in its tree
 * @selectors: which of its selectors, %OWNROUTE_MATCH_CGROUP and %OWNROUTE_MATCH_GID
 * @owner: who
 *
 * Return: whether all of these match.
 */
bool own_mapping_matches(const struct own_mapping *mapping, u32 selectors,
			 struct own_owner *owner)
{
	const struct ownroute_mapping *desc = &mapping->desc;

	if (selectors & OWNROUTE_MATCH_CGROUP &&
	    !own_owner_in_cgroup(owner, mapping->cgroup_level, desc->cgroup))
		return false;
	return !(selectors & OWNROUTE_MATCH_GID) || own_gids_match(desc, owner);
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
	struct own_owner	*owner;
	struct own_mapping	*best;
};

static void own_stamp_visit(const struct own_chain *chain, void *arg)
{
	struct own_gids_lookup *lookup = arg;
	u32 i;

	for (i = 0; i < chain->count; i++) {
		struct own_mapping *mapping = chain->mapping[i];

		if (lookup->best && lookup->best->rank < mapping->rank)
			break;
		if (own_stamp_fits(&mapping->desc, lookup->owner->stamp)) {
			lookup->best = mapping;
			break;
		}
	}
}

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
	struct own_gids_lookup lookup = {
		.set	= set,
		.owner	= owner,
		.best	= best,
	};
	u32 gid = own_owner_gid(owner);

	if (gid != OWN_NOBODY)
		lookup.best = own_radix_best(set->by_gid, gid, owner,
					     own_owner_flags(owner),
					     lookup.best);
	if (set->suppl)
		own_owner_find_group(owner, own_lookup_group, &lookup);
	if (owner->stamp)
		own_radix_visit(set->by_stamp, owner->stamp, own_stamp_visit,
				&lookup);
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

static bool own_is_by_gid(const struct ownroute_mapping *desc)
{
	return !(desc->match & (OWNROUTE_MATCH_UID | OWNROUTE_MATCH_CGROUP));
}

#define OWN_PLACES_MAX	(2 + OWN_STAMPS_MAX)

/* Returns how many there are. */
static u32 own_places_of(struct own_set *set, const struct own_mapping *mapping,
			 struct own_place *places)
{
	const struct ownroute_mapping *desc = &mapping->desc;
	u32 n = 0;

	places[n++] = own_place_by_id(&set->by_id, desc);
	if (desc->match & OWNROUTE_MATCH_UID)
		places[n++] = own_place_by_uid(&set->by_uid, desc);
	else if (desc->match & OWNROUTE_MATCH_CGROUP)
		places[n++] = own_place_by_cgroup(&set->by_cgroup, desc);
	else
		places[n++] = own_place_by_gid(&set->by_gid, desc);
	if (own_is_by_gid(desc) && own_stamps(desc))
		n += own_places_by_stamp(&set->by_stamp, desc, &places[n]);
	return n;
}

static bool own_is_suppl(const struct ownroute_mapping *desc)
{
	return own_is_by_gid(desc) && desc->flags & OWNROUTE_FLAG_SUPPL;
}

static bool own_redirects(const struct own_mapping *mapping)
{
	return mapping->nat && own_nat_has_dns(mapping->nat);
}

static bool own_is_guard(const struct ownroute_mapping *desc)
{
	return desc->flags & OWNROUTE_FLAG_GUARD;
}

/**
 * own_set_edit_begin() - begin to make a set out of another one
 * @edit: the edit
 * @old: what to start from, may be NULL; it stays as it is
 *
 * It can't fail, so that a flush can't: these few bytes are all that it needs.
 */
void own_set_edit_begin(struct own_set_edit *edit, const struct own_set *old)
{
	edit->set = kmalloc(sizeof(*edit->set),
			    GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	*edit->set = old ? *old : (struct own_set) {};

	own_edit_begin(&edit->edit);
	INIT_LIST_HEAD(&edit->in);
	INIT_LIST_HEAD(&edit->out);
	INIT_LIST_HEAD(&edit->dropped);
	INIT_LIST_HEAD(&edit->withdrawn);
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
	struct own_place places[OWN_PLACES_MAX];
	struct own_set *set = edit->set;
	u32 n = own_places_of(set, mapping, places), i;
	int err = 0;

	list_add_tail(&mapping->link, &edit->in);
	mapping->fresh = true;

	for (i = 0; i < n && !err; i++)
		err = own_radix_insert(&edit->edit, places[i].root,
				       places[i].min, places[i].max, mapping);
	set->count++;
	set->suppl += own_is_suppl(&mapping->desc);
	if (own_stamps(&mapping->desc))
		set->stamps |= mapping->desc.mask;
	set->devices += !!mapping->device;
	set->guards += own_is_guard(&mapping->desc);
	set->tunnels += mapping->tunnel;
	set->nats += !!mapping->nat;
	set->redirects += own_redirects(mapping);
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
	struct own_place places[OWN_PLACES_MAX];
	struct own_set *set = edit->set;
	u32 n = own_places_of(set, mapping, places), i;
	int err = 0;

	own_edit_take_out(edit, mapping);

	for (i = 0; i < n && !err; i++)
		err = own_radix_remove(&edit->edit, places[i].root,
				       places[i].min, places[i].max, mapping);
	set->count--;
	set->suppl -= own_is_suppl(&mapping->desc);
	set->devices -= !!mapping->device;
	set->guards -= own_is_guard(&mapping->desc);
	set->tunnels -= mapping->tunnel;
	set->nats -= !!mapping->nat;
	set->redirects -= own_redirects(mapping);
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
	own_radix_clear(&edit->edit, &set->by_stamp);
	own_radix_clear(&edit->edit, &set->by_id);
	set->count = 0;
	set->suppl = 0;
	set->devices = 0;
	set->guards = 0;
	set->tunnels = 0;
	set->nats = 0;
	set->redirects = 0;
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
 * own_set_edit_devices() - what comes is found by its device, what goes isn't any more
 * @edit: the edit, which is published next, and not aborted
 *
 * Before own_set_edit_withdraw().  First what comes: so a guard that is replaced is never
 * absent.
 */
void own_set_edit_devices(struct own_set_edit *edit)
{
	struct own_mapping *mapping;

	list_for_each_entry(mapping, &edit->in, link) {
		own_device_enter(mapping);
		cond_resched();
	}
	list_for_each_entry(mapping, &edit->out, link) {
		own_device_leave(mapping);
		cond_resched();
	}
}

/**
 * own_set_edit_withdraw() - what goes leaves no more stamps, and stays known for those
 *	that it has left
 * @edit: the edit, which is published next, and not aborted
 * @limit: how many mappings there may be
 *
 * It needs memory, but does without if there is none.
 */
void own_set_edit_withdraw(struct own_set_edit *edit, u32 limit)
{
	struct own_withdrawn *withdrawn = &edit->set->withdrawn;
	struct own_mapping *mapping, *next;
	LIST_HEAD(forgotten);
	int err;

	list_for_each_entry_safe(mapping, next, &edit->out, link) {
		cond_resched();
		WRITE_ONCE(mapping->withdrawn, true);
		smp_mb();	/* pairs with the one in own_may_stamp() */
		if (!READ_ONCE(mapping->stamped) || !mapping->desc.mark)
			continue;

		err = withdrawn->count < min_t(u32, limit, OWN_WITHDRAWN_MAX) ?
		      own_withdrawn_add(withdrawn, &edit->edit, mapping) :
		      -ENOSPC;
		if (!err) {
			list_move_tail(&mapping->link, &edit->withdrawn);
		} else if (err != -EEXIST) {
			withdrawn->mask |= mapping->desc.mask;
			own_withdrawn_forget(withdrawn, &edit->edit,
					     &forgotten);
		}
	}
	list_splice(&forgotten, &edit->out);
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

	/* Alone from now on, until it is put on another list to be forgotten. */
	list_for_each_entry_safe(mapping, next, &edit->withdrawn, link) {
		list_del_init(&mapping->link);
		own_mapping_forget_texts(mapping);
		cond_resched();
	}
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
	own_radix_destroy(set->by_stamp);
	own_withdrawn_destroy(&set->withdrawn);
	while ((mapping = own_set_next(set, from))) {
		from = (u64)mapping->desc.id + 1;
		own_device_leave(mapping);
		own_mapping_free(mapping);
		cond_resched();
	}
	own_radix_destroy(set->by_id);
	kfree(set);
}
