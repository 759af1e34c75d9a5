// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kmod.h>
#include <linux/netlink.h>

#include "helper.h"

/**
 * own_helper_load() - have a helper there
 * @helper: the helper
 * @attr: what needs it
 * @extack: says why not
 *
 * Nothing is locked: this waits for another process.  The reference isn't kept, see
 * own_helper_get().
 *
 * Return: 0 or -EOPNOTSUPP.
 */
int own_helper_load(const struct own_helper *helper, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	if (!try_then_request_module(helper->get(), "%s", helper->name)) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"a module can't be loaded: modprobe %s says why",
					helper->name);
		return -EOPNOTSUPP;
	}
	helper->put();
	return 0;
}

/**
 * own_helper_get() - hold a helper that was loaded
 * @helper: the helper
 * @extack: says why not
 *
 * Return: what its symbol stands for; NULL if it isn't there any more, for -EAGAIN.
 */
const void *own_helper_get(const struct own_helper *helper,
			   struct netlink_ext_ack *extack)
{
	const void *ops = helper->get();

	/* Requests have loaded it; nobody held it while they waited. */
	if (!ops)
		NL_SET_ERR_MSG_ATTR_FMT(extack, NULL,
					"%s was unloaded meanwhile: ask again",
					helper->name);
	return ops;
}
