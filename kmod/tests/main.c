// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what knows nothing of packets and sockets.  They are a module of
 * their own, with objects of its own, so that nothing is exported for them.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "../radix.h"

/* Suites run when this is done, and are over before the module goes. */
static int __init own_tests_init(void)
{
	return own_radix_init();
}

static void __exit own_tests_exit(void)
{
	/* For callbacks that free nodes */
	rcu_barrier();
	own_radix_exit();
}

module_init(own_tests_init);
module_exit(own_tests_exit);

MODULE_DESCRIPTION("KUnit tests of ownroute");
MODULE_LICENSE("GPL");
