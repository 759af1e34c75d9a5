// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "change.h"
#include "connmark.h"
#include "events.h"
#include "guard.h"
#include "hook.h"
#include "index.h"
#include "mapping.h"
#include "nat.h"
#include "net.h"
#include "trace.h"
#include "tunnel.h"

/**
 * own_change_drop() - end a change that was not made
 * @change: the change; what it points at is gone with it
 */
void own_change_drop(struct own_change *change)
{
	if (change->mapping)
		own_mapping_free(change->mapping);
	change->mapping = NULL;
}

/* The next id that is free, in a circle. */
static u32 own_free_id(const struct own_set *set, u32 id)
{
	do {
		id = id == U32_MAX ? 1 : id + 1;
	} while (own_set_get(set, id));
	return id;
}

static int own_change_new(struct own_net *on, struct own_set_edit *edit,
			  struct own_change *change, u32 *last_id,
			  struct netlink_ext_ack *extack)
{
	struct own_mapping *mapping = change->mapping;

	/* Not more than there are numbers: the search for an id ends. */
	if (edit->set->count >= on->limit) {
		NL_SET_ERR_MSG(extack, "namespace has as many mappings as its limit allows");
		return -ENOSPC;
	}

	if (!mapping->desc.id) {
		*last_id = own_free_id(edit->set, *last_id);
		own_mapping_set_id(mapping, *last_id);
	} else if (own_set_get(edit->set, mapping->desc.id)) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, NULL,
					"id %u is taken by another mapping",
					mapping->desc.id);
		return -EEXIST;
	}

	change->mapping = NULL;
	return own_set_edit_add(edit, mapping);
}

static void own_id_missing(u32 id, struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_ATTR_FMT(extack, NULL, "no mapping has id %u", id);
}

static int own_change_set(struct own_set_edit *edit, struct own_change *change,
			  struct netlink_ext_ack *extack)
{
	struct own_mapping *mapping = change->mapping;
	struct own_mapping *old;

	old = own_set_get(edit->set, mapping->desc.id);
	if (!old) {
		own_id_missing(mapping->desc.id, extack);
		return -ENOENT;
	}
	change->mapping = NULL;
	return own_set_edit_set(edit, old, mapping);
}

static int own_change_del(struct own_set_edit *edit, struct own_change *change,
			  struct netlink_ext_ack *extack)
{
	struct own_mapping *mapping = own_set_get(edit->set, change->id);

	if (!mapping) {
		own_id_missing(change->id, extack);
		return -ENOENT;
	}
	return own_set_edit_del(edit, mapping);
}

/* What is given to the edit is no longer the change's, whatever comes back. */
static int own_change_make(struct own_net *on, struct own_set_edit *edit,
			   struct own_change *change, u32 *last_id,
			   struct netlink_ext_ack *extack)
{
	switch (change->op) {
	case OWN_CHANGE_NEW:
		return own_change_new(on, edit, change, last_id, extack);
	case OWN_CHANGE_SET:
		return own_change_set(edit, change, extack);
	case OWN_CHANGE_DEL:
		return own_change_del(edit, change, extack);
	case OWN_CHANGE_CLEAR:
		own_set_edit_clear(edit);
		return 0;
	}
	return -EINVAL;
}

/*
 * Hooks come with the first mapping, those of the guards and of the tunnels, and NAT, with the
 * first of theirs.  On failure nothing has changed.
 */
static int own_hooks_begin(struct own_net *on, const struct own_set *old,
			   const struct own_set *set,
			   struct netlink_ext_ack *extack)
{
	bool first = !old && set->count;
	bool guards = set->guards && !(old && old->guards);
	bool tunnels = set->tunnels && !(old && old->tunnels);
	bool nats = set->nats && !(old && old->nats);
	int err;

