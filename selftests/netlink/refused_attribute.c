// SPDX-License-Identifier: LGPL-2.1-or-later
/* Requests that are refused for their attributes. */
#include "refused.h"

/* Attributes that no command has */

FIXTURE_VARIANT_ADD(refused, info_get_unknown_attribute) {
	.cmd = OWNROUTE_CMD_INFO_GET,
	.attrs = { ATTR_U32(OWNROUTE_A_MAX + 1, 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_unknown_attribute) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR_U32(OWNROUTE_A_MAX + 1, 0) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_unknown_attribute_first) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR(0x3fff, "", 0), ATTR_MAPPING() },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_attribute_0) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR_U32(0, 0) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, set_unknown_attribute) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID),
		ATTR_TEXT(OWNROUTE_A_COMMENT, "new"),
		ATTR_U32(OWNROUTE_A_MAX + 1, 0),
	},
	.error = EINVAL,
	.fault = 3,
};

FIXTURE_VARIANT_ADD(refused, del_unknown_attribute) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = {
		ATTR_U32(OWNROUTE_A_ID, TAKEN_ID),
		ATTR_U32(OWNROUTE_A_MAX + 1, 0),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, get_unknown_attribute) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.attrs = {
		ATTR_U32(OWNROUTE_A_ID, TAKEN_ID),
		ATTR_U32(OWNROUTE_A_MAX + 1, 0),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, dump_unknown_attribute) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.nlmsg_flags = NLM_F_DUMP,
	.attrs = { ATTR_U32(OWNROUTE_A_MAX + 1, 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, flush_unknown_attribute) {
	.cmd = OWNROUTE_CMD_FLUSH,
	.attrs = { ATTR_U32(OWNROUTE_A_MAX + 1, 0) },
	.error = EINVAL,
	.fault = 1,
};

/* Attributes that another command has */

static const struct ownroute_info info = { .size = sizeof(info) };
static const struct ownroute_stats stats = { .size = sizeof(stats) };

FIXTURE_VARIANT_ADD(refused, info_get_with_info) {
	.cmd = OWNROUTE_CMD_INFO_GET,
	.attrs = { ATTR(OWNROUTE_A_INFO, &info, sizeof(info)) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, info_get_with_id) {
	.cmd = OWNROUTE_CMD_INFO_GET,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_with_id) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR_U32(OWNROUTE_A_ID, MISSING_ID) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_with_stats) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(),
		ATTR(OWNROUTE_A_STATS, &stats, sizeof(stats)),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, set_with_id) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID),
		ATTR_U32(OWNROUTE_A_ID, TAKEN_ID),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, del_with_mapping) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = {
		ATTR_U32(OWNROUTE_A_ID, TAKEN_ID),
		ATTR_MAPPING(.id = TAKEN_ID),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, del_with_comment) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = {
		ATTR_U32(OWNROUTE_A_ID, TAKEN_ID),
		ATTR_TEXT(OWNROUTE_A_COMMENT, "was here first"),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, get_with_mapping) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.attrs = {
		ATTR_U32(OWNROUTE_A_ID, TAKEN_ID),
		ATTR_MAPPING(.id = TAKEN_ID),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, dump_with_id) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.nlmsg_flags = NLM_F_DUMP,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
	.fault = 1,
	.in_dump = true,
};

FIXTURE_VARIANT_ADD(refused, dump_with_comment) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.nlmsg_flags = NLM_F_DUMP,
	.attrs = { ATTR_TEXT(OWNROUTE_A_COMMENT, "was here first") },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, flush_with_id) {
	.cmd = OWNROUTE_CMD_FLUSH,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
	.fault = 1,
};

/* Attributes that are missing */

FIXTURE_VARIANT_ADD(refused, new_without_mapping) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.error = EINVAL,
	.missing = OWNROUTE_A_MAPPING,
};

FIXTURE_VARIANT_ADD(refused, new_with_a_comment_alone) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_TEXT(OWNROUTE_A_COMMENT, "of what?") },
	.error = EINVAL,
	.missing = OWNROUTE_A_MAPPING,
};

FIXTURE_VARIANT_ADD(refused, set_without_mapping) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.error = EINVAL,
	.missing = OWNROUTE_A_MAPPING,
};

FIXTURE_VARIANT_ADD(refused, del_without_id) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.error = EINVAL,
	.missing = OWNROUTE_A_ID,
};

FIXTURE_VARIANT_ADD(refused, get_without_id) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.error = EINVAL,
	.missing = OWNROUTE_A_ID,
};

/* Attributes of the wrong kind */

