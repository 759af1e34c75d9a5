// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "connmark.h"
#include "connmarks.h"
#include "helper.h"

static const void *own_connmark_get(void)
{
	return symbol_get(own_connmark_ops);
}

static void own_connmark_put(void)
{
	symbol_put(own_connmark_ops);
}

const struct own_helper own_connmark_helper = {
	.name	= "ownroute_connmark",
	.get	= own_connmark_get,
	.put	= own_connmark_put,
};

static int own_connmark_start(struct own_net *on,
			      const struct own_connmarks *marks,
			      struct netlink_ext_ack *extack)
{
	const struct own_connmark_ops *ops;
	int err;

	ops = own_helper_get(&own_connmark_helper, extack);
	if (!ops)
		return -EAGAIN;

	err = ops->enable(on->net, marks);
	if (err) {
		NL_SET_ERR_MSG(extack, "can't switch conntrack on");
		own_connmark_put();
		return err;
	}
	rcu_assign_pointer(on->connmark, ops);
	return 0;
}

static void own_connmark_stop(struct own_net *on)
{
	const struct own_connmark_ops *ops;

	/* Locked, or alone */
	ops = rcu_dereference_protected(on->connmark, true);
	RCU_INIT_POINTER(on->connmark, NULL);
	ops->disable(on->net);
	own_connmark_put();
}

static const struct own_connmark_ops *own_connmark_of(const struct own_net *on)
{
	return rcu_dereference_protected(on->connmark,
					 lockdep_is_held(&on->lock));
}

/* Packets may have seen them. */
static void own_connmarks_retire(struct own_connmarks *marks)
{
	if (marks)
		kvfree_rcu(marks, rcu);
}

/**
 * own_connmark_begin() - be ready for the mappings that an edit brings
 * @on: the namespace's, locked
 * @edit: the edit, all of its changes made; its set isn't published yet
 * @extack: says why not
 *
 * Return: the marks that connections can have after it, for own_connmark_commit() or
 * own_connmark_abort(); or a negative error.  A flush has none.
 */
struct own_connmarks *own_connmark_begin(struct own_net *on,
					 const struct own_set_edit *edit,
					 struct netlink_ext_ack *extack)
{
	struct own_connmarks *marks = own_connmarks_edit(on->connmarks, edit);
	int err;

	if (IS_ERR(marks)) {
		NL_SET_ERR_MSG(extack, "no memory for the marks of connections");
		return marks;
	}
	if (!marks || on->connmarks)
		return marks;

	err = own_connmark_start(on, marks, extack);
	if (err) {
		own_connmarks_retire(marks);
		return ERR_PTR(err);
	}
	return marks;
}

/**
 * own_connmark_commit() - the edit's set is published
 * @on: the namespace's, locked
 * @marks: what own_connmark_begin() has returned
 */
void own_connmark_commit(struct own_net *on, struct own_connmarks *marks)
{
	struct own_connmarks *old = on->connmarks;

	if (marks == old)
		return;
	on->connmarks = marks;
	if (!marks)
		own_connmark_stop(on);
	else if (old)
		own_connmark_of(on)->update(on->net, marks);
	own_connmarks_retire(old);
}

/**
 * own_connmark_abort() - the edit's set won't be published
 * @on: the namespace's, locked
 * @marks: what own_connmark_begin() has returned
 */
void own_connmark_abort(struct own_net *on, struct own_connmarks *marks)
{
	if (marks == on->connmarks)
		return;
	if (!on->connmarks)
		own_connmark_stop(on);
	own_connmarks_retire(marks);
}

/**
 * own_connmark_net_pre_exit() - the namespace goes: restore no more marks
 * @on: the namespace's, which nobody else can reach any more
 *
 * Its part in the other module and in conntrack is there until all ->exit are done.
 */
void own_connmark_net_pre_exit(struct own_net *on)
{
	if (on->connmarks)
		own_connmark_stop(on);
}

/**
 * own_connmark_net_exit() - the namespace goes, and its last packets have gone
 * @on: the namespace's
 */
void own_connmark_net_exit(struct own_net *on)
{
	kvfree(on->connmarks);
}
