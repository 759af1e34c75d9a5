// SPDX-License-Identifier: GPL-2.0-only
/* Requests that change or show mappings. */
#include <linux/err.h>
#include <linux/netlink.h>
#include <linux/ownroute.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "audit.h"
#include "change.h"
#include "events.h"
#include "index.h"
#include "mapping.h"
#include "mapping_parse.h"
#include "message.h"
#include "net.h"
#include "netlink.h"
#include "reply.h"
#include "requests.h"
#include "transaction.h"

/* An id that is taken or missing stands in the mapping that was sent. */
static void own_blame_id(struct genl_info *info, int err)
{
	if (err == -EEXIST || err == -ENOENT)
		NL_SET_BAD_ATTR(info->extack, info->attrs[OWNROUTE_A_MAPPING]);
}

/* A change that was refused when it came must not be missing in the commit. */
static void own_spoil(struct own_net *on, const struct sk_buff *skb)
{
	struct own_transaction *transaction;

	mutex_lock(&on->lock);
	transaction = own_transaction_of(on, NETLINK_CB(skb).sk);
	if (transaction)
		transaction->spoiled = true;
	mutex_unlock(&on->lock);
}

/* For the commit.  What @change points at is no longer the caller's. */
static int own_keep(struct own_net *on, struct own_transaction *transaction,
		    struct own_change *change, struct genl_info *info)
{
	int err;

	err = own_transaction_keep(on, transaction, change, info->extack);
	if (!err)
		return 0;
	/* There may be many more of them behind this one. */
	if (err == -ENOSPC && !transaction->spoiled)
		own_event_send_info(on, OWNROUTE_CMD_LIMIT_NTF);
	transaction->spoiled = true;
	own_change_drop(change);
	return err;
}

/* At once.  What @change points at is no longer the caller's. */
static int own_make(struct own_net *on, struct own_change *change,
		    struct genl_info *info)
{
	LIST_HEAD(changes);
	int err;

	list_add(&change->list, &changes);
	err = own_changes_make(on, &changes, info->extack);
	if (err)
		own_change_drop(change);
	if (err == -ENOSPC)
		own_event_send_info(on, OWNROUTE_CMD_LIMIT_NTF);
	return err;
}

/* The answer has its memory before the change: it must not fail after it. */
static int own_make_new(struct own_net *on, struct own_change *change,
			struct genl_info *info)
{
	struct own_mapping *mapping = change->mapping;
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = own_reply_new(info, own_mapping_msg_size(mapping),
			      OWNROUTE_CMD_MAPPING_NEW, &hdr);
	if (!reply) {
		own_change_drop(change);
		return -ENOMEM;
	}

	err = own_make(on, change, info);
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	own_event_send_mapping(on, OWNROUTE_CMD_MAPPING_NEW_NTF, mapping);
	own_audit(AUDIT_XT_OP_REGISTER, 1);
	return own_reply_send(reply, info, hdr,
			      own_put_mapping(reply, mapping));
}

static int own_make_set(struct own_net *on, struct own_change *change,
			struct genl_info *info)
{
	const struct own_mapping *mapping = change->mapping;
	int err;

	err = own_make(on, change, info);
	if (err)
		return err;
	own_event_send_mapping(on, OWNROUTE_CMD_MAPPING_SET_NTF, mapping);
	own_audit(AUDIT_XT_OP_REPLACE, 1);
	return 0;
}

static bool own_has_id(struct genl_info *info)
{
	if (!GENL_REQ_ATTR_CHECK(info, OWNROUTE_A_ID))
		return true;
	NL_SET_ERR_MSG(info->extack, "the id of a mapping is needed");
	return false;
}

/* The mapping that %OWNROUTE_A_ID names. */
static struct own_mapping *own_mapping_named(struct own_net *on,
					     struct genl_info *info)
{
	const struct nlattr *id = info->attrs[OWNROUTE_A_ID];
	struct own_mapping *mapping;

	mapping = own_set_get(own_set_of(on), nla_get_u32(id));
	if (!mapping) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, id,
					"no mapping has id %u", nla_get_u32(id));
		return ERR_PTR(-ENOENT);
	}
	return mapping;
}

/* The notification is built while the mapping is there. */
static int own_make_del(struct own_net *on, struct own_change *change,
			struct genl_info *info)
{
	const struct own_mapping *mapping;
	struct sk_buff *event;
	int err;

	mapping = own_mapping_named(on, info);
	if (IS_ERR(mapping))
		return PTR_ERR(mapping);

	event = own_event_of_mapping(on, OWNROUTE_CMD_MAPPING_DEL_NTF, mapping);
	err = own_make(on, change, info);
	if (err) {
		nlmsg_free(event);
		return err;
	}
	own_event_send(on, event);
	own_audit(AUDIT_XT_OP_UNREGISTER, 1);
	return 0;
}

