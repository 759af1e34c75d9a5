// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Programs that are newer than the module: their struct is longer, and as long
 * as they ask for nothing that the module doesn't have, it obeys.  What it
 * refuses is in refused_mapping.c.
 */
#include <sched.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"

FIXTURE(longer) {
	struct genl genl;
};

/* @size: of the struct, everything beyond the first version being zero */
FIXTURE_VARIANT(longer) {
	__u32 size;
};

FIXTURE_VARIANT_ADD(longer, by_a_byte) {
	.size = OWNROUTE_MAPPING_SIZE_VER0 + 1,
};

FIXTURE_VARIANT_ADD(longer, by_a_member) {
	.size = OWNROUTE_MAPPING_SIZE_VER0 + 4,
};

FIXTURE_VARIANT_ADD(longer, than_a_page) {
	.size = 4096 + 4,
};

/* The longest payload that an attribute can have. */
FIXTURE_VARIANT_ADD(longer, than_any) {
	.size = 0xffff - NLA_HDRLEN,
};

FIXTURE_SETUP(longer)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
}

FIXTURE_TEARDOWN(longer)
{
	genl_close(&self->genl);
}

static int request(struct genl *genl, __u8 cmd,
		   const struct ownroute_mapping *mapping, __u8 last_byte,
		   genl_handler *handler, struct object *answer)
{
	char payload[0x10000] = "";
	struct genl_msg msg;

	memcpy(payload, mapping, sizeof(*mapping));
	payload[mapping->size - 1] = last_byte;
	genl_msg_init(&msg, genl, cmd, 0);
	genl_msg_put(&msg, OWNROUTE_A_MAPPING, payload, mapping->size);
	return genl_talk(genl, &msg, handler, answer);
}

static int read_answer(const struct nlmsghdr *nlh, void *data)
{
	return object_read(nlh, data);
}

/* Answers carry the size that the kernel knows: object_read() insists on it. */
TEST_F(longer, zeros_are_accepted)
{
	struct object made, got;

	ASSERT_EQ(0, request(&self->genl, OWNROUTE_CMD_MAPPING_NEW,
			     &MAPPING(.id = 42, .size = variant->size), 0,
			     read_answer, &made));
	EXPECT_EQ(0, memcmp(&MAPPING(.id = 42), &made.mapping,
			    sizeof(made.mapping)));

	ASSERT_EQ(0, request(&self->genl, OWNROUTE_CMD_MAPPING_SET,
			     &MAPPING(.id = 42, .mark = 0x22,
				      .size = variant->size), 0, NULL, NULL));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(0, memcmp(&MAPPING(.id = 42, .mark = 0x22), &got.mapping,
			    sizeof(got.mapping)));
}

TEST_F(longer, anything_else_is_too_big)
{
	struct object none;

	EXPECT_EQ(-E2BIG, request(&self->genl, OWNROUTE_CMD_MAPPING_NEW,
				  &MAPPING(.size = variant->size), 1, NULL,
				  NULL));
	EXPECT_NE(0, self->genl.ack.text[0]);
	EXPECT_EQ(NLMSG_LENGTH(GENL_HDRLEN), self->genl.ack.offset);
	EXPECT_EQ(0, mapping_dump(&self->genl, &none, 1));
}

MODULE_HARNESS_MAIN
