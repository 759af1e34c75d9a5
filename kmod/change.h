/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes of a namespace's mappings: one, or many at once. */
#ifndef _OWN_CHANGE_H
#define _OWN_CHANGE_H

#include <linux/list.h>
#include <linux/types.h>

struct netlink_ext_ack;
struct own_mapping;
struct own_net;
struct own_set;

enum own_change_op {
	OWN_CHANGE_NEW,
	OWN_CHANGE_SET,
	OWN_CHANGE_DEL,
	OWN_CHANGE_CLEAR,
};

/**
 * struct own_change - one change
 *
 * @list: the changes that are made together
 * @op: what is done
 * @id: mapping to delete
 * @mapping: mapping to make, or to put in the place of the one with its id
 */
struct own_change {
	struct list_head	list;
	enum own_change_op	op;
	u32			id;
	struct own_mapping	*mapping;
};

void own_change_drop(struct own_change *change);
int own_changes_make(struct own_net *on, struct list_head *changes,
		     struct netlink_ext_ack *extack);

#endif
