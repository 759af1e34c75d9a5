/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A refused request: the fixture, and the one test that all of them undergo.
 * A source file lists the requests as variants.
 */
#ifndef REFUSED_H
#define REFUSED_H

#include <sched.h>
#include <sys/utsname.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"

/* Id of the mapping that is already there, and one that no mapping has. */
#define TAKEN_ID	7
#define MISSING_ID	9

struct attr {
	__u16		type;
	__u16		len;
	const void	*data;
};

#define ATTRS_MAX	3

#define ATTR(_type, _data, _len)					      \
	{ .type = (_type), .data = (_data), .len = (_len) }
#define ATTR_U32(_type, _value)						      \
	ATTR(_type, &(const __u32){ _value }, sizeof(__u32))
#define ATTR_TEXT(_type, _text)						      \
	ATTR(_type, _text, sizeof(_text))
#define ATTR_MAPPING(...)						      \
	ATTR(OWNROUTE_A_MAPPING, &MAPPING(__VA_ARGS__),			      \
	     sizeof(struct ownroute_mapping))

FIXTURE(refused) {
	struct genl genl;
};

/*
 * @cmd: command of the request
 * @nlmsg_flags: what stands in the header beside NLM_F_REQUEST and NLM_F_ACK
 * @reserved: what stands in the generic header where 0 must
 * @attrs: attributes; one without data ends them
 * @grow: bytes that are added at the end of the message, or taken away there
 * @error: errno
 * @fault: the attribute that the kernel must point at, counted from 1; 0 if
 *	none is at fault
 * @missing: type of the attribute that the kernel must miss
 * @says: part of what the kernel must say, if it matters
 * @in_dump: the family itself refuses it when the dump has begun
 * @wordless: generic netlink itself refuses the request before it asks the
 *	family, and gives no reason
 */
FIXTURE_VARIANT(refused) {
	__u8		cmd;
	__u16		nlmsg_flags;
	__u16		reserved;
	struct attr	attrs[ATTRS_MAX];
	int		grow;
	int		error;
	int		fault;
	__u16		missing;
	const char	*says;
	bool		in_dump;
	bool		wordless;
};

/* Before 6.10 the end of a dump says why, but points at nothing. */
static bool end_of_dump_can_point(void)
{
	unsigned int major, minor;
	struct utsname name;

	return !uname(&name) &&
	       sscanf(name.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 6 || (major == 6 && minor >= 10));
}

FIXTURE_SETUP(refused)
{
	const struct object existing = {
		.attrs = 1U << OWNROUTE_A_COMMENT | 1U << OWNROUTE_A_USERDATA,
		.mapping = MAPPING(.id = TAKEN_ID),
		.comment = "was here first",
		.userdata = "its data",
		.userdata_len = sizeof("its data"),
	};
	struct object made;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, mapping_new_with(&self->genl, &existing, &made));
}

FIXTURE_TEARDOWN(refused)
{
	genl_close(&self->genl);
}

TEST_F(refused, says_why_and_changes_nothing)
{
	struct snapshot before, after;
	__u32 offset[ATTRS_MAX + 1] = {};
	struct genl_msg msg = {};
	int i;

	genl_msg_init(&msg, &self->genl, variant->cmd, variant->nlmsg_flags);
	genl_hdr(&msg.nlh)->reserved = variant->reserved;
	for (i = 0; i < ATTRS_MAX && variant->attrs[i].data; i++)
		offset[i + 1] = genl_msg_put(&msg, variant->attrs[i].type,
					     variant->attrs[i].data,
					     variant->attrs[i].len);
	msg.nlh.nlmsg_len += variant->grow;

	ASSERT_EQ(0, snapshot_take(&self->genl, &before));
	EXPECT_EQ(-variant->error, genl_talk(&self->genl, &msg, NULL, NULL));
	EXPECT_EQ(variant->wordless, !self->genl.ack.text[0]);
	if (!variant->in_dump || end_of_dump_can_point()) {
		EXPECT_EQ(offset[variant->fault], self->genl.ack.offset);
	}
	EXPECT_EQ(variant->missing, self->genl.ack.missing);
	if (variant->says) {
		EXPECT_NE(NULL, strstr(self->genl.ack.text, variant->says));
	}

	ASSERT_EQ(0, snapshot_take(&self->genl, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

#endif
