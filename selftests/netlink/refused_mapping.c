// SPDX-License-Identifier: LGPL-2.1-or-later
/* Requests that are refused for what stands in struct ownroute_mapping. */
#include "refused.h"

/* Flags and other bits */

FIXTURE_VARIANT_ADD(refused, new_flag) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.flags = 1 << 6) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_highest_flag) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.flags = 0x80000000) },
	.error = EINVAL,
	.fault = 1,
	.says = "0x80000000",
};

FIXTURE_VARIANT_ADD(refused, set_flag) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID, .flags = 0x10000) },
	.error = EINVAL,
	.fault = 1,
	.says = "0x10000",
};

FIXTURE_VARIANT_ADD(refused, new_match_0) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.match = 0, .uid_min = 0, .uid_max = 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_uid_without_its_match_bit) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.match = 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_match_0) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID, .match = 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_unknown_match_bit) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.match = OWNROUTE_MATCH_UID | 0x40) },
	.error = EINVAL,
	.fault = 1,
	.says = "0x40",
};

FIXTURE_VARIANT_ADD(refused, new_unknown_match_bit_alone) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.match = 1u << 31) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_unknown_action) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.action = OWNROUTE_ACTION_BLOCK + 1) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_highest_action) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID, .action = 0xffffffff) },
	.error = EINVAL,
	.fault = 1,
};

/* Mark and mask */

FIXTURE_VARIANT_ADD(refused, new_mark_outside_its_mask) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.mark = 0x1111, .mask = 0x0fff) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_mark_outside_its_mask) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID, .mark = 1, .mask = 2) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_mask_0) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.mark = 0, .mask = 0) },
	.error = EINVAL,
	.fault = 1,
};

/* Uids */

FIXTURE_VARIANT_ADD(refused, new_uid_range_upside_down) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.uid_min = 1010, .uid_max = 1001) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_uid_range_upside_down) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID, .uid_min = 1, .uid_max = 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_uid_to_4294967295) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.uid_max = 4294967295) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_uid_4294967295) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(.uid_min = 4294967295, .uid_max = 4294967295),
	},
	.error = EINVAL,
	.fault = 1,
};

/* Gids */

#define MATCH_GID	.match = OWNROUTE_MATCH_GID, .uid_min = 0, .uid_max = 0
#define MATCH_CGROUP	.match = OWNROUTE_MATCH_CGROUP, .uid_min = 0, .uid_max = 0

FIXTURE_VARIANT_ADD(refused, new_gid_range_upside_down) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(MATCH_GID, .gid_min = 2, .gid_max = 1) },
	.error = EINVAL,
	.fault = 1,
	.says = "2-1",
};

FIXTURE_VARIANT_ADD(refused, set_gid_range_upside_down) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID, MATCH_GID,
			     .gid_min = 4294967294, .gid_max = 0),
	},
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_gid_to_4294967295) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(MATCH_GID, .gid_max = 4294967295) },
	.error = EINVAL,
	.fault = 1,
	.says = "4294967295",
};

FIXTURE_VARIANT_ADD(refused, new_gid_4294967295) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(MATCH_GID, .gid_min = 4294967295,
			     .gid_max = 4294967295),
	},
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_gid_without_its_match_bit) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.gid_max = 1) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_gid_min_without_its_match_bit) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID, .gid_min = 1) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_uid_with_the_match_bit_of_gid) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.match = OWNROUTE_MATCH_GID) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_suppl_without_gid) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.flags = OWNROUTE_FLAG_SUPPL) },
	.error = EINVAL,
	.fault = 1,
	.says = "SUPPL",
};

FIXTURE_VARIANT_ADD(refused, new_connmark_without_mark) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(.flags = OWNROUTE_FLAG_CONNMARK, .mark = 0,
			     .mask = 0, .action = OWNROUTE_ACTION_BYPASS),
	},
	.error = EINVAL,
	.fault = 1,
	.says = "CONNMARK",
};

