// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "mappings.h"

/**
 * ownroute_open() - open a socket to the family
 * @genl: gets it
 *
 * Return: 0 or a negative errno.
 */
int ownroute_open(struct genl *genl)
{
	return ownroute_open_at(genl, 0);
}

/**
 * ownroute_open_at() - open a socket to the family that has a certain address
 * @genl: gets it
 * @portid: the address
 *
 * Return: 0 or a negative errno.
 */
int ownroute_open_at(struct genl *genl, __u32 portid)
{
	return genl_open(genl, OWNROUTE_GENL_NAME, OWNROUTE_MCGRP_EVENTS,
			 portid);
}

/*
 * The module is as old as this tree, so its structs have just the size that
 * the header gives them, and begin with it.
 */
static int read_struct(const struct nlattr *attr, void *dst, size_t size)
{
	__u32 said;

	if (genl_attr_len(attr) != size)
		return -EBADMSG;
	memcpy(&said, genl_attr_data(attr), sizeof(said));
	if (said != size)
		return -EBADMSG;
	memcpy(dst, genl_attr_data(attr), size);
	return 0;
}

static int read_string(const struct nlattr *attr, char *dst, size_t size)
{
	const char *payload = genl_attr_data(attr);
	size_t len = genl_attr_len(attr);

	if (!len || len > size || strnlen(payload, len) != len - 1)
		return -EBADMSG;
	memcpy(dst, payload, len);
	return 0;
}

static int read_attr(const struct nlattr *attr, struct object *object)
{
	const char *payload = genl_attr_data(attr);
	size_t len = genl_attr_len(attr);

	switch (attr->nla_type) {
	case OWNROUTE_A_MAPPING:
		return read_struct(attr, &object->mapping,
				   sizeof(object->mapping));
	case OWNROUTE_A_STATS:
		return read_struct(attr, &object->stats, sizeof(object->stats));
	case OWNROUTE_A_INFO:
		return read_struct(attr, &object->info, sizeof(object->info));
	case OWNROUTE_A_NET_STATS:
		return read_struct(attr, &object->net_stats,
				   sizeof(object->net_stats));
	case OWNROUTE_A_COMMENT:
		return read_string(attr, object->comment,
				   sizeof(object->comment));
	case OWNROUTE_A_USERDATA:
		if (!len || len > sizeof(object->userdata))
			return -EBADMSG;
		memcpy(object->userdata, payload, len);
		object->userdata_len = len;
		return 0;
	case OWNROUTE_A_ID:
		if (len != sizeof(object->id))
			return -EBADMSG;
		memcpy(&object->id, payload, len);
		return 0;
	case OWNROUTE_A_OWNER:
		return read_struct(attr, &object->owner, sizeof(object->owner));
	case OWNROUTE_A_DESTINATION:
		if (len != 4 && len != sizeof(object->destination))
			return -EBADMSG;
		memcpy(object->destination, payload, len);
		object->destination_len = len;
		return 0;
	case OWNROUTE_A_DEVICE:
		return read_string(attr, object->device,
				   sizeof(object->device));
	case OWNROUTE_A_NAT:
		return read_struct(attr, &object->nat, sizeof(object->nat));
	}
	return -EBADMSG;
}

/**
 * object_read() - read a message of the family
 * @nlh: the message
 * @object: gets what it carries
 *
 * Return: 0, or -EBADMSG if the kernel sent what the interface doesn't have.
 */
int object_read(const struct nlmsghdr *nlh, struct object *object)
{
	const struct nlattr *attr;
	int err;

	memset(object, 0, sizeof(*object));
	object->cmd = genl_hdr(nlh)->cmd;
	if (genl_hdr(nlh)->version != OWNROUTE_GENL_VERSION)
		return -EBADMSG;

	genl_for_each_attr(attr, nlh) {
		err = read_attr(attr, object);
		if (err)
			return err;
		if (HAS(object, attr->nla_type))
			return -EBADMSG;
		object->attrs |= 1U << attr->nla_type;
	}
	return 0;
}

