/* SPDX-License-Identifier: GPL-2.0-only */
/* What is near: where a guard with %OWNROUTE_FLAG_LAN lets packets go. */
#ifndef _OWN_LAN_H
#define _OWN_LAN_H

#include <linux/types.h>

struct nf_hook_state;
struct sk_buff;

bool own_goes_near(const struct sk_buff *skb, const struct nf_hook_state *state,
		   u8 pf);

#endif
