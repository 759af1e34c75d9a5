// SPDX-License-Identifier: GPL-2.0-only
/* Requests about the namespace as a whole. */
#include <linux/ownroute.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "message.h"
#include "net.h"
#include "reply.h"
#include "requests.h"
#include "ustruct.h"

int own_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = own_reply_new(info,
			      nla_total_size(sizeof(struct ownroute_info)),
			      OWNROUTE_CMD_INFO_GET, &hdr);
	if (!reply)
		return own_done(on, -ENOMEM);

	mutex_lock(&on->lock);
	err = own_put_info(reply, on);
	mutex_unlock(&on->lock);
	return own_done(on, own_reply_send(reply, info, hdr, err));
}

int own_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct sk_buff *reply;
	void *hdr;

	reply = own_reply_new(info,
			      nla_total_size(sizeof(struct ownroute_net_stats)),
			      OWNROUTE_CMD_STATS_GET, &hdr);
	if (!reply)
		return own_done(on, -ENOMEM);
	return own_done(on, own_reply_send(reply, info, hdr,
					   own_put_net_stats(reply, on)));
}

int own_nl_limit_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct nlattr *attr = info->attrs[OWNROUTE_A_INFO];
	struct ownroute_info wanted;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, OWNROUTE_A_INFO)) {
		NL_SET_ERR_MSG(info->extack, "a limit is needed");
		return own_done(on, -EINVAL);
	}
	err = own_ustruct_get(attr, &wanted, sizeof(wanted),
			      OWNROUTE_INFO_SIZE_VER0, info->extack);
	if (err)
		return own_done(on, err);
	if (wanted.mappings || wanted.features || wanted.generation ||
	    wanted.reserved) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "nothing but the limit can be set");
		return own_done(on, -EINVAL);
	}
	if (!wanted.limit || wanted.limit > OWNROUTE_LIMIT_MAX) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, attr,
					"limit %u: 1 to %u will do",
					wanted.limit, OWNROUTE_LIMIT_MAX);
		return own_done(on, -EINVAL);
	}

	mutex_lock(&on->lock);
	on->limit = wanted.limit;
	mutex_unlock(&on->lock);
	return 0;
}

