/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kill switch: what a guarded mapping matches leaves by its device, by loopback, or not
 * at all.
 */
#ifndef _OWN_GUARD_H
#define _OWN_GUARD_H

#include <linux/atomic.h>
#include <linux/if.h>
#include <linux/in6.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct own_net;

/**
 * struct own_guard_drop - a packet that a guard has dropped
 *
 * @id: of the mapping
 * @uid: of the owner, %OWN_NOBODY if no socket sent it
 * @destination: where to
 * @destination_len: bytes of the address, 4 or 16
 * @device: name of the device that it was leaving by
 */
struct own_guard_drop {
	u32		id;
	u32		uid;
	struct in6_addr	destination;
	u8		destination_len;
	char		device[IFNAMSIZ];
};

/**
 * struct own_guard - what the guards of a namespace have to tell
 *
 * @told: set as long as @drop waits to be told: that of others is not told then
 * @drop: written by who has set @told, read by @work, which clears it
 * @work: tells the listeners
 */
struct own_guard {
	atomic_t		told;
	struct own_guard_drop	drop;
	struct delayed_work	work;
};

void own_guard_init(struct own_net *on);
int own_guard_begin(struct own_net *on);
void own_guard_end(struct own_net *on);
void own_guard_unregister(struct own_net *on);
void own_guard_finish(struct own_net *on);

#endif
