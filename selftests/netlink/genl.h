/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Generic netlink on a raw socket.
 *
 * No library stands between the tests and the kernel, so that they can send
 * what no library would, and see what a library would keep to itself.
 */
#ifndef GENL_H
#define GENL_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stddef.h>

/* Room for the largest attribute, twice. */
#define GENL_MSG_MAX	(128 * 1024)

/**
 * struct genl_ack - what the kernel said to a request
 *
 * @text: NLMSGERR_ATTR_MSG, "" if it said nothing
 * @offset: NLMSGERR_ATTR_OFFS, where in the request the attribute at fault is;
 *	0, where none can be, if the kernel didn't say
 * @missing: NLMSGERR_ATTR_MISS_TYPE, type of the attribute that is missing;
 *	0 if the kernel didn't say
 * @interrupted: part of a dump carried NLM_F_DUMP_INTR
 */
struct genl_ack {
	char	text[256];
	__u32	offset;
	__u32	missing;
	int	interrupted;
};

/**
 * struct genl - a socket, and the family to talk to
 *
 * @fd: the socket
 * @portid: its address
 * @family: id of the family
 * @group: id of the family's multicast group
 * @seq: number of the last request
 * @ack: what came of it
 */
struct genl {
	int		fd;
	__u32		portid;
	__u16		family;
	__u32		group;
	__u32		seq;
	struct genl_ack	ack;
};

/* A message that is being built; everything in it may be set to nonsense. */
struct genl_msg {
	union {
		struct nlmsghdr	nlh;
		char		bytes[GENL_MSG_MAX];
	};
};

/* Gets each message of an answer.  A negative return value ends it. */
typedef int genl_handler(const struct nlmsghdr *nlh, void *data);

int genl_open(struct genl *genl, const char *family, const char *group,
	      __u32 portid);
void genl_close(struct genl *genl);
int genl_join(const struct genl *genl);

void genl_msg_init(struct genl_msg *msg, const struct genl *genl, __u8 cmd,
		   __u16 flags);
__u32 genl_msg_put(struct genl_msg *msg, __u16 type, const void *data,
		   size_t len);

int genl_send(struct genl *genl, struct genl_msg *msg);
int genl_recv(const struct genl *genl, struct genl_msg *buf);
int genl_recv_some(struct genl *genl, genl_handler *handler, void *data);
int genl_talk(struct genl *genl, struct genl_msg *msg, genl_handler *handler,
	      void *data);

static inline struct genlmsghdr *genl_hdr(const struct nlmsghdr *nlh)
{
	return NLMSG_DATA(nlh);
}

#define genl_for_each_attr(attr, nlh)					      \
	for ((attr) = (const struct nlattr *)((const char *)(nlh) +	      \
					      NLMSG_LENGTH(GENL_HDRLEN));     \
	     genl_attr_ok(attr, nlh); (attr) = genl_attr_next(attr))

static inline int genl_attr_ok(const struct nlattr *attr,
			       const struct nlmsghdr *nlh)
{
	ptrdiff_t left = (const char *)nlh + nlh->nlmsg_len - (const char *)attr;

	return left >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN &&
	       attr->nla_len <= left;
}

static inline const struct nlattr *genl_attr_next(const struct nlattr *attr)
{
	return (const void *)((const char *)attr + NLA_ALIGN(attr->nla_len));
}

static inline const void *genl_attr_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

static inline size_t genl_attr_len(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

static inline __u16 genl_attr_type(const struct nlattr *attr)
{
	return attr->nla_type & NLA_TYPE_MASK;
}

#endif
