// SPDX-License-Identifier: GPL-2.0-only
/* The request that asks which mapping an owner meets. */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/ownroute.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "index.h"
#include "message.h"
#include "net.h"
#include "owner.h"
#include "reply.h"
#include "requests.h"
#include "ustruct.h"

/* Groups that the namespace has no number for match nothing, so leave them out. */
static int own_parse_groups(struct own_owner *owner, const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	u32 count = attr ? nla_len(attr) / sizeof(u32) : 0;
	const u32 *gids = attr ? nla_data(attr) : NULL;
	u32 i;

	if (attr && (!count || count > OWNROUTE_GROUPS_MAX ||
		     nla_len(attr) % sizeof(u32))) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"groups: 1 to %u numbers of 4 bytes will do",
					OWNROUTE_GROUPS_MAX);
		return -EINVAL;
	}
	if (!count)
		return 0;

	owner->groups = groups_alloc(count);
	if (!owner->groups) {
		NL_SET_ERR_MSG(extack, "no memory for the groups");
		return -ENOMEM;
	}
	for (i = 0; i < count; i++)
		owner->groups->gid[i] = make_kgid(owner->ns, gids[i]);
	return 0;
}

int own_nl_lookup_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct own_net *on = own_net(genl_info_net(info));
	struct nlattr *attr = info->attrs[OWNROUTE_A_OWNER];
	struct own_owner owner = {
		.ns		= genl_info_net(info)->user_ns,
		.gid_known	= true,
	};
	const struct own_mapping *mapping = NULL;
	struct ownroute_owner asked;
	const struct own_set *set;
	struct sk_buff *reply;
	void *hdr;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, OWNROUTE_A_OWNER)) {
		NL_SET_ERR_MSG(info->extack, "an owner is needed");
		return own_done(on, -EINVAL);
	}
	err = own_ustruct_get(attr, &asked, sizeof(asked),
			      OWNROUTE_OWNER_SIZE_VER0, info->extack);
	if (err)
		return own_done(on, err);
	if (asked.flags & ~OWNROUTE_FLAG_KERNEL) {
		NL_SET_ERR_MSG_ATTR_FMT(info->extack, attr, "unknown flags 0x%x",
					asked.flags & ~OWNROUTE_FLAG_KERNEL);
		return own_done(on, -EINVAL);
	}
	err = own_parse_groups(&owner, info->attrs[OWNROUTE_A_GROUPS],
			       info->extack);
	if (err)
		return own_done(on, err);

	owner.uid = asked.uid;
	owner.gid = asked.gid;
	owner.kernel = asked.flags & OWNROUTE_FLAG_KERNEL;
	if (asked.cgroup) {
		owner.cgroup = own_cgroup_get(asked.cgroup);
		if (IS_ERR(owner.cgroup)) {
			err = PTR_ERR(owner.cgroup);
			owner.cgroup = NULL;
			own_cgroup_refused(err, asked.cgroup, attr,
					   info->extack);
			goto out;
		}
	}

	mutex_lock(&on->lock);
	set = own_set_of(on);
	mapping = set ? own_set_lookup(set, &owner) : NULL;
	if (mapping) {
		reply = own_reply_new(info, own_mapping_msg_size(mapping),
				      OWNROUTE_CMD_LOOKUP, &hdr);
		err = reply ? own_reply_send(reply, info, hdr,
					     own_put_mapping(reply, mapping)) :
			      -ENOMEM;
	}
	mutex_unlock(&on->lock);
out:
	if (owner.cgroup)
		cgroup_put(owner.cgroup);
	if (owner.groups)
		groups_free(owner.groups);
	if (err || mapping)
		return own_done(on, err);

	/* An answer, not a refusal: don't count it. */
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "no mapping matches this owner");
	return -ENOENT;
}

