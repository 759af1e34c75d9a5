// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's maple tree.  It can be changed while it is read, but one change at a
 * time, each seen by itself: a transaction would have to copy it.
 */
#include <linux/maple_tree.h>

#include "contender.h"

static struct maple_tree tree;

static int maple_change(struct own_mapping *mapping)
{
	return mtree_insert_range(&tree, mapping->desc.uid_min,
				  mapping->desc.uid_max, mapping, GFP_KERNEL);
}

static int maple_load(struct own_mapping **mappings, u32 count)
{
	int err = 0;
	u32 i;

	mt_init_flags(&tree, MT_FLAGS_USE_RCU);
	for (i = 0; !err && i < count; i++)
		err = maple_change(mappings[i]);
	return err;
}

static const void *maple_lookup(u32 uid)
{
	return mtree_load(&tree, uid);
}

/* Nobody reads it any more. */
static void maple_unload(void)
{
	mt_clear_in_rcu(&tree);
	mtree_destroy(&tree);
}

const struct contender contender_maple = {
	.name	= "maple tree",
	.load	= maple_load,
	.lookup	= maple_lookup,
	.change	= maple_change,
	.unload	= maple_unload,
};