/* Where the messages of an answer go. */
struct objects {
	struct object	*object;
	int		max;
	int		count;
};

static int objects_add(const struct nlmsghdr *nlh, void *data)
{
	struct objects *objects = data;

	if (objects->count == objects->max)
		return -EOVERFLOW;
	return object_read(nlh, &objects->object[objects->count++]);
}

/* A request that is answered by one message of the same command. */
static int talk_for_one(struct genl *genl, struct genl_msg *msg,
			struct object *got)
{
	struct objects answer = { .object = got, .max = 1 };
	int err;

	err = genl_talk(genl, msg, objects_add, &answer);
	if (err)
		return err;
	if (answer.count != 1 || got->cmd != genl_hdr(&msg->nlh)->cmd)
		return -EPROTO;
	return 0;
}

static void request_init(struct genl_msg *msg, const struct genl *genl,
			 __u8 cmd, const struct object *wanted)
{
	genl_msg_init(msg, genl, cmd, 0);
	genl_msg_put(msg, OWNROUTE_A_MAPPING, &wanted->mapping,
		     sizeof(wanted->mapping));
	if (HAS(wanted, OWNROUTE_A_COMMENT))
		genl_msg_put(msg, OWNROUTE_A_COMMENT, wanted->comment,
			     strlen(wanted->comment) + 1);
	if (HAS(wanted, OWNROUTE_A_USERDATA))
		genl_msg_put(msg, OWNROUTE_A_USERDATA, wanted->userdata,
			     wanted->userdata_len);
	if (HAS(wanted, OWNROUTE_A_DEVICE))
		genl_msg_put(msg, OWNROUTE_A_DEVICE, wanted->device,
			     strlen(wanted->device) + 1);
	if (HAS(wanted, OWNROUTE_A_NAT))
		genl_msg_put(msg, OWNROUTE_A_NAT, &wanted->nat,
			     sizeof(wanted->nat));
}

/* A request without attributes that is answered by an ack alone. */
static int order(struct genl *genl, __u8 cmd)
{
	struct genl_msg msg;

	genl_msg_init(&msg, genl, cmd, 0);
	return genl_talk(genl, &msg, NULL, NULL);
}

/**
 * mapping_new_with() - make a mapping that may have a comment and userdata
 * @genl: the socket
 * @wanted: what it is to be
 * @made: gets the answer
 *
 * Return: 0 or a negative errno.
 */
int mapping_new_with(struct genl *genl, const struct object *wanted,
		     struct object *made)
{
	struct genl_msg msg;

	request_init(&msg, genl, OWNROUTE_CMD_MAPPING_NEW, wanted);
	return talk_for_one(genl, &msg, made);
}

/**
 * mapping_new() - make a mapping
 * @genl: the socket
 * @mapping: what it is to be
 * @made: gets the answer, unless it is NULL
 *
 * Return: 0 or a negative errno.
 */
int mapping_new(struct genl *genl, const struct ownroute_mapping *mapping,
		struct object *made)
{
	const struct object wanted = { .mapping = *mapping };
	struct object unread;

	return mapping_new_with(genl, &wanted, made ? made : &unread);
}

/**
 * mapping_set_with() - replace a mapping by one that may have a comment and
 *	userdata
 * @genl: the socket
 * @wanted: what it is to be
 *
 * Return: 0 or a negative errno.
 */
int mapping_set_with(struct genl *genl, const struct object *wanted)
{
	struct genl_msg msg;

	request_init(&msg, genl, OWNROUTE_CMD_MAPPING_SET, wanted);
	return genl_talk(genl, &msg, NULL, NULL);
}

/**
 * mapping_set() - replace a mapping
 * @genl: the socket
 * @mapping: what it is to be
 *
 * Return: 0 or a negative errno.
 */
int mapping_set(struct genl *genl, const struct ownroute_mapping *mapping)
{
	const struct object wanted = { .mapping = *mapping };

	return mapping_set_with(genl, &wanted);
}

