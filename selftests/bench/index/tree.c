// SPDX-License-Identifier: GPL-2.0-only
/* The index as it is, with all that it does for other selectors and for ids. */
#include "contender.h"
#include "index.h"

static struct own_set *set;

static int tree_load(struct own_mapping **mappings, u32 count)
{
	struct own_set_edit edit;
	int err;
	u32 i;

	own_set_edit_begin(&edit, set);
	for (i = 0; i < count; i++) {
		err = own_set_edit_add(&edit, mappings[i]);
		if (err) {
			own_set_edit_abort(&edit);
			return err;
		}
	}
	if (set)
		kfree_rcu(set, rcu);
	set = edit.set;
	own_set_edit_commit(&edit);
	return 0;
}

static const void *tree_lookup(u32 uid)
{
	struct own_owner owner = { .ns = &init_user_ns, .uid = uid };

	return own_set_lookup(set, &owner);
}

static int tree_change(struct own_mapping *mapping)
{
	return tree_load(&mapping, 1);
}

/* Takes the mappings along. */
static void tree_unload(void)
{
	own_set_destroy(set);
	set = NULL;
}

const struct contender contender_tree = {
	.name	= "radix tree",
	.load	= tree_load,
	.lookup	= tree_lookup,
	.change	= tree_change,
	.unload	= tree_unload,
};
