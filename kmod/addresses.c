// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses that are changed: what this module has to do with it.  It says which, of whose
 * connections; ownroute_nat changes them.
 */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/netlink.h>

#include "device.h"
#include "helper.h"
#include "index.h"
#include "mapping.h"
#include "nat.h"
#include "net.h"
#include "owner.h"
#include "packet.h"

static const void *own_nat_get(void)
{
	return symbol_get(own_nat_ops);
}

static void own_nat_put(void)
{
	symbol_put(own_nat_ops);
}

const struct own_helper own_nat_helper = {
	.name	= "ownroute_nat",
	.get	= own_nat_get,
	.put	= own_nat_put,
};

/*
 * Who sends it is found as in the hooks before.  On their way out only those that leave by the
 * mapping's device are changed, so that the LAN sees whom it knows.
 */
static const struct ownroute_nat *
own_nat_of(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	const struct own_mapping *mapping;
	const struct own_set *set;
	struct own_owner owner;
	struct sock *sk;

	if (state->hook == NF_INET_POST_ROUTING &&
	    own_pass_over(skb, state, state->pf))
		return NULL;

	/* NULL when the last mapping has just gone, NAT with it. */
	set = rcu_dereference(own_net(state->net)->set);
	sk = own_sock(state);
	if (!set || !sk)
		return NULL;

	own_owner_of(&owner, sk, state->net->user_ns);
	mapping = own_set_lookup(set, &owner);
	if (!mapping || !mapping->nat)
		return NULL;
	if (state->hook == NF_INET_POST_ROUTING &&
	    !own_device_is(mapping->device, state->out))
		return NULL;
	return mapping->nat;
}

/**
 * own_nat_begin() - the first mapping of a namespace comes that changes addresses
 * @on: the namespace's, locked; it isn't published yet
 * @extack: says why not
 *
 * Return: 0, or a negative error with nothing changed.
 */
int own_nat_begin(struct own_net *on, struct netlink_ext_ack *extack)
{
	const struct own_nat_ops *ops = own_helper_get(&own_nat_helper, extack);
	int err;

	if (!ops)
		return -EAGAIN;
	err = ops->enable(on->net, own_nat_of);
	if (err) {
		NL_SET_ERR_MSG(extack, "can't switch NAT on");
		own_nat_put();
		return err;
	}
	on->nat = ops;
	return 0;
}

/**
 * own_nat_end() - the last of them is gone, or its namespace
 * @on: the namespace's, locked, or which nobody else can reach any more
 *
 * Doesn't wait: a hook that runs now ends within an RCU grace period.
 */
void own_nat_end(struct own_net *on)
{
	on->nat->disable(on->net);
	on->nat = NULL;
	own_nat_put();
}
