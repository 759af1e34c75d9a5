// SPDX-License-Identifier: LGPL-2.1-or-later
/* Requests that are refused for their headers or their length. */
#include <sys/socket.h>

#include "refused.h"

/* Headers */

FIXTURE_VARIANT_ADD(refused, command_0) {
	.cmd = 0,
	.error = EOPNOTSUPP,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, command_after_the_last) {
	.cmd = OWNROUTE_CMD_MAX + 1,
	.error = EOPNOTSUPP,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, command_255) {
	.cmd = 255,
	.error = EOPNOTSUPP,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, new_notification_as_a_request) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW_NTF,
	.attrs = { ATTR_MAPPING() },
	.error = EOPNOTSUPP,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, flush_notification_as_a_request) {
	.cmd = OWNROUTE_CMD_FLUSH_NTF,
	.error = EOPNOTSUPP,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, info_get_dump) {
	.cmd = OWNROUTE_CMD_INFO_GET,
	.nlmsg_flags = NLM_F_DUMP,
	.error = EOPNOTSUPP,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, new_dump) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.nlmsg_flags = NLM_F_DUMP,
	.attrs = { ATTR_MAPPING() },
	.error = EOPNOTSUPP,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, flush_dump) {
	.cmd = OWNROUTE_CMD_FLUSH,
	.nlmsg_flags = NLM_F_DUMP,
	.error = EOPNOTSUPP,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, new_nlm_f_create) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.nlmsg_flags = NLM_F_CREATE,
	.attrs = { ATTR_MAPPING() },
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, new_nlm_f_excl) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.nlmsg_flags = NLM_F_EXCL,
	.attrs = { ATTR_MAPPING() },
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, new_nlm_f_append) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.nlmsg_flags = NLM_F_APPEND,
	.attrs = { ATTR_MAPPING() },
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, set_nlm_f_replace) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.nlmsg_flags = NLM_F_REPLACE,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID) },
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, del_nlm_f_bulk) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.nlmsg_flags = NLM_F_BULK,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, flush_nlm_f_nonrec) {
	.cmd = OWNROUTE_CMD_FLUSH,
	.nlmsg_flags = NLM_F_NONREC,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, info_get_flag_without_a_name) {
	.cmd = OWNROUTE_CMD_INFO_GET,
	.nlmsg_flags = 0x8000,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, info_get_reserved) {
	.cmd = OWNROUTE_CMD_INFO_GET,
	.reserved = 1,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, new_reserved) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.reserved = 0x8000,
	.attrs = { ATTR_MAPPING() },
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, set_reserved) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.reserved = 1,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID) },
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, del_reserved) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.reserved = 1,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, get_reserved) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.reserved = 1,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, dump_reserved) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.nlmsg_flags = NLM_F_DUMP,
	.reserved = 1,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, flush_reserved) {
	.cmd = OWNROUTE_CMD_FLUSH,
	.reserved = 1,
	.error = EINVAL,
};

/* The length of the message */

FIXTURE_VARIANT_ADD(refused, flush_without_generic_header) {
	.cmd = OWNROUTE_CMD_FLUSH,
	.grow = -(int)GENL_HDRLEN,
	.error = EINVAL,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, flush_with_half_a_generic_header) {
	.cmd = OWNROUTE_CMD_FLUSH,
	.grow = -2,
	.error = EINVAL,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, new_cut_off) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING() },
	.grow = -4,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, new_cut_off_by_a_byte) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING() },
	.grow = -1,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, set_cut_off_in_the_comment) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID),
		ATTR_TEXT(OWNROUTE_A_COMMENT, "eleven char"),
	},
	.grow = -8,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, del_cut_off) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.grow = -2,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, new_trailing_byte) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING() },
	.grow = 1,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, del_trailing_bytes) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.grow = 3,
	.error = EINVAL,
};

/* Zeros, which as an attribute would be shorter than its own header. */
FIXTURE_VARIANT_ADD(refused, flush_trailing_zeros) {
	.cmd = OWNROUTE_CMD_FLUSH,
	.grow = 4,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, info_get_trailing_zeros) {
	.cmd = OWNROUTE_CMD_INFO_GET,
	.grow = 64,
	.error = EINVAL,
};

FIXTURE_VARIANT_ADD(refused, dump_trailing_bytes) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.nlmsg_flags = NLM_F_DUMP,
	.grow = 3,
	.error = EINVAL,
};

/* A message that claims to be longer than what arrived of it */

FIXTURE(claim) {
	struct genl genl;
};

FIXTURE_SETUP(claim)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
}

FIXTURE_TEARDOWN(claim)
{
	genl_close(&self->genl);
}

/* Netlink drops it and says nothing: the next request gets the first answer. */
TEST_F(claim, of_more_than_arrived_is_dropped)
{
	struct snapshot before, after;
	struct genl_msg msg;

	ASSERT_EQ(0, snapshot_take(&self->genl, &before));

	genl_msg_init(&msg, &self->genl, OWNROUTE_CMD_FLUSH, 0);
	msg.nlh.nlmsg_len += 4;
	ASSERT_EQ(NLMSG_LENGTH(GENL_HDRLEN),
		  send(self->genl.fd, &msg, NLMSG_LENGTH(GENL_HDRLEN), 0));

	ASSERT_EQ(0, snapshot_take(&self->genl, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

MODULE_HARNESS_MAIN
