// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The interface as 64-bit, 32-bit and x32 programs see it: this source is built
 * for each of them, against the same layout and the same kernel.
 */
#include <assert.h>
#include <sched.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"

#define ASSERT_MEMBER(_struct, _member, _offset, _size)			      \
	static_assert(offsetof(struct _struct, _member) == (_offset) &&       \
		      sizeof(((struct _struct *)0)->_member) == (_size),      \
		      #_struct "." #_member " moved")

static_assert(sizeof(struct ownroute_mapping) == OWNROUTE_MAPPING_SIZE_VER2,
	      "version 2 is the last");
ASSERT_MEMBER(ownroute_mapping, size, 0, 4);
ASSERT_MEMBER(ownroute_mapping, flags, 4, 4);
ASSERT_MEMBER(ownroute_mapping, id, 8, 4);
ASSERT_MEMBER(ownroute_mapping, priority, 12, 4);
ASSERT_MEMBER(ownroute_mapping, match, 16, 4);
ASSERT_MEMBER(ownroute_mapping, action, 20, 4);
ASSERT_MEMBER(ownroute_mapping, uid_min, 24, 4);
ASSERT_MEMBER(ownroute_mapping, uid_max, 28, 4);
ASSERT_MEMBER(ownroute_mapping, mark, 32, 4);
ASSERT_MEMBER(ownroute_mapping, mask, 36, 4);
static_assert(OWNROUTE_MAPPING_SIZE_VER0 == 40, "version 0 changed its size");
ASSERT_MEMBER(ownroute_mapping, gid_min, 40, 4);
ASSERT_MEMBER(ownroute_mapping, gid_max, 44, 4);
ASSERT_MEMBER(ownroute_mapping, cgroup, 48, 8);
static_assert(OWNROUTE_MAPPING_SIZE_VER1 == 56, "version 1 changed its size");
ASSERT_MEMBER(ownroute_mapping, inbound, 56, 4);
ASSERT_MEMBER(ownroute_mapping, reserved, 60, 4);
static_assert(OWNROUTE_MAPPING_SIZE_VER2 == 64, "version 2 changed its size");

static_assert(sizeof(struct ownroute_nat) == OWNROUTE_NAT_SIZE_VER0,
	      "version 0 is the only one yet");
ASSERT_MEMBER(ownroute_nat, size, 0, 4);
ASSERT_MEMBER(ownroute_nat, flags, 4, 4);
ASSERT_MEMBER(ownroute_nat, source_ipv4, 8, 4);
ASSERT_MEMBER(ownroute_nat, dns_ipv4, 12, 4);
ASSERT_MEMBER(ownroute_nat, source_ipv6, 16, 16);
ASSERT_MEMBER(ownroute_nat, dns_ipv6, 32, 16);
static_assert(OWNROUTE_NAT_SIZE_VER0 == 48, "version 0 changed its size");

static_assert(sizeof(struct ownroute_stats) == OWNROUTE_STATS_SIZE_VER2,
	      "version 2 is the last");
ASSERT_MEMBER(ownroute_stats, size, 0, 4);
ASSERT_MEMBER(ownroute_stats, reserved, 4, 4);
ASSERT_MEMBER(ownroute_stats, packets, 8, 8);
ASSERT_MEMBER(ownroute_stats, bytes, 16, 8);
static_assert(OWNROUTE_STATS_SIZE_VER0 == 24, "version 0 changed its size");
ASSERT_MEMBER(ownroute_stats, stamped, 24, 8);
ASSERT_MEMBER(ownroute_stats, reroutes, 32, 8);
ASSERT_MEMBER(ownroute_stats, drops, 40, 8);
static_assert(OWNROUTE_STATS_SIZE_VER1 == 48, "version 1 changed its size");
ASSERT_MEMBER(ownroute_stats, guarded, 48, 8);
static_assert(OWNROUTE_STATS_SIZE_VER2 == 56, "version 2 changed its size");

static_assert(sizeof(struct ownroute_info) == OWNROUTE_INFO_SIZE_VER1,
	      "version 1 is the last");
ASSERT_MEMBER(ownroute_info, size, 0, 4);
ASSERT_MEMBER(ownroute_info, mappings, 4, 4);
ASSERT_MEMBER(ownroute_info, features, 8, 8);
ASSERT_MEMBER(ownroute_info, generation, 16, 8);
static_assert(OWNROUTE_INFO_SIZE_VER0 == 24, "version 0 changed its size");
ASSERT_MEMBER(ownroute_info, limit, 24, 4);
ASSERT_MEMBER(ownroute_info, reserved, 28, 4);
static_assert(OWNROUTE_INFO_SIZE_VER1 == 32, "version 1 changed its size");

static_assert(sizeof(struct ownroute_net_stats) ==
	      OWNROUTE_NET_STATS_SIZE_VER0, "version 0 is the only one yet");
ASSERT_MEMBER(ownroute_net_stats, size, 0, 4);
ASSERT_MEMBER(ownroute_net_stats, reserved, 4, 4);
ASSERT_MEMBER(ownroute_net_stats, lookups, 8, 8);
ASSERT_MEMBER(ownroute_net_stats, misses, 16, 8);
ASSERT_MEMBER(ownroute_net_stats, ownerless, 24, 8);
ASSERT_MEMBER(ownroute_net_stats, nomem, 32, 8);
ASSERT_MEMBER(ownroute_net_stats, refused_invalid, 40, 8);
ASSERT_MEMBER(ownroute_net_stats, refused_exists, 48, 8);
ASSERT_MEMBER(ownroute_net_stats, refused_missing, 56, 8);
ASSERT_MEMBER(ownroute_net_stats, refused_limit, 64, 8);
ASSERT_MEMBER(ownroute_net_stats, refused_busy, 72, 8);
ASSERT_MEMBER(ownroute_net_stats, refused_other, 80, 8);
static_assert(OWNROUTE_NET_STATS_SIZE_VER0 == 88, "version 0 changed its size");

static_assert(sizeof(struct ownroute_owner) == OWNROUTE_OWNER_SIZE_VER0,
	      "version 0 is the only one yet");
ASSERT_MEMBER(ownroute_owner, size, 0, 4);
ASSERT_MEMBER(ownroute_owner, flags, 4, 4);
ASSERT_MEMBER(ownroute_owner, uid, 8, 4);
ASSERT_MEMBER(ownroute_owner, gid, 12, 4);
ASSERT_MEMBER(ownroute_owner, cgroup, 16, 8);
static_assert(OWNROUTE_OWNER_SIZE_VER0 == 24, "version 0 changed its size");

/* Numbers are never given to another thing. */
static_assert(OWNROUTE_CMD_INFO_GET == 1 && OWNROUTE_CMD_MAPPING_NEW == 2 &&
	      OWNROUTE_CMD_MAPPING_SET == 3 && OWNROUTE_CMD_MAPPING_DEL == 4 &&
	      OWNROUTE_CMD_MAPPING_GET == 5 && OWNROUTE_CMD_FLUSH == 6 &&
	      OWNROUTE_CMD_MAPPING_NEW_NTF == 7 &&
	      OWNROUTE_CMD_MAPPING_SET_NTF == 8 &&
	      OWNROUTE_CMD_MAPPING_DEL_NTF == 9 &&
	      OWNROUTE_CMD_FLUSH_NTF == 10 && OWNROUTE_CMD_BEGIN == 11 &&
	      OWNROUTE_CMD_COMMIT == 12 && OWNROUTE_CMD_ABORT == 13 &&
	      OWNROUTE_CMD_LIMIT_SET == 14 && OWNROUTE_CMD_STATS_GET == 15 &&
	      OWNROUTE_CMD_LOOKUP == 16 && OWNROUTE_CMD_REPLACED_NTF == 17 &&
	      OWNROUTE_CMD_LIMIT_NTF == 18 &&
	      OWNROUTE_CMD_GUARDED_NTF == 19, "a command changed its number");
static_assert(OWNROUTE_A_INFO == 1 && OWNROUTE_A_ID == 2 &&
	      OWNROUTE_A_MAPPING == 3 && OWNROUTE_A_STATS == 4 &&
	      OWNROUTE_A_COMMENT == 5 && OWNROUTE_A_USERDATA == 6 &&
	      OWNROUTE_A_NET_STATS == 7 && OWNROUTE_A_OWNER == 8 &&
	      OWNROUTE_A_GROUPS == 9 && OWNROUTE_A_DEVICE == 10 &&
	      OWNROUTE_A_DESTINATION == 11,
	      "an attribute changed its number");

TEST(new_get_and_dump)
{
	const struct object wanted = {
		.attrs = 1U << OWNROUTE_A_COMMENT | 1U << OWNROUTE_A_USERDATA,
		.mapping = MAPPING(.id = 0x80000001, .priority = 0xfffffffe,
				   .uid_min = 1, .uid_max = 4294967294,
				   .mark = 0x80000000, .mask = 0x80000001),
		.comment = "for people",
		.userdata = "for programs",
		.userdata_len = 12,
	};
	struct ownroute_info info;
	struct object got, dumped;
	struct genl genl;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&genl));
	ASSERT_EQ(0, mapping_new_with(&genl, &wanted, &got));
	ASSERT_EQ(0, mapping_get(&genl, wanted.mapping.id, &got));
	EXPECT_EQ(0, memcmp(&wanted.mapping, &got.mapping,
			    sizeof(got.mapping)));
	EXPECT_STREQ(wanted.comment, got.comment);
	EXPECT_EQ(wanted.userdata_len, got.userdata_len);
	EXPECT_EQ(0, memcmp(wanted.userdata, got.userdata,
			    sizeof(got.userdata)));
	ASSERT_EQ(1, mapping_dump(&genl, &dumped, 1));
	EXPECT_EQ(0, memcmp(&got, &dumped, sizeof(got)));
	ASSERT_EQ(0, info_get(&genl, &info));
	EXPECT_EQ(1, info.mappings);
	EXPECT_EQ(OWNROUTE_FEATURE_CGROUP, info.features);
	EXPECT_EQ(0, info.generation >> 32);
	genl_close(&genl);
}

MODULE_HARNESS_MAIN