FIXTURE_VARIANT_ADD(refused, del_id_empty) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = { ATTR(OWNROUTE_A_ID, "", 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, del_id_of_2_bytes) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = { ATTR(OWNROUTE_A_ID, &(const __u16){ TAKEN_ID }, 2) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, get_id_of_3_bytes) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.attrs = { ATTR(OWNROUTE_A_ID, &(const __u32){ TAKEN_ID }, 3) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, del_id_of_8_bytes) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = { ATTR(OWNROUTE_A_ID, &(const __u64){ TAKEN_ID }, 8) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, del_id_nested) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = { ATTR_U32(NLA_F_NESTED | OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_mapping_nested) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR(NLA_F_NESTED | OWNROUTE_A_MAPPING, &MAPPING(),
		     sizeof(struct ownroute_mapping)),
	},
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_comment_nested) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(),
		ATTR_TEXT(NLA_F_NESTED | OWNROUTE_A_COMMENT, "nest"),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, set_userdata_nested) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID),
		ATTR_TEXT(NLA_F_NESTED | OWNROUTE_A_USERDATA, "nest"),
	},
	.error = EINVAL,
	.fault = 2,
};

/* Comment and userdata */

/* The longest payload that an attribute can have. */
#define PAYLOAD_MAX	(0xffff - NLA_HDRLEN)

static const char not_terminated[PAYLOAD_MAX] = {
	[0 ... PAYLOAD_MAX - 1] = 'x'
};

static const char text_256[257] = { [0 ... 255] = 'x' };
static const char text_64k[PAYLOAD_MAX] = { [0 ... PAYLOAD_MAX - 2] = 'x' };

FIXTURE_VARIANT_ADD(refused, new_comment_empty) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR(OWNROUTE_A_COMMENT, "", 0) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_comment_not_terminated) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(),
		ATTR(OWNROUTE_A_COMMENT, not_terminated, 1),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_comment_goes_on_after_its_end) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(),
		ATTR_TEXT(OWNROUTE_A_COMMENT, "shown\0hidden"),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_comment_of_256_bytes) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(),
		ATTR(OWNROUTE_A_COMMENT, text_256, sizeof(text_256)),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_comment_of_256_bytes_not_terminated) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(),
		ATTR(OWNROUTE_A_COMMENT, not_terminated, 256),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, set_comment_of_256_bytes) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID),
		ATTR(OWNROUTE_A_COMMENT, text_256, sizeof(text_256)),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_comment_of_64_kbytes) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(),
		ATTR(OWNROUTE_A_COMMENT, text_64k, PAYLOAD_MAX),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_comment_of_64_kbytes_not_terminated) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(),
		ATTR(OWNROUTE_A_COMMENT, not_terminated, PAYLOAD_MAX),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_userdata_empty) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR(OWNROUTE_A_USERDATA, "", 0) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_userdata_of_1025_bytes) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(),
		ATTR(OWNROUTE_A_USERDATA, not_terminated,
		     OWNROUTE_USERDATA_MAX + 1),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, set_userdata_of_64_kbytes) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID),
		ATTR(OWNROUTE_A_USERDATA, not_terminated, PAYLOAD_MAX),
	},
	.error = EINVAL,
	.fault = 2,
};

/* Devices */

FIXTURE_VARIANT_ADD(refused, new_device_without_a_name) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR_TEXT(OWNROUTE_A_DEVICE, "") },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_device_name_too_long) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(), ATTR_TEXT(OWNROUTE_A_DEVICE, "0123456789abcdef"),
	},
	.error = EINVAL,
	.fault = 2,
	.says = "15",
};

FIXTURE_VARIANT_ADD(refused, set_device_name_no_device_can_have) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID),
		ATTR_TEXT(OWNROUTE_A_DEVICE, "tun/0"),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_device_not_terminated) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR(OWNROUTE_A_DEVICE, "tun0", 4) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_device_goes_on_after_its_end) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR_TEXT(OWNROUTE_A_DEVICE, "tun\0" "0") },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_device_without_mark) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(.mark = 0, .mask = 0,
			     .action = OWNROUTE_ACTION_BYPASS),
		ATTR_TEXT(OWNROUTE_A_DEVICE, "tun0"),
	},
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, get_device) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.attrs = {
		ATTR_U32(OWNROUTE_A_ID, TAKEN_ID),
		ATTR_TEXT(OWNROUTE_A_DEVICE, "tun0"),
	},
	.error = EINVAL,
	.fault = 2,
};

MODULE_HARNESS_MAIN
