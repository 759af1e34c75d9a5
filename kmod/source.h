/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose address a packet comes from. */
#ifndef _OWN_SOURCE_H
#define _OWN_SOURCE_H

#include <linux/types.h>

struct net;
struct own_device;
struct sk_buff;

bool own_source_is_of(const struct own_device *device, const struct sk_buff *skb,
		      u8 pf);
bool own_source_is_ours(const struct sk_buff *skb, u8 pf);
struct own_device *own_device_of_source(struct net *net,
					const struct sk_buff *skb, u8 pf);

#endif
