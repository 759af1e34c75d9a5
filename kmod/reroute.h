/* SPDX-License-Identifier: GPL-2.0-only */
/* A new route for a packet whose mark has changed. */
#ifndef _OWN_REROUTE_H
#define _OWN_REROUTE_H

#include <linux/types.h>

struct nf_hook_state;
struct sk_buff;

int own_reroute(struct sk_buff *skb, const struct nf_hook_state *state, u8 pf);

#endif
