// SPDX-License-Identifier: GPL-2.0-only
/* What a request says of a mapping: read, and checked. */
#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/ownroute.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "connmark.h"
#include "device.h"
#include "helper.h"
#include "mapping.h"
#include "mapping_parse.h"
#include "nat.h"
#include "owner.h"
#include "ustruct.h"

/* What this kernel knows; an older program's header may know less. */
#define OWN_MATCH_KNOWN	(OWNROUTE_MATCH_UID | OWNROUTE_MATCH_GID | \
			 OWNROUTE_MATCH_CGROUP)
#define OWN_FLAGS_KNOWN	(OWNROUTE_FLAG_KERNEL | OWNROUTE_FLAG_SUPPL | \
			 OWNROUTE_FLAG_NOSTAMP | OWNROUTE_FLAG_GUARD | \
			 OWNROUTE_FLAG_CONNMARK | OWNROUTE_FLAG_LAN)
/* ... only if the mapping marks */
#define OWN_FLAGS_OF_MARK (OWNROUTE_FLAG_NOSTAMP | OWNROUTE_FLAG_GUARD | \
			   OWNROUTE_FLAG_CONNMARK | OWNROUTE_FLAG_LAN)

static bool own_uid_exists(struct user_namespace *user_ns, u32 uid)
{
	return uid_valid(make_kuid(user_ns, uid));
}

static bool own_gid_exists(struct user_namespace *user_ns, u32 gid)
{
	return gid_valid(make_kgid(user_ns, gid));
}

/* Both ends must be ones that the namespace's administrator knows. */
static int own_check_range(u32 min, u32 max, const char *kind,
			   bool (*exists)(struct user_namespace *user_ns, u32 id),
			   const struct net *net, const struct nlattr *attr,
			   struct netlink_ext_ack *extack)
{
	u32 ends[] = { min, max };
	u32 i;

	if (min > max) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s range %u-%u is upside down", kind,
					min, max);
		return -EINVAL;
	}
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		if (exists(net->user_ns, ends[i]))
			continue;
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %u doesn't exist in this user namespace",
					kind, ends[i]);
		return -EINVAL;
	}
	return 0;
}

static int own_check_uids(const struct ownroute_mapping *desc,
			  const struct net *net, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	if (desc->match & OWNROUTE_MATCH_UID)
		return own_check_range(desc->uid_min, desc->uid_max, "uid",
				       own_uid_exists, net, attr, extack);
	if (!desc->uid_min && !desc->uid_max)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "uids without OWNROUTE_MATCH_UID");
	return -EINVAL;
}

static int own_check_gids(const struct ownroute_mapping *desc,
			  const struct net *net, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	if (desc->match & OWNROUTE_MATCH_GID)
		return own_check_range(desc->gid_min, desc->gid_max, "gid",
				       own_gid_exists, net, attr, extack);
	if (!desc->gid_min && !desc->gid_max &&
	    !(desc->flags & OWNROUTE_FLAG_SUPPL))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "gids, or OWNROUTE_FLAG_SUPPL, without OWNROUTE_MATCH_GID");
	return -EINVAL;
}

/*
 * It must exist, and be one that the asker can see.  It isn't held: ids are not
 * used again, so that of a cgroup that is gone matches nothing.
 */
static int own_check_cgroup(struct ownroute_mapping *desc, int *level,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	struct cgroup *cgroup;

	if (!(desc->match & OWNROUTE_MATCH_CGROUP)) {
		if (!desc->cgroup)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "cgroup without OWNROUTE_MATCH_CGROUP");
		return -EINVAL;
	}

	cgroup = own_cgroup_get(desc->cgroup);
	if (IS_ERR(cgroup)) {
		own_cgroup_refused(PTR_ERR(cgroup), desc->cgroup, attr, extack);
		return PTR_ERR(cgroup);
	}
	*level = cgroup->level;
	/* On 32 bit an id with generation 0 names it as well. */
	desc->cgroup = cgroup_id(cgroup);
	cgroup_put(cgroup);
	return 0;
}

/* The stamps of all connections: each must be told from the other, and from none. */
static int own_check_inbound(const struct ownroute_mapping *desc,
			     const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	if (!desc->inbound)
		return 0;
	if (desc->inbound & ~desc->mask) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"inbound 0x%x has bits outside mask 0x%x",
					desc->inbound, desc->mask);
		return -EINVAL;
	}
	if (!desc->mark || desc->inbound == desc->mark) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "inbound needs a mark, not 0, that it differs from");
		return -EINVAL;
	}
	if (desc->flags & OWNROUTE_FLAG_NOSTAMP) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "inbound with OWNROUTE_FLAG_NOSTAMP: sockets remember by their stamps who has called");
		return -EINVAL;
	}
	return 0;
}

static int own_check_action(const struct ownroute_mapping *desc,
			    const struct nlattr *attr,
			    struct netlink_ext_ack *extack)
{
	switch (desc->action) {
	case OWNROUTE_ACTION_MARK:
		break;
	case OWNROUTE_ACTION_BYPASS:
	case OWNROUTE_ACTION_BLOCK:
		if (!desc->mark && !desc->mask && !desc->inbound &&
		    !(desc->flags & OWN_FLAGS_OF_MARK))
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "mark, mask, inbound, OWNROUTE_FLAG_NOSTAMP, _GUARD, _CONNMARK or _LAN with an action that doesn't mark");
		return -EINVAL;
	default:
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
	return own_check_inbound(desc, attr, extack);
}

