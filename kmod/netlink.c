// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family: parse, validate, answer, tell listeners.  No packet
 * work.
 *
 * Kernels before 6.2 have no split ops, so requests are struct genl_ops with a
 * policy each.  Where there is none, the core takes no attribute.
 */
#include <linux/audit.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/ownroute.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "index.h"
#include "mapping.h"
#include "net.h"
#include "netlink.h"
#include "ustruct.h"

enum own_mcgrp {
	OWN_MCGRP_EVENTS,
};

/* What this kernel knows; an older program's header may know less. */
#define OWN_MATCH_KNOWN	OWNROUTE_MATCH_UID
#define OWN_FLAGS_KNOWN	0

static_assert(sizeof(struct ownroute_mapping) == OWNROUTE_MAPPING_SIZE_VER0);
static_assert(sizeof(struct ownroute_stats) == OWNROUTE_STATS_SIZE_VER0);
static_assert(sizeof(struct ownroute_info) == OWNROUTE_INFO_SIZE_VER0);

static struct genl_family own_genl_family;

static const struct nla_policy own_policy_id[OWNROUTE_A_MAX + 1] = {
	[OWNROUTE_A_ID]		= { .type = NLA_U32 },
};

/* Lengths are looked at where there are better words for what is wrong. */
static const struct nla_policy own_policy_mapping[OWNROUTE_A_MAX + 1] = {
	[OWNROUTE_A_MAPPING]	= { .type = NLA_BINARY },
	[OWNROUTE_A_COMMENT]	= { .type = NLA_NUL_STRING },
	[OWNROUTE_A_USERDATA]	= { .type = NLA_BINARY },
};

/* Answers and notifications */

static size_t own_mapping_msg_size(const struct own_mapping *mapping)
{
	size_t size = nla_total_size(sizeof(struct ownroute_mapping)) +
		      nla_total_size(sizeof(struct ownroute_stats));

	if (mapping->comment)
		size += nla_total_size(strlen(mapping->comment) + 1);
	if (mapping->userdata)
		size += nla_total_size(mapping->userdata_len);
	return size;
}

static int own_put_mapping(struct sk_buff *skb,
			   const struct own_mapping *mapping)
{
	struct ownroute_stats stats;

	own_mapping_stats(mapping, &stats);
	if (nla_put(skb, OWNROUTE_A_MAPPING, sizeof(mapping->desc),
		    &mapping->desc) ||
	    nla_put(skb, OWNROUTE_A_STATS, sizeof(stats), &stats))
		return -EMSGSIZE;
	if (mapping->comment &&
	    nla_put_string(skb, OWNROUTE_A_COMMENT, mapping->comment))
		return -EMSGSIZE;
	if (mapping->userdata &&
	    nla_put(skb, OWNROUTE_A_USERDATA, mapping->userdata_len,
		    mapping->userdata))
		return -EMSGSIZE;
	return 0;
}

static int own_put_info(struct sk_buff *skb, struct own_net *on)
{
	struct ownroute_info info = {
		.size		= sizeof(info),
		.mappings	= own_mappings_count(on),
		.generation	= on->generation,
	};

	return nla_put(skb, OWNROUTE_A_INFO, sizeof(info), &info);
}

static struct sk_buff *own_reply_alloc(const struct genl_info *info,
				       size_t size)
{
	struct sk_buff *reply = genlmsg_new(size, GFP_KERNEL);

	if (!reply)
		NL_SET_ERR_MSG(info->extack, "no memory for the answer");
	return reply;
}

/* @reply has the size for @mapping.  It is gone afterwards. */
static int own_reply_mapping(struct sk_buff *reply, struct genl_info *info,
			     u8 cmd, const struct own_mapping *mapping)
{
	void *hdr = genlmsg_put_reply(reply, info, &own_genl_family, 0, cmd);

	if (WARN_ON_ONCE(!hdr || own_put_mapping(reply, mapping))) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

static void own_notify(struct net *net, struct sk_buff *skb, void *hdr)
{
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&own_genl_family, net, skb, 0, OWN_MCGRP_EVENTS,
				GFP_KERNEL);
}

/* The listener reads ENOBUFS and knows that it has to ask for everything. */
static void own_notify_lost(struct net *net, struct sk_buff *skb)
{
	nlmsg_free(skb);
	genl_set_err(&own_genl_family, net, 0, OWN_MCGRP_EVENTS, -ENOBUFS);
}