FIXTURE_VARIANT_ADD(refused, set_connmark_with_mark_0) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID, .mark = 0,
			     .flags = OWNROUTE_FLAG_CONNMARK),
	},
	.error = EINVAL,
	.fault = 1,
	.says = "CONNMARK with mark 0",
};

FIXTURE_VARIANT_ADD(refused, new_nostamp_without_mark) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(.flags = OWNROUTE_FLAG_NOSTAMP, .mark = 0,
			     .mask = 0, .action = OWNROUTE_ACTION_BLOCK),
	},
	.error = EINVAL,
	.fault = 1,
	.says = "NOSTAMP",
};

FIXTURE_VARIANT_ADD(refused, new_known_flags_and_one_more) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(MATCH_GID, .flags = OWNROUTE_FLAG_KERNEL |
						 OWNROUTE_FLAG_SUPPL |
						 OWNROUTE_FLAG_NOSTAMP | 0x40),
	},
	.error = EINVAL,
	.fault = 1,
	.says = "0x40",
};

/* Cgroups */

FIXTURE_VARIANT_ADD(refused, new_cgroup_without_its_match_bit) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.cgroup = 1) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_cgroup_0) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(MATCH_CGROUP) },
	.error = ENOENT,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_cgroup_missing) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(MATCH_CGROUP, .cgroup = 1ULL << 40) },
	.error = ENOENT,
	.fault = 1,
	.says = "1099511627776",
};

FIXTURE_VARIANT_ADD(refused, set_cgroup_missing) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID, MATCH_CGROUP,
			     .cgroup = 0xffffffffffffffff),
	},
	.error = ENOENT,
	.fault = 1,
};

/* Actions that don't mark */

FIXTURE_VARIANT_ADD(refused, new_bypass_with_mark_and_mask) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.action = OWNROUTE_ACTION_BYPASS) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_bypass_with_mask) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.action = OWNROUTE_ACTION_BYPASS, .mark = 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_block_with_mark) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID, .action = OWNROUTE_ACTION_BLOCK,
			     .mask = 0),
	},
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_block_with_mask) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.action = OWNROUTE_ACTION_BLOCK, .mark = 0) },
	.error = EINVAL,
	.fault = 1,
};

/* Ids */

FIXTURE_VARIANT_ADD(refused, new_id_taken) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID) },
	.error = EEXIST,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_id_missing) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = MISSING_ID) },
	.error = ENOENT,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_id_0) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = 0) },
	.error = ENOENT,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, del_id_missing) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, MISSING_ID) },
	.error = ENOENT,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, del_id_0) {
	.cmd = OWNROUTE_CMD_MAPPING_DEL,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, 0) },
	.error = ENOENT,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, get_id_missing) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, MISSING_ID) },
	.error = ENOENT,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, get_id_0) {
	.cmd = OWNROUTE_CMD_MAPPING_GET,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, 0) },
	.error = ENOENT,
	.fault = 1,
};

/* The struct's size: of the attribute, and what the struct says */

#define VER0	OWNROUTE_MAPPING_SIZE_VER0
#define VER2	OWNROUTE_MAPPING_SIZE_VER2

FIXTURE_VARIANT_ADD(refused, new_struct_of_half_a_version) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR(OWNROUTE_A_MAPPING,
		     &MAPPING(.size = VER0 + 4, .gid_min = 1), VER0 + 4),
	},
	.error = EINVAL,
	.fault = 1,
};

/* A struct of a version to come, that has one member more. */
struct longer_mapping {
	struct ownroute_mapping	known;
	__u64			unknown;
};

#define LONGER_MAPPING(_size, _unknown)					      \
	ATTR(OWNROUTE_A_MAPPING, (&(const struct longer_mapping) {	      \
		.known = MAPPING_INIT(.id = TAKEN_ID, .size = (_size)),	      \
		.unknown = (_unknown),					      \
	     }), sizeof(struct longer_mapping))