static int own_check_connmark(const struct ownroute_mapping *desc,
			      const struct nlattr *attr,
			      struct netlink_ext_ack *extack)
{
	if (desc->mark || !(desc->flags & OWNROUTE_FLAG_CONNMARK))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "OWNROUTE_FLAG_CONNMARK with mark 0, which can't be told from none");
	return -EINVAL;
}

static int own_check_mapping(struct ownroute_mapping *desc,
			     const struct net *net, int *cgroup_level,
			     const struct nlattr *attr,
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
	if (desc->reserved) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "reserved is not 0");
		return -EINVAL;
	}
	if (!desc->match) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "match: at least one selector is needed");
		return -EINVAL;
	}
	return own_check_action(desc, attr, extack) ?:
	       own_check_uids(desc, net, attr, extack) ?:
	       own_check_gids(desc, net, attr, extack) ?:
	       own_check_cgroup(desc, cgroup_level, attr, extack) ?:
	       own_check_connmark(desc, attr, extack);
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

/* It need not exist. */
static int own_check_device(const struct nlattr *attr,
			    const struct ownroute_mapping *desc,
			    const struct nlattr *mapping_attr,
			    struct netlink_ext_ack *extack)
{
	if (!attr) {
		if (!(desc->flags & OWNROUTE_FLAG_GUARD))
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, mapping_attr,
				    "OWNROUTE_FLAG_GUARD without OWNROUTE_A_DEVICE: say which device");
		return -EINVAL;
	}
	if (desc->action != OWNROUTE_ACTION_MARK) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "device with an action that doesn't mark");
		return -EINVAL;
	}
	/* The policy has seen that there is a NUL. */
	if (strlen(nla_data(attr)) + 1 != nla_len(attr) ||
	    !dev_valid_name(nla_data(attr))) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"device: a name of 1 to %u bytes will do",
					IFNAMSIZ - 1);
		return -EINVAL;
	}
	return 0;
}

/* Last: a module isn't loaded for what will be refused. */
static int own_load_helpers(const struct ownroute_mapping *desc,
			    const struct nlattr *attr, const struct nlattr *nat,
			    struct netlink_ext_ack *extack)
{
	int err = 0;

	if (nat)
		err = own_helper_load(&own_nat_helper, nat, extack);
	if (!err && (nat || desc->flags & OWNROUTE_FLAG_CONNMARK))
		err = own_helper_load(&own_connmark_helper, attr, extack);
	return err;
}

/**
 * own_mapping_parse() - read the mapping that a request describes
 * @info: the request
 *
 * Return: the mapping, without counters, the caller's to free; or a negative error,
 * with the reason in the request's extack.
 */
struct own_mapping *own_mapping_parse(struct genl_info *info)
{
	const struct nlattr *userdata = info->attrs[OWNROUTE_A_USERDATA];
	const struct nlattr *comment = info->attrs[OWNROUTE_A_COMMENT];
	const struct nlattr *device = info->attrs[OWNROUTE_A_DEVICE];
	const struct nlattr *attr = info->attrs[OWNROUTE_A_MAPPING];
	const struct nlattr *nat_attr = info->attrs[OWNROUTE_A_NAT];
	struct netlink_ext_ack *extack = info->extack;
	struct ownroute_mapping desc;
	struct ownroute_nat nat;
	struct own_mapping *mapping;
	int cgroup_level = 0;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, OWNROUTE_A_MAPPING)) {
		NL_SET_ERR_MSG(extack, "a mapping is needed");
		return ERR_PTR(-EINVAL);
	}

	err = own_ustruct_get(attr, &desc, sizeof(desc),
			      OWNROUTE_MAPPING_SIZE_VER0, extack);
	if (err)
		return ERR_PTR(err);
	err = own_check_mapping(&desc, genl_info_net(info), &cgroup_level, attr,
				extack);
	if (err)
		return ERR_PTR(err);
	err = own_check_comment(comment, extack);
	if (err)
		return ERR_PTR(err);
	err = own_check_userdata(userdata, extack);
	if (err)
		return ERR_PTR(err);
	err = own_check_device(device, &desc, attr, extack);
	if (err)
		return ERR_PTR(err);
	if (nat_attr) {
		err = own_nat_parse(&nat, nat_attr, &desc, device, extack);
		if (err)
			return ERR_PTR(err);
	}
	err = own_load_helpers(&desc, attr, nat_attr, extack);
	if (err)
		return ERR_PTR(err);

	mapping = own_mapping_alloc(&desc, cgroup_level,
				    comment ? nla_data(comment) : NULL,
				    userdata ? nla_data(userdata) : NULL,
				    userdata ? nla_len(userdata) : 0);
	if (!mapping)
		goto err_nomem;
	if (device) {
		mapping->device = own_device_get(genl_info_net(info),
						 nla_data(device));
		if (!mapping->device)
			goto err_free;
		mapping->tunnel = own_device_may_mislead(mapping->device);
	}
	if (nat_attr) {
		mapping->nat = kmemdup(&nat, sizeof(nat), GFP_KERNEL_ACCOUNT);
		if (!mapping->nat)
			goto err_free;
	}
	return mapping;

err_free:
	own_mapping_free(mapping);
err_nomem:
	NL_SET_ERR_MSG(extack, "no memory for the mapping");
	return ERR_PTR(-ENOMEM);
}
