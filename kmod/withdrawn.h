/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The withdrawn: mappings that were deleted or replaced and have left stamps.  Nobody
 * tells us when a socket ends, so they stay known, and the next packet of a
 * socket that still has such a stamp takes it away.
 *
 * The order in which one is withdrawn:
 *
 *  1. it says so (own_mapping::withdrawn), and stamps no more sockets: who is
 *     about to, has told before (own_mapping::stamped) or sees it in time;
 *  2. if it has stamped any, it is among the withdrawn of the new set;
 *  3. the new set is published: from now on packets find it there, and only there;
 *  4. else, having stamped none, it is freed when all packets that see the old set
 *     are gone.
 *
 * There are never more than %OWN_WITHDRAWN_MAX of them, nor more than the namespace may
 * have mappings.  Should they become too many, or memory be short, all that is kept of
 * them is which bits they had set: from then on these are taken from the sockets of
 * everybody whose mapping doesn't set them, and the hooks stay.
 */
#ifndef _OWN_WITHDRAWN_H
#define _OWN_WITHDRAWN_H

#include <linux/list.h>
#include <linux/types.h>

struct own_edit;
struct own_mapping;

/* Each keeps its counters, too: on many CPUs they are the larger part of it. */
#define OWN_WITHDRAWN_MAX	4096

/**
 * struct own_withdrawn - the withdrawn of a set
 *
 * @by_uid: tree of those that have a uid range
 * @by_cgroup: tree of those that have none but a cgroup, by the lower half of
 *	its id
 * @by_stamp: tree of the others, by the stamps that they may have left
 * @by_serial: tree of all, by own_mapping::serial
 * @count: how many there are
 * @serial: the last one given
 * @mask: bits that those set who are no longer known
 */
struct own_withdrawn {
	unsigned long	by_uid;
	unsigned long	by_cgroup;
	unsigned long	by_stamp;
	unsigned long	by_serial;
	u32		count;
	u32		serial;
	u32		mask;
};

static inline bool own_withdrawn_any(const struct own_withdrawn *withdrawn)
{
	return withdrawn->count || withdrawn->mask;
}

int own_withdrawn_add(struct own_withdrawn *withdrawn, struct own_edit *edit,
		      struct own_mapping *mapping);
void own_withdrawn_forget(struct own_withdrawn *withdrawn,
			  struct own_edit *edit, struct list_head *forgotten);
void own_withdrawn_destroy(struct own_withdrawn *withdrawn);

#endif