static void own_notify_mapping(struct own_net *on, u8 cmd,
			       const struct own_mapping *mapping)
{
	struct sk_buff *skb;
	void *hdr;

	if (!genl_has_listeners(&own_genl_family, on->net, OWN_MCGRP_EVENTS))
		return;

	skb = genlmsg_new(own_mapping_msg_size(mapping), GFP_KERNEL);
	if (!skb)
		return own_notify_lost(on->net, NULL);
	hdr = genlmsg_put(skb, 0, 0, &own_genl_family, 0, cmd);
	if (!hdr || own_put_mapping(skb, mapping))
		return own_notify_lost(on->net, skb);
	own_notify(on->net, skb, hdr);
}

static void own_notify_flush(struct own_net *on)
{
	struct sk_buff *skb;
	void *hdr;

	if (!genl_has_listeners(&own_genl_family, on->net, OWN_MCGRP_EVENTS))
		return;

	skb = genlmsg_new(nla_total_size(sizeof(struct ownroute_info)),
			  GFP_KERNEL);
	if (!skb)
		return own_notify_lost(on->net, NULL);
	hdr = genlmsg_put(skb, 0, 0, &own_genl_family, 0,
			  OWNROUTE_CMD_FLUSH_NTF);
	if (!hdr || own_put_info(skb, on))
		return own_notify_lost(on->net, skb);
	own_notify(on->net, skb, hdr);
}

/* Recorded like any other change of netfilter's configuration. */
static void own_audit(enum audit_nfcfgop op, u32 count)
{
	audit_log_nfcfg(OWNROUTE_GENL_NAME, NFPROTO_INET, count, op,
			GFP_KERNEL);
}

/* Requests */

/* Both ends must be users that the namespace's administrator knows. */
static int own_check_uids(const struct ownroute_mapping *desc,
			  const struct net *net, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	if (desc->uid_min > desc->uid_max) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"uid range %u-%u is upside down",
					desc->uid_min, desc->uid_max);
		return -EINVAL;
	}
	if (!uid_valid(make_kuid(net->user_ns, desc->uid_min))) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"uid %u doesn't exist in this user namespace",
					desc->uid_min);
		return -EINVAL;
	}
	if (!uid_valid(make_kuid(net->user_ns, desc->uid_max))) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"uid %u doesn't exist in this user namespace",
					desc->uid_max);
		return -EINVAL;
	}
	return 0;
}

static int own_check_mapping(const struct ownroute_mapping *desc,
			     const struct net *net, const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	if (desc->flags & ~OWN_FLAGS_KNOWN) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "unknown flags 0x%x",
					desc->flags & ~OWN_FLAGS_KNOWN);
		return -EINVAL;
	}
	if (desc->match & ~OWN_MATCH_KNOWN) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "unknown match bits 0x%x",
					desc->match & ~OWN_MATCH_KNOWN);
		return -EINVAL;
	}
	if (!desc->match) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "match: at least one selector is needed");
		return -EINVAL;
	}
	if (desc->action != OWNROUTE_ACTION_MARK) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "unknown action %u",
					desc->action);
		return -EINVAL;
	}
	if (!desc->mask) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "mask is 0: nothing to mark");
		return -EINVAL;
	}
	if (desc->mark & ~desc->mask) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"mark 0x%x has bits outside mask 0x%x",
					desc->mark, desc->mask);
		return -EINVAL;
	}
	return own_check_uids(desc, net, attr, extack);
}

static int own_check_comment(const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	size_t len;

	if (!attr)
		return 0;

	len = strnlen(nla_data(attr), nla_len(attr));
	if (len > OWNROUTE_COMMENT_MAX) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"comment is longer than %u bytes",
					OWNROUTE_COMMENT_MAX);
		return -EINVAL;
	}
	if (len + 1 != nla_len(attr)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "comment goes on after its end");
		return -EINVAL;
	}
	return 0;
}

static int own_check_userdata(const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	if (attr && (!nla_len(attr) || nla_len(attr) > OWNROUTE_USERDATA_MAX)) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"userdata has %u bytes, 1 to %u will do",
					nla_len(attr), OWNROUTE_USERDATA_MAX);
		return -EINVAL;
	}
	return 0;
}

