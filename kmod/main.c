// SPDX-License-Identifier: GPL-2.0-only
/*
 * ownroute - routing by socket owner
 *
 * Starts the parts in order and stops them in reverse.
 */
#include <linux/module.h>
#include <linux/ownroute.h>
#include <net/genetlink.h>

#include "connmark.h"
#include "device.h"
#include "hook.h"
#include "index.h"
#include "nat.h"
#include "net.h"
#include "netlink.h"
#include "radix.h"
#include "transaction.h"
#include "tunnel.h"

unsigned int own_net_id __read_mostly;

static int __net_init own_net_init(struct net *net)
{
	struct own_net *on = own_net(net);
	int cpu;

	on->counters = alloc_percpu(struct own_net_counters);
	if (!on->counters)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(on->counters, cpu)->syncp);

	on->net = net;
	on->limit = OWNROUTE_LIMIT_DEFAULT;
	on->generation = 1;
	own_guard_init(on);
	mutex_init(&on->lock);
	spin_lock_init(&on->transactions_lock);
	INIT_LIST_HEAD(&on->transactions);
	return 0;
}

/*
 * Nobody else is here: netlink sockets hold their namespace, and the family is
 * unregistered before the module goes.
 *
 * Hooks may still run after they are unregistered.  They are done when all
 * ->pre_exit have been called and an RCU grace period has passed, which is what
 * the core waits for before it calls ->exit.
 */
static void __net_exit own_net_pre_exit(struct net *net)
{
	struct own_net *on = own_net(net);
	const struct own_set *set = rcu_dereference_protected(on->set, true);

	if (set)
		own_hooks_unregister(net);
	if (set && set->guards)
		own_guard_unregister(on);
	if (set && set->tunnels)
		own_tunnels_unregister(net);
	if (set && set->nats)
		own_nat_end(on);
	own_connmark_net_pre_exit(on);
}

static void __net_exit own_net_exit(struct net *net)
{
	struct own_net *on = own_net(net);
	const struct own_set *set;

	mutex_lock(&on->lock);
	set = own_set_of(on);
	if (set && set->guards)
		own_guard_finish(on);
	own_transactions_destroy(on);
	own_set_destroy(own_set_of(on));
	own_connmark_net_exit(on);
	mutex_unlock(&on->lock);

	mutex_destroy(&on->lock);
	free_percpu(on->counters);
}

static struct pernet_operations own_net_ops = {
	.init		= own_net_init,
	.pre_exit	= own_net_pre_exit,
	.exit		= own_net_exit,
	.id		= &own_net_id,
	.size		= sizeof(struct own_net),
};

static int __init own_init(void)
{
	int err;

	err = own_radix_init();
	if (err)
		return err;
	err = own_devices_register();
	if (err)
		goto err_radix;
	err = register_pernet_subsys(&own_net_ops);
	if (err)
		goto err_devices;
	err = own_transactions_register();
	if (err)
		goto err_pernet;
	err = own_netlink_register();
	if (err)
		goto err_transactions;
	return 0;

err_transactions:
	own_transactions_unregister();
err_pernet:
	unregister_pernet_subsys(&own_net_ops);
err_devices:
	own_devices_unregister();
err_radix:
	own_radix_exit();
	return err;
}

static void __exit own_exit(void)
{
	/* First the family: after it nobody can make a mapping. */
	own_netlink_unregister();
	own_transactions_unregister();
	unregister_pernet_subsys(&own_net_ops);
	/* What was deleted just before is freed by callbacks of ours. */
	rcu_barrier();
	own_devices_unregister();
	own_radix_exit();
}

module_init(own_init);
module_exit(own_exit);

MODULE_DESCRIPTION("Routing by socket owner");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_GENL_FAMILY(OWNROUTE_GENL_NAME);
