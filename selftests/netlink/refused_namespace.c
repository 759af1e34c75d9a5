// SPDX-License-Identifier: LGPL-2.1-or-later
/* Requests about the namespace, or an owner in it, that are refused. */
#include "refused.h"

#define ATTR_INFO(...)							      \
	ATTR(OWNROUTE_A_INFO, (&(const struct ownroute_info) {		      \
		.size = sizeof(struct ownroute_info),			      \
		__VA_ARGS__						      \
	     }), sizeof(struct ownroute_info))
#define ATTR_OWNER(...)							      \
	ATTR(OWNROUTE_A_OWNER, &OWNER(__VA_ARGS__),			      \
	     sizeof(struct ownroute_owner))

static const __u32 groups[OWNROUTE_GROUPS_MAX + 1];

#define ATTR_GROUPS(_len)						      \
	ATTR(OWNROUTE_A_GROUPS, groups, _len)

/* The limit */

FIXTURE_VARIANT_ADD(refused, limit_missing) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.error = EINVAL,
	.missing = OWNROUTE_A_INFO,
};

FIXTURE_VARIANT_ADD(refused, limit_0) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = { ATTR_INFO() },
	.error = EINVAL,
	.fault = 1,
	.says = "limit 0",
};

FIXTURE_VARIANT_ADD(refused, limit_above_the_highest) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = { ATTR_INFO(.limit = OWNROUTE_LIMIT_MAX + 1) },
	.error = EINVAL,
	.fault = 1,
	.says = "1048577",
};

FIXTURE_VARIANT_ADD(refused, limit_4294967295) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = { ATTR_INFO(.limit = 4294967295) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, limit_with_mappings) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = { ATTR_INFO(.limit = 10, .mappings = 1) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, limit_with_features) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = { ATTR_INFO(.limit = 10, .features = 1ULL << 63) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, limit_with_generation) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = { ATTR_INFO(.limit = 10, .generation = 1) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, limit_with_reserved) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = { ATTR_INFO(.limit = 10, .reserved = 1) },
	.error = EINVAL,
	.fault = 1,
};

/* Version 0 had no limit, and none is 0. */
FIXTURE_VARIANT_ADD(refused, limit_of_version_0) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = {
		ATTR(OWNROUTE_A_INFO, (&(const struct ownroute_info) {
			.size = OWNROUTE_INFO_SIZE_VER0,
			.limit = 10,
		     }), OWNROUTE_INFO_SIZE_VER0),
	},
	.error = EINVAL,
	.fault = 1,
	.says = "limit 0",
};

FIXTURE_VARIANT_ADD(refused, limit_in_a_struct_too_short) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = { ATTR_U32(OWNROUTE_A_INFO, 4) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, limit_with_an_id) {
	.cmd = OWNROUTE_CMD_LIMIT_SET,
	.attrs = { ATTR_INFO(.limit = 10), ATTR_U32(OWNROUTE_A_ID, 1) },
	.error = EINVAL,
	.fault = 2,
};

/* Looking an owner up */

FIXTURE_VARIANT_ADD(refused, lookup_of_nobody) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.error = EINVAL,
	.missing = OWNROUTE_A_OWNER,
};

FIXTURE_VARIANT_ADD(refused, lookup_of_groups_alone) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_GROUPS(4) },
	.error = EINVAL,
	.missing = OWNROUTE_A_OWNER,
};

FIXTURE_VARIANT_ADD(refused, lookup_with_unknown_flag) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_OWNER(.flags = 0x40) },
	.error = EINVAL,
	.fault = 1,
	.says = "0x40",
};

/* It is a flag of mappings. */
FIXTURE_VARIANT_ADD(refused, lookup_with_suppl) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_OWNER(.flags = OWNROUTE_FLAG_SUPPL) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, lookup_with_half_a_group) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_OWNER(), ATTR_GROUPS(6) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, lookup_with_a_byte_of_a_group) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_OWNER(), ATTR_GROUPS(1) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, lookup_with_no_group) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_OWNER(), ATTR_GROUPS(0) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, lookup_with_too_many_groups) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_OWNER(), ATTR_GROUPS(sizeof(groups)) },
	.error = EINVAL,
	.fault = 2,
	.says = "1024",
};

FIXTURE_VARIANT_ADD(refused, lookup_in_a_missing_cgroup) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_OWNER(.cgroup = 1ULL << 40) },
	.error = ENOENT,
	.fault = 1,
	.says = "1099511627776",
};

FIXTURE_VARIANT_ADD(refused, lookup_of_who_meets_nothing) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_OWNER(.uid = 1) },
	.error = ENOENT,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, lookup_of_a_struct_too_short) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR(OWNROUTE_A_OWNER, &OWNER(.size = 20), 20) },
	.error = EINVAL,
	.fault = 1,
};

struct longer_owner {
	struct ownroute_owner	known;
	__u64			unknown;
};

FIXTURE_VARIANT_ADD(refused, lookup_with_an_unknown_member) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = {
		ATTR(OWNROUTE_A_OWNER, (&(const struct longer_owner) {
			.known = OWNER_INIT(.size = sizeof(struct longer_owner)),
			.unknown = 1,
		     }), sizeof(struct longer_owner)),
	},
	.error = E2BIG,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, lookup_with_an_id) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.attrs = { ATTR_OWNER(), ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, lookup_as_a_dump) {
	.cmd = OWNROUTE_CMD_LOOKUP,
	.nlmsg_flags = NLM_F_DUMP,
	.attrs = { ATTR_OWNER() },
	.error = EOPNOTSUPP,
	.wordless = true,
};

/* Commands without attributes */

FIXTURE_VARIANT_ADD(refused, begin_with_an_id) {
	.cmd = OWNROUTE_CMD_BEGIN,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, commit_with_an_id) {
	.cmd = OWNROUTE_CMD_COMMIT,
	.attrs = { ATTR_U32(OWNROUTE_A_ID, TAKEN_ID) },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, abort_with_a_mapping) {
	.cmd = OWNROUTE_CMD_ABORT,
	.attrs = { ATTR_MAPPING() },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, stats_get_with_an_owner) {
	.cmd = OWNROUTE_CMD_STATS_GET,
	.attrs = { ATTR_OWNER() },
	.error = EINVAL,
	.fault = 1,
};

FIXTURE_VARIANT_ADD(refused, new_with_an_owner) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR_OWNER() },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_with_groups) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR_GROUPS(4) },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, new_with_info) {
	.cmd = OWNROUTE_CMD_MAPPING_NEW,
	.attrs = { ATTR_MAPPING(), ATTR_INFO() },
	.error = EINVAL,
	.fault = 2,
};

FIXTURE_VARIANT_ADD(refused, commit_of_nothing) {
	.cmd = OWNROUTE_CMD_COMMIT,
	.error = ESRCH,
};

FIXTURE_VARIANT_ADD(refused, abort_of_nothing) {
	.cmd = OWNROUTE_CMD_ABORT,
	.error = ESRCH,
};

/* Notifications are no requests */

FIXTURE_VARIANT_ADD(refused, replaced_ntf) {
	.cmd = OWNROUTE_CMD_REPLACED_NTF,
	.error = EOPNOTSUPP,
	.wordless = true,
};

FIXTURE_VARIANT_ADD(refused, limit_ntf) {
	.cmd = OWNROUTE_CMD_LIMIT_NTF,
	.error = EOPNOTSUPP,
	.wordless = true,
};

MODULE_HARNESS_MAIN
