// SPDX-License-Identifier: GPL-2.0-only
/* Requests that begin and end transactions. */
#include <linux/ownroute.h>
#include <net/genetlink.h>

#include "audit.h"
#include "events.h"
#include "net.h"
#include "reply.h"
#include "requests.h"
#include "transaction.h"

int own_nl_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	int err;

	mutex_lock(&on->lock);
	err = own_transaction_begin(on, NETLINK_CB(skb).sk, info->extack);
	mutex_unlock(&on->lock);
	return own_done(on, err);
}

/* The transaction of the socket that asks; the namespace is locked. */
static struct own_transaction *own_transaction_here(struct own_net *on,
						    const struct sk_buff *skb,
						    struct genl_info *info)
{
	struct own_transaction *transaction;

	transaction = own_transaction_of(on, NETLINK_CB(skb).sk);
	if (!transaction)
		NL_SET_ERR_MSG(info->extack,
			       "this socket has begun no transaction");
	return transaction;
}

int own_nl_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_transaction *transaction;
	int err = -ESRCH;
	u32 count;

	mutex_lock(&on->lock);
	transaction = own_transaction_here(on, skb, info);
	if (!transaction)
		goto out;

	count = transaction->count;
	err = own_transaction_commit(on, transaction, info->extack);
	if (err == -ENOSPC)
		own_event_send_info(on, OWNROUTE_CMD_LIMIT_NTF);
	if (!err && count) {
		own_event_send_info(on, OWNROUTE_CMD_REPLACED_NTF);
		own_audit(AUDIT_XT_OP_REPLACE, count);
	}
out:
	mutex_unlock(&on->lock);
	return own_done(on, err);
}

int own_nl_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct own_transaction *transaction;

	mutex_lock(&on->lock);
	transaction = own_transaction_here(on, skb, info);
	if (transaction)
		own_transaction_abort(on, transaction);
	mutex_unlock(&on->lock);
	return own_done(on, transaction ? 0 : -ESRCH);
}
