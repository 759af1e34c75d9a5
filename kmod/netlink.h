/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _OWN_NETLINK_H
#define _OWN_NETLINK_H

struct genl_family;

extern struct genl_family own_genl_family;

int own_netlink_register(void);
void own_netlink_unregister(void);

#endif