/* Reads the mapping that a request describes; it is the caller's to free. */
static struct own_mapping *own_mapping_parse(struct genl_info *info)
{
	const struct nlattr *userdata = info->attrs[OWNROUTE_A_USERDATA];
	const struct nlattr *comment = info->attrs[OWNROUTE_A_COMMENT];
	const struct nlattr *attr = info->attrs[OWNROUTE_A_MAPPING];
	struct netlink_ext_ack *extack = info->extack;
	struct ownroute_mapping desc;
	struct own_mapping *mapping;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, OWNROUTE_A_MAPPING)) {
		NL_SET_ERR_MSG(extack, "a mapping is needed");
		return ERR_PTR(-EINVAL);
	}

	err = own_ustruct_get(attr, &desc, sizeof(desc),
			      OWNROUTE_MAPPING_SIZE_VER0, extack);
	if (err)
		return ERR_PTR(err);
	err = own_check_mapping(&desc, genl_info_net(info), attr, extack);
	if (err)
		return ERR_PTR(err);
	err = own_check_comment(comment, extack);
	if (err)
		return ERR_PTR(err);
	err = own_check_userdata(userdata, extack);
	if (err)
		return ERR_PTR(err);

	mapping = own_mapping_alloc(&desc, comment ? nla_data(comment) : NULL,
				    userdata ? nla_data(userdata) : NULL,
				    userdata ? nla_len(userdata) : 0);
	if (!mapping) {
		NL_SET_ERR_MSG(extack, "no memory for the mapping");
		return ERR_PTR(-ENOMEM);
	}
	return mapping;
}

/* The mapping that %OWNROUTE_A_ID names. */
static struct own_mapping *own_mapping_named(struct own_net *on,
					     struct genl_info *info)
{
	struct own_mapping *mapping;

	if (GENL_REQ_ATTR_CHECK(info, OWNROUTE_A_ID)) {
		NL_SET_ERR_MSG(info->extack, "the id of a mapping is needed");
		return ERR_PTR(-EINVAL);
	}

	mapping = own_mappings_get(on, nla_get_u32(info->attrs[OWNROUTE_A_ID]));
	if (!mapping) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[OWNROUTE_A_ID],
				    "no mapping has this id");
		return ERR_PTR(-ENOENT);
	}
	return mapping;
}

/* An id that is taken or missing stands in the mapping that was sent. */
static void own_blame_id(struct genl_info *info, int err)
{
	if (err == -EEXIST || err == -ENOENT)
		NL_SET_BAD_ATTR(info->extack, info->attrs[OWNROUTE_A_MAPPING]);
}

static int own_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = own_reply_alloc(info,
				nla_total_size(sizeof(struct ownroute_info)));
	if (!reply)
		return -ENOMEM;
	hdr = genlmsg_put_reply(reply, info, &own_genl_family, 0,
				OWNROUTE_CMD_INFO_GET);

	mutex_lock(&on->lock);
	err = hdr ? own_put_info(reply, on) : -EMSGSIZE;
	mutex_unlock(&on->lock);
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(reply);
		return err;
	}

	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

/* The answer has its memory before the change: it must not fail after it. */
static int own_nl_mapping_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_mapping *mapping;
	struct sk_buff *reply;
	int err;

	mapping = own_mapping_parse(info);
	if (IS_ERR(mapping))
		return PTR_ERR(mapping);

	reply = own_reply_alloc(info, own_mapping_msg_size(mapping));
	if (!reply) {
		err = -ENOMEM;
		goto err_mapping;
	}

	mutex_lock(&on->lock);
	err = own_mappings_new(on, mapping, info->extack);
	if (err) {
		own_blame_id(info, err);
		goto err_unlock;
	}
	own_reply_mapping(reply, info, OWNROUTE_CMD_MAPPING_NEW, mapping);
	own_notify_mapping(on, OWNROUTE_CMD_MAPPING_NEW_NTF, mapping);
	own_audit(AUDIT_XT_OP_REGISTER, 1);
	mutex_unlock(&on->lock);
	return 0;

err_unlock:
	mutex_unlock(&on->lock);
	nlmsg_free(reply);
err_mapping:
	own_mapping_free(mapping);
	return err;
}

