/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets that no socket's owner sends. */
#ifndef _OWN_OWNERLESS_H
#define _OWN_OWNERLESS_H

#include <linux/types.h>

struct nf_hook_state;
struct own_mapping;
struct own_net;
struct own_set;
struct sk_buff;

unsigned int own_ownerless(struct sk_buff *skb,
			   const struct nf_hook_state *state, u8 pf,
			   const struct own_net *on, const struct own_set *set);
const struct own_mapping *
own_ownerless_guard(const struct sk_buff *skb,
		    const struct nf_hook_state *state, u8 pf,
		    const struct own_set *set);

#endif
