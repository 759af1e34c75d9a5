// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Programs that are newer than the module: their struct is longer, and as long
 * as they ask for nothing that the module doesn't have, it obeys.  And programs
 * that are older: what they don't know, doesn't count.  What is refused is in
 * refused_mapping.c.
 */
#include <sched.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"

FIXTURE(longer) {
	struct genl genl;
};

/* @size: of the struct, everything beyond the last version being zero */
FIXTURE_VARIANT(longer) {
	__u32 size;
};

FIXTURE_VARIANT_ADD(longer, by_a_byte) {
	.size = OWNROUTE_MAPPING_SIZE_VER2 + 1,
};

FIXTURE_VARIANT_ADD(longer, by_a_member) {
	.size = OWNROUTE_MAPPING_SIZE_VER2 + 8,
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
	if (last_byte)
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

#define VER0	OWNROUTE_MAPPING_SIZE_VER0

/* What a program sends that was built with the first version of the header. */
FIXTURE(version_0) {
	struct genl genl;
};

FIXTURE_SETUP(version_0)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
}

FIXTURE_TEARDOWN(version_0)
{
	genl_close(&self->genl);
}

/* It is the owners of the uids, whatever their groups and cgroups. */
TEST_F(version_0, new_means_what_it_meant)
{
	struct object made, got;

	ASSERT_EQ(0, request(&self->genl, OWNROUTE_CMD_MAPPING_NEW,
			     &MAPPING(.id = 42, .size = VER0), 0, read_answer,
			     &made));
	EXPECT_EQ(0, memcmp(&MAPPING(.id = 42), &made.mapping,
			    sizeof(made.mapping)));

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, traffic_send(1001, 2));
	ASSERT_EQ(0, traffic_send(1002, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(2, got.stats.packets);
}

TEST_F(version_0, set_takes_away_what_it_does_not_know)
{
	struct object got;

	ASSERT_EQ(0, mapping_new(&self->genl,
				 &MAPPING(.id = 42, .gid_min = 1, .gid_max = 2,
					  .match = OWNROUTE_MATCH_UID |
						   OWNROUTE_MATCH_GID,
					  .flags = OWNROUTE_FLAG_SUPPL),
				 NULL));
	ASSERT_EQ(0, request(&self->genl, OWNROUTE_CMD_MAPPING_SET,
			     &MAPPING(.id = 42, .size = VER0), 0, NULL, NULL));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(0, memcmp(&MAPPING(.id = 42), &got.mapping,
			    sizeof(got.mapping)));
}

MODULE_HARNESS_MAIN
