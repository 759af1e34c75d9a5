// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family.  No packet work.
 *
 * Kernels before 6.2 have no split ops, so requests are struct genl_ops with a
 * policy each.  Where there is none, the core takes no attribute.
 */
#include <linux/module.h>
#include <linux/ownroute.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "events.h"
#include "netlink.h"
#include "requests.h"

static const struct nla_policy own_policy_id[OWNROUTE_A_MAX + 1] = {
	[OWNROUTE_A_ID]		= { .type = NLA_U32 },
};

/* Lengths are looked at where there are better words for what is wrong. */
static const struct nla_policy own_policy_mapping[OWNROUTE_A_MAX + 1] = {
	[OWNROUTE_A_MAPPING]	= { .type = NLA_BINARY },
	[OWNROUTE_A_COMMENT]	= { .type = NLA_NUL_STRING },
	[OWNROUTE_A_USERDATA]	= { .type = NLA_BINARY },
	[OWNROUTE_A_DEVICE]	= { .type = NLA_NUL_STRING },
	[OWNROUTE_A_NAT]	= { .type = NLA_BINARY },
};

static const struct nla_policy own_policy_limit[OWNROUTE_A_MAX + 1] = {
	[OWNROUTE_A_INFO]	= { .type = NLA_BINARY },
};

static const struct nla_policy own_policy_owner[OWNROUTE_A_MAX + 1] = {
	[OWNROUTE_A_OWNER]	= { .type = NLA_BINARY },
	[OWNROUTE_A_GROUPS]	= { .type = NLA_BINARY },
};

static const struct genl_ops own_genl_ops[] = {
	{
		.cmd		= OWNROUTE_CMD_INFO_GET,
		.flags		= GENL_UNS_ADMIN_PERM,
		.doit		= own_nl_info_get_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_MAPPING_NEW,
		.flags		= GENL_UNS_ADMIN_PERM,
		.policy		= own_policy_mapping,
		.maxattr	= OWNROUTE_A_MAX,
		.doit		= own_nl_mapping_new_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_MAPPING_SET,
		.flags		= GENL_UNS_ADMIN_PERM,
		.policy		= own_policy_mapping,
		.maxattr	= OWNROUTE_A_MAX,
		.doit		= own_nl_mapping_set_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_MAPPING_DEL,
		.flags		= GENL_UNS_ADMIN_PERM,
		.policy		= own_policy_id,
		.maxattr	= OWNROUTE_A_MAX,
		.doit		= own_nl_mapping_del_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_MAPPING_GET,
		.flags		= GENL_UNS_ADMIN_PERM,
		.policy		= own_policy_id,
		.maxattr	= OWNROUTE_A_MAX,
		.doit		= own_nl_mapping_get_doit,
		.dumpit		= own_nl_mapping_get_dumpit,
	},
	{
		.cmd		= OWNROUTE_CMD_FLUSH,
		.flags		= GENL_UNS_ADMIN_PERM,
		.doit		= own_nl_flush_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_BEGIN,
		.flags		= GENL_UNS_ADMIN_PERM,
		.doit		= own_nl_begin_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_COMMIT,
		.flags		= GENL_UNS_ADMIN_PERM,
		.doit		= own_nl_commit_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_ABORT,
		.flags		= GENL_UNS_ADMIN_PERM,
		.doit		= own_nl_abort_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_LIMIT_SET,
		.flags		= GENL_UNS_ADMIN_PERM,
		.policy		= own_policy_limit,
		.maxattr	= OWNROUTE_A_MAX,
		.doit		= own_nl_limit_set_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_STATS_GET,
		.flags		= GENL_UNS_ADMIN_PERM,
		.doit		= own_nl_stats_get_doit,
	},
	{
		.cmd		= OWNROUTE_CMD_LOOKUP,
		.flags		= GENL_UNS_ADMIN_PERM,
		.policy		= own_policy_owner,
		.maxattr	= OWNROUTE_A_MAX,
		.doit		= own_nl_lookup_doit,
	},
};

static const struct genl_multicast_group own_genl_mcgrps[] = {
	[OWN_MCGRP_EVENTS] = {
		.name	= OWNROUTE_MCGRP_EVENTS,
		.flags	= GENL_MCAST_CAP_NET_ADMIN,
	},
};

/* Without .resv_start_op the core is strict about all commands. */
struct genl_family own_genl_family __ro_after_init = {
	.name		= OWNROUTE_GENL_NAME,
	.version	= OWNROUTE_GENL_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,	/* own_net::lock is enough */
	.module		= THIS_MODULE,
	.ops		= own_genl_ops,
	.n_ops		= ARRAY_SIZE(own_genl_ops),
	.mcgrps		= own_genl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(own_genl_mcgrps),
};

/**
 * own_netlink_register() - let userspace in
 *
 * Return: 0 or a negative error.
 */
int __init own_netlink_register(void)
{
	return genl_register_family(&own_genl_family);
}

/**
 * own_netlink_unregister() - no more requests, and none under way afterwards
 */
void own_netlink_unregister(void)
{
	genl_unregister_family(&own_genl_family);
}
