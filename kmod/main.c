// SPDX-License-Identifier: GPL-2.0-only
/*
 * ownroute - routing by socket owner
 *
 * Starts the parts in order and stops them in reverse.
 */
#include <linux/module.h>
#include <linux/ownroute.h>
#include <net/genetlink.h>

#include "hook.h"
#include "mapping.h"
#include "net.h"
#include "netlink.h"

unsigned int own_net_id __read_mostly;

static int __net_init own_net_init(struct net *net)
{
	own_mappings_init(own_net(net), net);
	return 0;
}

/*
 * Hooks may still run after they are unregistered.  They are done when all
 * ->pre_exit have been called and an RCU grace period has passed, which is what
 * the core waits for before it calls ->exit.
 */
static void __net_exit own_net_pre_exit(struct net *net)
{
	own_mappings_unhook(own_net(net));
}

static void __net_exit own_net_exit(struct net *net)
{
	own_mappings_destroy(own_net(net));
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

	err = register_pernet_subsys(&own_net_ops);
	if (err)
		return err;

	err = own_netlink_register();
	if (err)
		unregister_pernet_subsys(&own_net_ops);
	return err;
}

static void __exit own_exit(void)
{
	/* First the family: after it nobody can make a mapping. */
	own_netlink_unregister();
	unregister_pernet_subsys(&own_net_ops);
	/* Mappings deleted just before are freed by a callback of ours. */
	rcu_barrier();
}

module_init(own_init);
module_exit(own_exit);

MODULE_DESCRIPTION("Routing by socket owner");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
MODULE_ALIAS_GENL_FAMILY(OWNROUTE_GENL_NAME);