typedef int (*own_maker)(struct own_net *on, struct own_change *change,
			 struct genl_info *info);

/*
 * A change: kept if the socket that asks has begun a transaction, else made at once.
 * What @change points at is no longer the caller's.
 */
static int own_keep_or_make(struct sk_buff *skb, struct genl_info *info,
			    struct own_change *change, own_maker make)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_transaction *transaction;
	int err;

	mutex_lock(&on->lock);
	transaction = own_transaction_of(on, NETLINK_CB(skb).sk);
	err = transaction ? own_keep(on, transaction, change, info) :
			    make(on, change, info);
	mutex_unlock(&on->lock);
	return err;
}

int own_nl_mapping_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_change change = { .op = OWN_CHANGE_NEW };
	int err;

	change.mapping = own_mapping_parse(info);
	if (IS_ERR(change.mapping)) {
		own_spoil(on, skb);
		return own_done(on, PTR_ERR(change.mapping));
	}
	err = own_mapping_alloc_counters(change.mapping);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "no memory for the counters");
		own_change_drop(&change);
		own_spoil(on, skb);
		return own_done(on, err);
	}

	err = own_keep_or_make(skb, info, &change, own_make_new);
	own_blame_id(info, err);
	return own_done(on, err);
}

int own_nl_mapping_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_change change = { .op = OWN_CHANGE_SET };
	int err;

	change.mapping = own_mapping_parse(info);
	if (IS_ERR(change.mapping)) {
		own_spoil(on, skb);
		return own_done(on, PTR_ERR(change.mapping));
	}

	err = own_keep_or_make(skb, info, &change, own_make_set);
	own_blame_id(info, err);
	return own_done(on, err);
}

int own_nl_mapping_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_change change = { .op = OWN_CHANGE_DEL };

	if (!own_has_id(info)) {
		own_spoil(on, skb);
		return own_done(on, -EINVAL);
	}
	change.id = nla_get_u32(info->attrs[OWNROUTE_A_ID]);

	return own_done(on, own_keep_or_make(skb, info, &change, own_make_del));
}

int own_nl_mapping_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	const struct own_mapping *mapping;
	struct sk_buff *reply;
	void *hdr;
	int err;

	if (!own_has_id(info))
		return own_done(on, -EINVAL);

	mutex_lock(&on->lock);
	mapping = own_mapping_named(on, info);
	if (IS_ERR(mapping)) {
		err = PTR_ERR(mapping);
		goto out;
	}

	reply = own_reply_new(info, own_mapping_msg_size(mapping),
			      OWNROUTE_CMD_MAPPING_GET, &hdr);
	err = reply ? own_reply_send(reply, info, hdr,
				     own_put_mapping(reply, mapping)) : -ENOMEM;
out:
	mutex_unlock(&on->lock);
	return own_done(on, err);
}

/* Where a dump goes on: the lowest id that it has not been at. */
struct own_dump_cursor {
	u64	id;
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

int own_nl_mapping_get_dumpit(struct sk_buff *skb,
			      struct netlink_callback *cb)
{
	struct own_dump_cursor *cursor = (struct own_dump_cursor *)cb->ctx;
	struct nlattr *id = genl_info_dump(cb)->attrs[OWNROUTE_A_ID];
	struct own_net *on = own_net(sock_net(skb->sk));
	const struct own_mapping *mapping;
	int err = 0;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));

	/* Not in ->start, which can't say why before 6.2. */
	if (id) {
		NL_SET_ERR_MSG_ATTR(cb->extack, id,
				    "a dump shows all mappings: ask for one without NLM_F_DUMP");
		return -EINVAL;
	}

	mutex_lock(&on->lock);
	/* 0 would mean that nobody watches for changes. */
	cb->seq = lower_32_bits(on->generation) ?: 1;

	while ((mapping = own_set_next(own_set_of(on), cursor->id))) {
		/* Full: the core calls again with an empty one. */
		err = own_dump_one(skb, cb, mapping);
		if (err)
			break;
		cursor->id = (u64)mapping->desc.id + 1;
	}
	mutex_unlock(&on->lock);

	return skb->len ?: err;
}

static int own_make_clear(struct own_net *on, struct own_change *change,
			  struct genl_info *info)
{
	const struct own_set *set = own_set_of(on);
	u32 count = set ? set->count : 0;
	int err;

	if (!count)
		return 0;
	err = own_make(on, change, info);
	if (err)
		return err;
	own_event_send_info(on, OWNROUTE_CMD_FLUSH_NTF);
	own_audit(AUDIT_XT_OP_UNREGISTER, count);
	return 0;
}

int own_nl_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_change change = { .op = OWN_CHANGE_CLEAR };

	return own_done(on, own_keep_or_make(skb, info, &change,
					     own_make_clear));
}