/**
 * mapping_del() - delete a mapping
 * @genl: the socket
 * @id: its id
 *
 * Return: 0 or a negative errno.
 */
int mapping_del(struct genl *genl, __u32 id)
{
	struct genl_msg msg;

	genl_msg_init(&msg, genl, OWNROUTE_CMD_MAPPING_DEL, 0);
	genl_msg_put(&msg, OWNROUTE_A_ID, &id, sizeof(id));
	return genl_talk(genl, &msg, NULL, NULL);
}

/**
 * mapping_get() - ask for one mapping
 * @genl: the socket
 * @id: its id
 * @got: gets it
 *
 * Return: 0 or a negative errno.
 */
int mapping_get(struct genl *genl, __u32 id, struct object *got)
{
	struct genl_msg msg;

	genl_msg_init(&msg, genl, OWNROUTE_CMD_MAPPING_GET, 0);
	genl_msg_put(&msg, OWNROUTE_A_ID, &id, sizeof(id));
	return talk_for_one(genl, &msg, got);
}

/**
 * mapping_packets() - ask how many packets a mapping has met
 * @genl: the socket
 * @id: the mapping's
 *
 * Return: as many, or a negative errno.
 */
int mapping_packets(struct genl *genl, __u32 id)
{
	struct object got;
	int err = mapping_get(genl, id, &got);

	return err ? err : (int)got.stats.packets;
}

/**
 * mapping_dump() - ask for all mappings
 * @genl: the socket
 * @got: gets them
 * @max: for how many there is room
 *
 * Return: how many there are, or a negative errno.
 */
int mapping_dump(struct genl *genl, struct object *got, int max)
{
	struct objects answer = { .object = got, .max = max };
	struct genl_msg msg;
	int err;

	genl_msg_init(&msg, genl, OWNROUTE_CMD_MAPPING_GET, NLM_F_DUMP);
	err = genl_talk(genl, &msg, objects_add, &answer);
	return err ? err : answer.count;
}

/**
 * mapping_flush() - delete all mappings
 * @genl: the socket
 *
 * Return: 0 or a negative errno.
 */
int mapping_flush(struct genl *genl)
{
	return order(genl, OWNROUTE_CMD_FLUSH);
}

/* A question without attributes whose answer has just one. */
static int ask(struct genl *genl, __u8 cmd, __u16 attr, struct object *answer)
{
	struct genl_msg msg;
	int err;

	genl_msg_init(&msg, genl, cmd, 0);
	err = talk_for_one(genl, &msg, answer);
	if (err)
		return err;
	return answer->attrs == 1U << attr ? 0 : -EBADMSG;
}

/**
 * info_get() - ask what the module and the namespace have
 * @genl: the socket
 * @info: gets it
 *
 * Return: 0 or a negative errno.
 */
int info_get(struct genl *genl, struct ownroute_info *info)
{
	struct object answer;
	int err;

	err = ask(genl, OWNROUTE_CMD_INFO_GET, OWNROUTE_A_INFO, &answer);
	if (!err)
		*info = answer.info;
	return err;
}

/**
 * net_stats_get() - ask for the namespace's counters
 * @genl: the socket
 * @stats: gets them
 *
 * Return: 0 or a negative errno.
 */
int net_stats_get(struct genl *genl, struct ownroute_net_stats *stats)
{
	struct object answer;
	int err;

	err = ask(genl, OWNROUTE_CMD_STATS_GET, OWNROUTE_A_NET_STATS, &answer);
	if (!err)
		*stats = answer.net_stats;
	return err;
}

/**
 * limit_set() - say how many mappings the namespace may have
 * @genl: the socket
 * @limit: how many
 *
 * Return: 0 or a negative errno.
 */
int limit_set(struct genl *genl, __u32 limit)
{
	const struct ownroute_info info = {
		.size = sizeof(info),
		.limit = limit,
	};
	struct genl_msg msg;

	genl_msg_init(&msg, genl, OWNROUTE_CMD_LIMIT_SET, 0);
	genl_msg_put(&msg, OWNROUTE_A_INFO, &info, sizeof(info));
	return genl_talk(genl, &msg, NULL, NULL);
}

