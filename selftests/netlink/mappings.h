/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The family's commands, each one call, and its objects. */
#ifndef MAPPINGS_H
#define MAPPINGS_H

#include <linux/if.h>
#include <linux/ownroute.h>

#include "genl.h"

/**
 * struct object - what a message of the family carries
 *
 * @cmd: its command
 * @attrs: bit n is set if attribute n is there
 * @mapping: OWNROUTE_A_MAPPING
 * @stats: OWNROUTE_A_STATS
 * @info: OWNROUTE_A_INFO
 * @net_stats: OWNROUTE_A_NET_STATS
 * @comment: OWNROUTE_A_COMMENT
 * @userdata: OWNROUTE_A_USERDATA
 * @userdata_len: how much of it
 * @device: OWNROUTE_A_DEVICE
 * @nat: OWNROUTE_A_NAT
 * @id: OWNROUTE_A_ID
 * @owner: OWNROUTE_A_OWNER
 * @destination: OWNROUTE_A_DESTINATION
 * @destination_len: how much of it
 *
 * What is not there is zero, so that objects can be compared as memory.
 */
struct object {
	__u32			cmd;
	__u32			attrs;
	struct ownroute_mapping	mapping;
	struct ownroute_stats	stats;
	struct ownroute_info	info;
	struct ownroute_net_stats net_stats;
	char			comment[OWNROUTE_COMMENT_MAX + 1];
	__u8			userdata[OWNROUTE_USERDATA_MAX];
	__u32			userdata_len;
	char			device[IFNAMSIZ];
	struct ownroute_nat	nat;
	__u32			id;
	struct ownroute_owner	owner;
	__u8			destination[16];
	__u32			destination_len;
};

#define HAS(object, attr)	(!!((object)->attrs & (1U << (attr))))

/* A sound mapping; named members, given after, change what they name. */
#define MAPPING_INIT(...)						      \
	{								      \
		.size = sizeof(struct ownroute_mapping),		      \
		.priority = 1000,					      \
		.match = OWNROUTE_MATCH_UID,				      \
		.action = OWNROUTE_ACTION_MARK,				      \
		.uid_min = 1001,					      \
		.uid_max = 1001,					      \
		.mark = 0x1111,						      \
		.mask = 0xffffffff,					      \
		__VA_ARGS__						      \
	}
#define MAPPING(...)							      \
	((const struct ownroute_mapping)MAPPING_INIT(__VA_ARGS__))

/* Somebody to ask about; nobody in particular, unless members are named. */
#define OWNER_INIT(...)							      \
	{								      \
		.size = sizeof(struct ownroute_owner),			      \
		.uid = 1001,						      \
		.gid = 2001,						      \
		__VA_ARGS__						      \
	}
#define OWNER(...)							      \
	((const struct ownroute_owner)OWNER_INIT(__VA_ARGS__))

/* More than any snapshot in these tests needs. */
#define SNAPSHOT_MAX	16

/* All that a namespace tells about itself. */
struct snapshot {
	struct ownroute_info	info;
	int			count;
	struct object		mappings[SNAPSHOT_MAX];
};

int ownroute_open(struct genl *genl);
int ownroute_open_at(struct genl *genl, __u32 portid);
int object_read(const struct nlmsghdr *nlh, struct object *object);

int mapping_new(struct genl *genl, const struct ownroute_mapping *mapping,
		struct object *made);
int mapping_new_with(struct genl *genl, const struct object *wanted,
		     struct object *made);
int mapping_set(struct genl *genl, const struct ownroute_mapping *mapping);
int mapping_set_with(struct genl *genl, const struct object *wanted);
int mapping_del(struct genl *genl, __u32 id);
int mapping_get(struct genl *genl, __u32 id, struct object *got);
int mapping_packets(struct genl *genl, __u32 id);
int mapping_dump(struct genl *genl, struct object *got, int max);
int mapping_flush(struct genl *genl);
int info_get(struct genl *genl, struct ownroute_info *info);
int net_stats_get(struct genl *genl, struct ownroute_net_stats *stats);
int limit_set(struct genl *genl, __u32 limit);
int owner_lookup(struct genl *genl, const struct ownroute_owner *owner,
		 const __u32 *groups, int count, struct object *got);

int transaction_begin(struct genl *genl);
int transaction_new(struct genl *genl, const struct ownroute_mapping *mapping);
int transaction_new_with(struct genl *genl, const struct object *wanted);
int transaction_commit(struct genl *genl);
int transaction_abort(struct genl *genl);

int event_next(const struct genl *listener, struct object *event);

int snapshot_take(struct genl *genl, struct snapshot *snapshot);

#endif
