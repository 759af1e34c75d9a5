// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "genl.h"

/* An answer that takes longer isn't coming: a test is to fail, not to hang. */
#define ANSWER_TIMEOUT_SEC	10

static int genl_setsockopt(const struct genl *genl, int option, int value)
{
	if (setsockopt(genl->fd, SOL_NETLINK, option, &value, sizeof(value)))
		return -errno;
	return 0;
}

static int genl_socket(struct genl *genl, __u32 portid)
{
	const struct timeval timeout = { .tv_sec = ANSWER_TIMEOUT_SEC };
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_pid = portid,
	};
	socklen_t len = sizeof(addr);
	int err;

	genl->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (genl->fd < 0)
		return -errno;
	if (setsockopt(genl->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout,
		       sizeof(timeout)) ||
	    bind(genl->fd, (struct sockaddr *)&addr, len) ||
	    getsockname(genl->fd, (struct sockaddr *)&addr, &len))
		return -errno;
	genl->portid = addr.nl_pid;

	err = genl_setsockopt(genl, NETLINK_EXT_ACK, 1);
	if (err)
		return err;
	return genl_setsockopt(genl, NETLINK_CAP_ACK, 1);
}

struct wanted_group {
	struct genl	*genl;
	const char	*name;
};

static void read_group(const struct nlattr *group, struct wanted_group *wanted)
{
	const char *end = (const char *)group + group->nla_len;
	const struct nlattr *attr = genl_attr_data(group);
	const char *name = "";
	__u32 id = 0;

	while ((const char *)attr + NLA_HDRLEN <= end) {
		if (genl_attr_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			name = genl_attr_data(attr);
		if (genl_attr_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			memcpy(&id, genl_attr_data(attr), sizeof(id));
		attr = genl_attr_next(attr);
	}
	if (!strcmp(name, wanted->name))
		wanted->genl->group = id;
}

static int read_family(const struct nlmsghdr *nlh, void *data)
{
	struct wanted_group *wanted = data;
	const struct nlattr *attr;

	genl_for_each_attr(attr, nlh) {
		const struct nlattr *group = genl_attr_data(attr);
		const char *end = (const char *)attr + attr->nla_len;

		if (genl_attr_type(attr) == CTRL_ATTR_FAMILY_ID)
			memcpy(&wanted->genl->family, genl_attr_data(attr),
			       sizeof(wanted->genl->family));
		if (genl_attr_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		for (; (const char *)group < end; group = genl_attr_next(group))
			read_group(group, wanted);
	}
	return 0;
}

/**
 * genl_open() - open a socket in the network namespace of the caller
 * @genl: gets it
 * @family: name of the family to talk to
 * @group: name of one of its multicast groups
 * @portid: address that the socket is to have, 0 for any
 *
 * Return: 0 or a negative errno; -ENOENT if there is no such family.
 */
int genl_open(struct genl *genl, const char *family, const char *group,
	      __u32 portid)
{
	struct wanted_group wanted = { .genl = genl, .name = group };
	struct genl_msg msg;
	int err;

	memset(genl, 0, sizeof(*genl));
	err = genl_socket(genl, portid);
	if (err)
		return err;

	genl->family = GENL_ID_CTRL;
	genl_msg_init(&msg, genl, CTRL_CMD_GETFAMILY, 0);
	genl_msg_put(&msg, CTRL_ATTR_FAMILY_NAME, family, strlen(family) + 1);
	err = genl_talk(genl, &msg, read_family, &wanted);
	if (err)
		genl_close(genl);
	return err;
}

void genl_close(struct genl *genl)
{
	close(genl->fd);
	genl->fd = -1;
}

/**
 * genl_join() - listen to the multicast group
 * @genl: the socket
 *
 * Return: 0 or a negative errno.
 */
int genl_join(const struct genl *genl)
{
	return genl_setsockopt(genl, NETLINK_ADD_MEMBERSHIP, genl->group);
}

/**
 * genl_msg_init() - begin a request
 * @msg: the request
 * @genl: socket that it will be sent on
 * @cmd: command of the family
 * @flags: NLM_F_DUMP or whatever else is to stand beside NLM_F_REQUEST and
 *	NLM_F_ACK
 */
void genl_msg_init(struct genl_msg *msg, const struct genl *genl, __u8 cmd,
		   __u16 flags)
{
	const struct genlmsghdr genlh = { .cmd = cmd, .version = 1 };

	msg->nlh = (struct nlmsghdr) {
		.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN),
		.nlmsg_type = genl->family,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags,
	};
	memcpy(NLMSG_DATA(&msg->nlh), &genlh, sizeof(genlh));
}

/**
 * genl_msg_put() - append an attribute
 * @msg: the request
 * @type: its type, flags and all
 * @data: its payload
 * @len: length of that
 *
 * Return: the attribute's offset, as an extack would tell it.
 */
__u32 genl_msg_put(struct genl_msg *msg, __u16 type, const void *data,
		   size_t len)
{
	const struct nlattr head = {
		.nla_len = NLA_HDRLEN + len,
		.nla_type = type,
	};
	__u32 offset = NLMSG_ALIGN(msg->nlh.nlmsg_len);
	char *attr = msg->bytes + offset;

	memcpy(attr, &head, sizeof(head));
	memcpy(attr + NLA_HDRLEN, data, len);
	memset(attr + NLA_HDRLEN + len, 0, NLA_ALIGN(len) - len);
	msg->nlh.nlmsg_len = offset + NLA_HDRLEN + NLA_ALIGN(len);
	return offset;
}

/**
 * genl_send() - send a request, and wait for nothing
 * @genl: the socket
 * @msg: the request, gets the next sequence number
 *
 * Return: 0 or a negative errno.
 */
int genl_send(struct genl *genl, struct genl_msg *msg)
{
	msg->nlh.nlmsg_seq = ++genl->seq;
	memset(&genl->ack, 0, sizeof(genl->ack));
	if (send(genl->fd, msg->bytes, msg->nlh.nlmsg_len, 0) < 0)
		return -errno;
	return 0;
}

/**
 * genl_recv() - receive one datagram
 * @genl: the socket
 * @buf: gets it
 *
 * Return: its length or a negative errno, -EAGAIN if nothing came for so long
 * that nothing will.
 */
int genl_recv(const struct genl *genl, struct genl_msg *buf)
{
	ssize_t len = recv(genl->fd, buf->bytes, sizeof(buf->bytes), MSG_TRUNC);

	if (len < 0)
		return -errno;
	return len > (ssize_t)sizeof(buf->bytes) ? -EMSGSIZE : len;
}

/* Reads an NLMSG_ERROR or NLMSG_DONE, which begin alike. */
static int read_ack(const struct nlmsghdr *nlh, struct genl_ack *ack)
{
	const char *end = (const char *)nlh + nlh->nlmsg_len;
	const char *pos = NLMSG_DATA(nlh);
	int error;

	memcpy(&error, pos, sizeof(error));
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return error;

	/* The header of the request comes next, its payload is capped. */
	pos += nlh->nlmsg_type == NLMSG_DONE ? sizeof(error) :
					       sizeof(struct nlmsgerr);
	while (pos + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const void *)pos;
		const void *payload = genl_attr_data(attr);

		switch (genl_attr_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			snprintf(ack->text, sizeof(ack->text), "%s",
				 (const char *)payload);
			break;
		case NLMSGERR_ATTR_OFFS:
			memcpy(&ack->offset, payload, sizeof(ack->offset));
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			memcpy(&ack->missing, payload, sizeof(ack->missing));
			break;
		}
		pos += NLA_ALIGN(attr->nla_len);
	}
	return error;
}

/**
 * genl_recv_some() - receive one datagram of the answer to the last request
 * @genl: the socket
 * @handler: gets the messages of the answer, or NULL if there should be none
 * @data: for @handler
 *
 * Return: 1 if more is to come, 0 if all went well, or a negative errno: the
 * kernel's, @handler's, or -EPROTO for an answer where none was expected.
 */
int genl_recv_some(struct genl *genl, genl_handler *handler, void *data)
{
	const struct nlmsghdr *nlh;
	struct genl_msg buf;
	int len, err;

	len = genl_recv(genl, &buf);
	if (len < 0)
		return len;

	for (nlh = &buf.nlh; NLMSG_OK(nlh, (unsigned int)len);
	     nlh = NLMSG_NEXT(nlh, len)) {
		if (nlh->nlmsg_seq != genl->seq ||
		    nlh->nlmsg_pid != genl->portid)
			return -EPROTO;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			genl->ack.interrupted = 1;
		if (nlh->nlmsg_type == NLMSG_ERROR ||
		    nlh->nlmsg_type == NLMSG_DONE)
			return read_ack(nlh, &genl->ack);
		if (!handler || nlh->nlmsg_type != genl->family)
			return -EPROTO;
		err = handler(nlh, data);
		if (err < 0)
			return err;
	}
	return 1;
}

/**
 * genl_talk() - send a request and receive the whole answer
 * @genl: the socket; its ack tells afterwards what the kernel said
 * @msg: the request
 * @handler: gets the messages of the answer, or NULL if there should be none
 * @data: for @handler
 *
 * Return: as genl_recv_some(), but never 1.
 */
int genl_talk(struct genl *genl, struct genl_msg *msg, genl_handler *handler,
	      void *data)
{
	int err;

	err = genl_send(genl, msg);
	if (err)
		return err;
	do
		err = genl_recv_some(genl, handler, data);
	while (err > 0);
	return err;
}
