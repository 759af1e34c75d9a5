/* SPDX-License-Identifier: GPL-2.0-only */
/* What answers and notifications carry. */
#ifndef _OWN_MESSAGE_H
#define _OWN_MESSAGE_H

#include <linux/types.h>

struct own_mapping;
struct own_net;
struct sk_buff;

size_t own_mapping_msg_size(const struct own_mapping *mapping);
int own_put_mapping(struct sk_buff *skb, const struct own_mapping *mapping);
int own_put_info(struct sk_buff *skb, const struct own_net *on);
int own_put_net_stats(struct sk_buff *skb, const struct own_net *on);

#endif