	if (first) {
		err = own_hooks_register(on->net);
		if (err) {
			NL_SET_ERR_MSG(extack, "can't register netfilter hooks");
			return err;
		}
	}
	if (guards) {
		err = own_guard_begin(on);
		if (err) {
			NL_SET_ERR_MSG(extack, "can't guard: no hooks, or the module is going");
			goto err_hooks;
		}
	}
	if (tunnels) {
		err = own_tunnels_register(on->net);
		if (err) {
			NL_SET_ERR_MSG(extack, "can't register netfilter hooks");
			goto err_guard;
		}
	}
	if (nats) {
		err = own_nat_begin(on, extack);
		if (err)
			goto err_tunnels;
	}
	return 0;

err_tunnels:
	if (tunnels)
		own_tunnels_unregister(on->net);
err_guard:
	if (guards)
		own_guard_end(on);
err_hooks:
	if (first)
		own_hooks_unregister(on->net);
	return err;
}

/* They go with the last: the main ones with the last of the withdrawn, too. */
static void own_hooks_end(struct own_net *on, const struct own_set *old,
			  const struct own_set *set)
{
	if (!old)
		return;
	if (old->nats && !(set && set->nats))
		own_nat_end(on);
	if (old->tunnels && !(set && set->tunnels))
		own_tunnels_unregister(on->net);
	if (old->guards && !(set && set->guards))
		own_guard_end(on);
	if (!set)
		own_hooks_unregister(on->net);
}

/* Makes packets see @set, which may be NULL, from now on. */
static void own_set_publish(struct own_net *on, struct own_set *set)
{
	const struct own_set *old = own_set_of(on);

	rcu_assign_pointer(on->set, set);

	on->generation++;
	trace_ownroute_change(on->net, on->generation, set ? set->count : 0);
	own_hooks_end(on, old, set);
}

/**
 * own_changes_make() - make changes, all or none
 * @on: the namespace's, locked
 * @changes: struct own_change, in their order; each gives its mapping away
 * @extack: says why not
 *
 * A packet sees the mappings before all of the changes or after.
 *
 * Return: 0, or a negative error with nothing changed.
 */
int own_changes_make(struct own_net *on, struct list_head *changes,
		     struct netlink_ext_ack *extack)
{
	struct own_set *old = own_set_of(on);
	struct own_connmarks *connmarks;
	u32 last_id = on->next_id;
	struct own_set_edit edit;
	struct own_change *change;
	bool idle;
	int err;

	own_set_edit_begin(&edit, old);
	list_for_each_entry(change, changes, list) {
		/* One alone is soon made, and a flush never fails. */
		if (!list_is_first(&change->list, changes) &&
		    fatal_signal_pending(current))
			err = -EINTR;
		else
			err = own_change_make(on, &edit, change, &last_id,
					      extack);
		if (err == -ENOMEM)
			NL_SET_ERR_MSG(extack, "no memory for the mappings");
		if (err)
			goto err_abort;
		cond_resched();
	}

	connmarks = own_connmark_begin(on, &edit, extack);
	if (IS_ERR(connmarks)) {
		err = PTR_ERR(connmarks);
		goto err_abort;
	}

	err = own_hooks_begin(on, old, edit.set, extack);
	if (err)
		goto err_connmark;

	/* From here on nothing fails. */
	own_set_edit_devices(&edit);
	own_set_edit_withdraw(&edit, on->limit);
	idle = own_set_is_idle(edit.set);
	own_set_publish(on, idle ? NULL : edit.set);
	own_connmark_commit(on, connmarks);
	/*
	 * Whoever has the answer may delete the rules of what goes: no packet is to be on
	 * its way that still gets a mark from there, and asks for its route by it.
	 */
	if (!list_empty(&edit.out) || !list_empty(&edit.withdrawn))
		synchronize_rcu_expedited();

	on->next_id = last_id;
	if (idle)
		kfree(edit.set);
	if (old)
		kfree_rcu(old, rcu);
	own_set_edit_commit(&edit);
	return 0;

err_connmark:
	own_connmark_abort(on, connmarks);
err_abort:
	own_set_edit_abort(&edit);
	return err;
}
