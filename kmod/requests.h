/* SPDX-License-Identifier: GPL-2.0-only */
/* What the netlink family does for each command. */
#ifndef _OWN_REQUESTS_H
#define _OWN_REQUESTS_H

struct genl_info;
struct netlink_callback;
struct sk_buff;

int own_nl_mapping_new_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_mapping_set_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_mapping_del_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_mapping_get_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_flush_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_limit_set_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_begin_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_commit_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_abort_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_lookup_doit(struct sk_buff *skb, struct genl_info *info);
int own_nl_mapping_get_dumpit(struct sk_buff *skb,
			      struct netlink_callback *cb);

#endif