FIXTURE_VARIANT_ADD(refused, new_struct_empty) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR(OWNROUTE_A_MAPPING, "", 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_struct_of_3_bytes) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR(OWNROUTE_A_MAPPING, &(const __u32){ 3 }, 3) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_struct_of_a_size_alone) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_U32(OWNROUTE_A_MAPPING, 4) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_struct_shorter_than_version_0) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR(OWNROUTE_A_MAPPING, &MAPPING(.size = VER0 - 4), VER0 - 4),
	},
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_struct_a_byte_shorter_than_version_0) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR(OWNROUTE_A_MAPPING,
		     &MAPPING(.id = TAKEN_ID, .size = VER0 - 1), VER0 - 1),
	},
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_struct_says_size_0) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.size = 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_struct_says_it_is_shorter) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.size = VER0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_struct_says_it_is_longer) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.size = VER2 + 8) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_struct_says_4_gb) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID, .size = 0xffffffff) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_struct_longer_than_it_says) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { LONGER_MAPPING(VER2, 0) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_struct_with_an_unknown_member) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { LONGER_MAPPING(VER2 + 8, 1) },
	.error = E2BIG,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, set_struct_with_an_unknown_last_byte) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { LONGER_MAPPING(VER2 + 8, 1ULL << 63) },
	.error = E2BIG,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_guard_without_device) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.flags = OWNROUTE_FLAG_GUARD) },
	.error = EINVAL,
	.fault = 1,
	.says = "OWNROUTE_A_DEVICE",
};

FIXTURE_VARIANT_ADD(refused, set_guard_without_mark) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID, .flags = OWNROUTE_FLAG_GUARD,
			     .mark = 0, .mask = 0,
			     .action = OWNROUTE_ACTION_BYPASS),
	},
	.error = EINVAL,
	.fault = 1,
	.says = "GUARD",
};

FIXTURE_VARIANT_ADD(refused, new_reserved) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.reserved = 1) },
	.error = EINVAL,
	.fault = 1,
	.says = "reserved",
};

FIXTURE_VARIANT_ADD(refused, new_inbound_outside_its_mask) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.mark = 1, .mask = 0xf, .inbound = 0x12) },
	.error = EINVAL,
	.fault = 1,
	.says = "0x12",
};

FIXTURE_VARIANT_ADD(refused, set_inbound_that_is_the_mark) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = { ATTR_MAPPING(.id = TAKEN_ID, .inbound = 0x1111) },
	.error = EINVAL,
	.fault = 1,
	.says = "inbound",
};

FIXTURE_VARIANT_ADD(refused, new_inbound_with_mark_0) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(.mark = 0, .inbound = 1) },
	.error = EINVAL,
	.fault = 1,
	.says = "inbound",
};

FIXTURE_VARIANT_ADD(refused, set_inbound_without_mark) {
	.cmd = OWNROUTE_CMD_MAPPING_SET,
	.attrs = {
		ATTR_MAPPING(.id = TAKEN_ID, .mark = 0, .mask = 0, .inbound = 1,
			     .action = OWNROUTE_ACTION_BYPASS),
	},
	.error = EINVAL,
	.fault = 1,
	.says = "inbound",
};

FIXTURE_VARIANT_ADD(refused, new_inbound_without_stamp) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(.inbound = 1, .flags = OWNROUTE_FLAG_NOSTAMP),
	},
	.error = EINVAL,
	.fault = 1,
	.says = "NOSTAMP",
};

FIXTURE_VARIANT_ADD(refused, new_lan_without_mark) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = {
		ATTR_MAPPING(.flags = OWNROUTE_FLAG_LAN, .mark = 0, .mask = 0,
			     .action = OWNROUTE_ACTION_BLOCK),
	},
	.error = EINVAL,
	.fault = 1,
	.says = "LAN",
};

MODULE_HARNESS_MAIN