static int own_nl_mapping_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_mapping *mapping;
	int err;

	mapping = own_mapping_parse(info);
	if (IS_ERR(mapping))
		return PTR_ERR(mapping);

	mutex_lock(&on->lock);
	err = own_mappings_set(on, mapping, info->extack);
	if (!err) {
		own_notify_mapping(on, OWNROUTE_CMD_MAPPING_SET_NTF, mapping);
		own_audit(AUDIT_XT_OP_REPLACE, 1);
	} else {
		own_blame_id(info, err);
	}
	mutex_unlock(&on->lock);

	if (err)
		own_mapping_free(mapping);
	return err;
}

static int own_nl_mapping_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_mapping *mapping;
	int err;

	mutex_lock(&on->lock);
	mapping = own_mapping_named(on, info);
	if (IS_ERR(mapping)) {
		err = PTR_ERR(mapping);
		goto out;
	}

	err = own_mappings_del(on, mapping, info->extack);
	if (err)
		goto out;
	own_notify_mapping(on, OWNROUTE_CMD_MAPPING_DEL_NTF, mapping);
	own_audit(AUDIT_XT_OP_UNREGISTER, 1);
	own_mapping_retire(mapping);
out:
	mutex_unlock(&on->lock);
	return err;
}

static int own_nl_mapping_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	const struct own_mapping *mapping;
	struct sk_buff *reply;
	int err;

	mutex_lock(&on->lock);
	mapping = own_mapping_named(on, info);
	if (IS_ERR(mapping)) {
		err = PTR_ERR(mapping);
		goto out;
	}

	reply = own_reply_alloc(info, own_mapping_msg_size(mapping));
	if (!reply) {
		err = -ENOMEM;
		goto out;
	}
	err = own_reply_mapping(reply, info, OWNROUTE_CMD_MAPPING_GET, mapping);
out:
	mutex_unlock(&on->lock);
	return err;
}

/* Where a dump goes on: behind the mapping that it showed last. */
struct own_dump_cursor {
	bool	started;
	u32	priority;
	u32	id;
};

static int own_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			const struct own_mapping *mapping)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &own_genl_family, NLM_F_MULTI,
			  OWNROUTE_CMD_MAPPING_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (own_put_mapping(skb, mapping)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return 0;
}

static int own_nl_mapping_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb)
{
	struct own_dump_cursor *cursor = (struct own_dump_cursor *)cb->ctx;
	struct nlattr *id = genl_info_dump(cb)->attrs[OWNROUTE_A_ID];
	struct own_net *on = own_net(sock_net(skb->sk));
	const struct own_index *index;
	int err = 0;
	u32 i = 0;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));

	/* Not in ->start, which can't say why before 6.2. */
	if (id) {
		NL_SET_ERR_MSG_ATTR(cb->extack, id,
				    "a dump shows all mappings: ask for one without NLM_F_DUMP");
		return -EINVAL;
	}

	mutex_lock(&on->lock);
	index = own_index_of(on);
	/* 0 would mean that nobody watches for changes. */
	cb->seq = lower_32_bits(on->generation) ?: 1;

	if (cursor->started)
		i = own_index_after(index, cursor->priority, cursor->id);
	for (; index && i < index->count; i++) {
		const struct own_mapping *mapping = index->entry[i].mapping;

		/* Full: the core calls again with an empty one. */
		err = own_dump_one(skb, cb, mapping);
		if (err)
			break;
		cursor->started = true;
		cursor->priority = mapping->desc.priority;
		cursor->id = mapping->desc.id;
	}
	mutex_unlock(&on->lock);

	return skb->len ?: err;
}

static int own_nl_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	u32 count;

	mutex_lock(&on->lock);
	count = own_mappings_flush(on);
	if (count) {
		own_notify_flush(on);
		own_audit(AUDIT_XT_OP_UNREGISTER, count);
	}
	mutex_unlock(&on->lock);
	return 0;
}

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
};

static const struct genl_multicast_group own_genl_mcgrps[] = {
	[OWN_MCGRP_EVENTS] = {
		.name	= OWNROUTE_MCGRP_EVENTS,
		.flags	= GENL_MCAST_CAP_NET_ADMIN,
	},
};

/* Without .resv_start_op the core is strict about all commands. */
static struct genl_family own_genl_family __ro_after_init = {
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
