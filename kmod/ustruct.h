/* SPDX-License-Identifier: GPL-2.0-only */
/* Structs of userspace that grow: see linux/ownroute.h for the rules. */
#ifndef _OWN_USTRUCT_H
#define _OWN_USTRUCT_H

#include <linux/types.h>

struct netlink_ext_ack;
struct nlattr;

int own_ustruct_get(const struct nlattr *attr, void *dst, size_t ksize,
		    size_t size_ver0, struct netlink_ext_ack *extack);

#endif
