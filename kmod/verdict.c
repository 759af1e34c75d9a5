// SPDX-License-Identifier: GPL-2.0-only
#include <linux/netfilter.h>

#include "mapping.h"
#include "packet.h"
#include "reroute.h"
#include "trace.h"
#include "verdict.h"

/**
 * own_drop() - a packet goes nowhere
 * @skb: the packet
 * @state: of the hook
 * @mapping: the mapping that it met
 * @err: the error that the sender of a datagram sees
 *
 * Return: the hook's verdict.
 */
unsigned int own_drop(const struct sk_buff *skb,
		      const struct nf_hook_state *state,
		      const struct own_mapping *mapping, int err)
{
	own_count(&mapping->counters->drops, &mapping->counters->syncp);
	trace_ownroute_drop(state->net, skb, mapping->desc.id, err);
	return NF_DROP_ERR(err);
}

/**
 * own_send_by_mark() - a packet goes where the mark leads that a mapping has given it
 * @skb: the packet
 * @state: of the hook, LOCAL_OUT
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 * @mapping: the mapping
 *
 * Nowhere, if that is "unreachable", as when the tunnel is down.
 *
 * Return: the hook's verdict.
 */
unsigned int own_send_by_mark(struct sk_buff *skb,
			      const struct nf_hook_state *state, u8 pf,
			      const struct own_mapping *mapping)
{
	int err;

	own_count(&mapping->counters->reroutes, &mapping->counters->syncp);
	err = own_reroute(skb, state, pf);
	trace_ownroute_reroute(state->net, skb, mapping->desc.id, err);
	return err < 0 ? own_drop(skb, state, mapping, err) : NF_ACCEPT;
}

/**
 * own_send_anew() - a packet whose mark no mapping has given goes where that leads
 * @skb: the packet
 * @state: of the hook, LOCAL_OUT
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Return: the hook's verdict.
 */
unsigned int own_send_anew(struct sk_buff *skb,
			   const struct nf_hook_state *state, u8 pf)
{
	int err = own_reroute(skb, state, pf);

	trace_ownroute_reroute(state->net, skb, 0, err);
	return err < 0 ? NF_DROP_ERR(err) : NF_ACCEPT;
}