/**
 * owner_lookup() - ask which mapping an owner meets
 * @genl: the socket
 * @owner: who
 * @groups: supplementary groups
 * @count: how many
 * @got: gets the mapping
 *
 * Return: 0 or a negative errno.
 */
int owner_lookup(struct genl *genl, const struct ownroute_owner *owner,
		 const __u32 *groups, int count, struct object *got)
{
	struct genl_msg msg;

	genl_msg_init(&msg, genl, OWNROUTE_CMD_LOOKUP, 0);
	genl_msg_put(&msg, OWNROUTE_A_OWNER, owner, sizeof(*owner));
	if (count)
		genl_msg_put(&msg, OWNROUTE_A_GROUPS, groups,
			     count * sizeof(*groups));
	return talk_for_one(genl, &msg, got);
}

/**
 * transaction_begin() - begin a transaction
 * @genl: the socket that it belongs to
 *
 * Other changes in it are sent as those outside.
 *
 * Return: 0 or a negative errno.
 */
int transaction_begin(struct genl *genl)
{
	return order(genl, OWNROUTE_CMD_BEGIN);
}

/**
 * transaction_new_with() - make a mapping that may have more, at the commit
 * @genl: the socket
 * @wanted: what it is to be
 *
 * There is no answer: it has no id yet.
 *
 * Return: 0 or a negative errno.
 */
int transaction_new_with(struct genl *genl, const struct object *wanted)
{
	struct genl_msg msg;

	request_init(&msg, genl, OWNROUTE_CMD_MAPPING_NEW, wanted);
	return genl_talk(genl, &msg, NULL, NULL);
}

/**
 * transaction_new() - make a mapping, at the commit
 * @genl: the socket
 * @mapping: what it is to be
 *
 * Return: 0 or a negative errno.
 */
int transaction_new(struct genl *genl, const struct ownroute_mapping *mapping)
{
	const struct object wanted = { .mapping = *mapping };

	return transaction_new_with(genl, &wanted);
}

/**
 * transaction_commit() - make all changes of the transaction
 * @genl: the socket
 *
 * Return: 0 or a negative errno.
 */
int transaction_commit(struct genl *genl)
{
	return order(genl, OWNROUTE_CMD_COMMIT);
}

/**
 * transaction_abort() - forget the transaction
 * @genl: the socket
 *
 * Return: 0 or a negative errno.
 */
int transaction_abort(struct genl *genl)
{
	return order(genl, OWNROUTE_CMD_ABORT);
}

/**
 * event_next() - receive a notification
 * @listener: a socket that has joined the group
 * @event: gets it
 *
 * It stands alone, belongs to no request and comes from the kernel.
 *
 * Return: 0 or a negative errno.
 */
int event_next(const struct genl *listener, struct object *event)
{
	struct genl_msg buf;
	int len;

	len = genl_recv(listener, &buf);
	if (len < 0)
		return len;
	if (buf.nlh.nlmsg_len != (unsigned int)len ||
	    buf.nlh.nlmsg_type != listener->family ||
	    buf.nlh.nlmsg_flags || buf.nlh.nlmsg_seq || buf.nlh.nlmsg_pid)
		return -EPROTO;
	return object_read(&buf.nlh, event);
}

/**
 * snapshot_take() - see all that can be seen of a namespace
 * @genl: the socket
 * @snapshot: gets it; to be compared as memory
 *
 * Return: 0 or a negative errno.
 */
int snapshot_take(struct genl *genl, struct snapshot *snapshot)
{
	int err;

	memset(snapshot, 0, sizeof(*snapshot));
	err = info_get(genl, &snapshot->info);
	if (err)
		return err;
	snapshot->count = mapping_dump(genl, snapshot->mappings, SNAPSHOT_MAX);
	return snapshot->count < 0 ? snapshot->count : 0;
}
