/* SPDX-License-Identifier: GPL-2.0-only */
/* Stale stamps: of mappings that don't decide about their socket any more. */
#ifndef _OWN_STALE_H
#define _OWN_STALE_H

#include <linux/types.h>

struct own_owner;
struct own_set;

u32 own_stale_bits(const struct own_set *set, struct own_owner *owner,
		   u32 stamp);

#endif
