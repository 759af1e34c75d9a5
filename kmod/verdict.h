/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of a packet because of a mapping: counted, and traced. */
#ifndef _OWN_VERDICT_H
#define _OWN_VERDICT_H

#include <linux/types.h>

struct nf_hook_state;
struct own_mapping;
struct sk_buff;

unsigned int own_drop(const struct sk_buff *skb,
		      const struct nf_hook_state *state,
		      const struct own_mapping *mapping, int err);
unsigned int own_send_by_mark(struct sk_buff *skb,
			      const struct nf_hook_state *state, u8 pf,
			      const struct own_mapping *mapping);
unsigned int own_send_anew(struct sk_buff *skb,
			   const struct nf_hook_state *state, u8 pf);

#endif
