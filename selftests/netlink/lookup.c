// SPDX-License-Identifier: LGPL-2.1-or-later
/* The question which mapping an owner meets. */
#include <sched.h>

#include <kselftest_harness.h>

#include "cgroups.h"
#include "mappings.h"
#include "module.h"

FIXTURE(lookup) {
	struct genl genl;
};

FIXTURE_SETUP(lookup)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
}

FIXTURE_TEARDOWN(lookup)
{
	genl_close(&self->genl);
}

/* A mapping without a uid range. */
#define OTHER_MAPPING(_match, ...)					      \
	MAPPING(.match = (_match), .uid_min = 0, .uid_max = 0, __VA_ARGS__)

/* Id of the mapping, or a negative errno. */
static int meets(struct genl *genl, const struct ownroute_owner *owner,
		 const __u32 *groups, int count)
{
	struct object got;
	int err = owner_lookup(genl, owner, groups, count, &got);

	return err ? err : (int)got.mapping.id;
}

#define MEETS(...)	meets(&self->genl, &OWNER(__VA_ARGS__), NULL, 0)

TEST_F(lookup, shows_what_get_shows)
{
	const struct object wanted = {
		.attrs = 1U << OWNROUTE_A_COMMENT | 1U << OWNROUTE_A_USERDATA,
		.mapping = MAPPING(.id = 42),
		.comment = "for people",
		.userdata = "for programs",
		.userdata_len = 12,
	};
	struct object made, got, found;

	ASSERT_EQ(0, mapping_new_with(&self->genl, &wanted, &made));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	ASSERT_EQ(0, owner_lookup(&self->genl, &OWNER(), NULL, 0, &found));
	got.cmd = OWNROUTE_CMD_LOOKUP;
	EXPECT_EQ(0, memcmp(&got, &found, sizeof(got)));
}

TEST_F(lookup, finds_nothing_where_nothing_is)
{
	EXPECT_EQ(-ENOENT, MEETS());
	EXPECT_NE(0, self->genl.ack.text[0]);
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	EXPECT_EQ(-ENOENT, MEETS(.uid = 1002));
	EXPECT_EQ(1, MEETS());
	ASSERT_EQ(0, mapping_flush(&self->genl));
	EXPECT_EQ(-ENOENT, MEETS());
}

TEST_F(lookup, by_uid)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1, .uid_min = 1001,
						       .uid_max = 1010), NULL));
	EXPECT_EQ(-ENOENT, MEETS(.uid = 1000));
	EXPECT_EQ(1, MEETS(.uid = 1001));
	EXPECT_EQ(1, MEETS(.uid = 1010));
	EXPECT_EQ(-ENOENT, MEETS(.uid = 1011));
	EXPECT_EQ(-ENOENT, MEETS(.uid = 0));
}

/* 4294967295 is nobody, not even one of all. */
TEST_F(lookup, of_nobody)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1, .uid_min = 0,
						       .uid_max = 4294967294),
				 NULL));
	EXPECT_EQ(1, MEETS(.uid = 0));
	EXPECT_EQ(1, MEETS(.uid = 4294967294));
	EXPECT_EQ(-ENOENT, MEETS(.uid = 4294967295));

	ASSERT_EQ(0, mapping_new(&self->genl,
				 &OTHER_MAPPING(OWNROUTE_MATCH_GID, .id = 2,
						.gid_max = 4294967294), NULL));
	EXPECT_EQ(2, MEETS(.uid = 4294967295));
	EXPECT_EQ(2, MEETS(.uid = 4294967295, .gid = 4294967294));
	EXPECT_EQ(-ENOENT, MEETS(.uid = 4294967295, .gid = 4294967295));
}

TEST_F(lookup, by_gid_and_groups)
{
	const __u32 groups[] = { 7, 2002, 4294967295 };

	ASSERT_EQ(0, mapping_new(&self->genl,
				 &OTHER_MAPPING(OWNROUTE_MATCH_GID, .id = 1,
						.gid_min = 2002,
						.gid_max = 2002), NULL));
	EXPECT_EQ(-ENOENT, MEETS());
	EXPECT_EQ(1, MEETS(.gid = 2002));
	EXPECT_EQ(-ENOENT, meets(&self->genl, &OWNER(), groups, 3));

	ASSERT_EQ(0, mapping_new(&self->genl,
				 &OTHER_MAPPING(OWNROUTE_MATCH_GID, .id = 2,
						.gid_min = 2002,
						.gid_max = 2002,
						.flags = OWNROUTE_FLAG_SUPPL),
				 NULL));
	EXPECT_EQ(1, MEETS(.gid = 2002));
	EXPECT_EQ(2, meets(&self->genl, &OWNER(), groups, 3));
	EXPECT_EQ(-ENOENT, meets(&self->genl, &OWNER(), groups, 1));
}

TEST_F(lookup, takes_as_many_groups_as_there_can_be)
{
	__u32 groups[OWNROUTE_GROUPS_MAX];
	int i;

	for (i = 0; i < OWNROUTE_GROUPS_MAX; i++)
		groups[i] = 5000 - i;
	ASSERT_EQ(0, mapping_new(&self->genl,
				 &MAPPING(.id = 1, .gid_min = groups[i - 1],
					  .gid_max = groups[i - 1],
					  .match = OWNROUTE_MATCH_UID |
						   OWNROUTE_MATCH_GID,
					  .flags = OWNROUTE_FLAG_SUPPL), NULL));
	EXPECT_EQ(1, meets(&self->genl, &OWNER(), groups, i));
	EXPECT_EQ(-ENOENT, meets(&self->genl, &OWNER(), groups, i - 1));
}

TEST_F(lookup, by_kernel_flag)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	EXPECT_EQ(1, MEETS());
	EXPECT_EQ(-ENOENT, MEETS(.flags = OWNROUTE_FLAG_KERNEL));
	ASSERT_EQ(0, mapping_new(&self->genl,
				 &MAPPING(.id = 2,
					  .flags = OWNROUTE_FLAG_KERNEL),
				 NULL));
	EXPECT_EQ(1, MEETS());
	EXPECT_EQ(2, MEETS(.flags = OWNROUTE_FLAG_KERNEL));
}

TEST_F(lookup, by_cgroup_and_what_is_below)
{
	const __u64 here = cgroup_id("");

	ASSERT_EQ(0, cgroup_make("a"));
	ASSERT_EQ(0, cgroup_make("a/b"));
	ASSERT_EQ(0, cgroup_make("c"));
	ASSERT_NE(0, here);
	ASSERT_EQ(0, mapping_new(&self->genl,
				 &OTHER_MAPPING(OWNROUTE_MATCH_CGROUP, .id = 1,
						.cgroup = cgroup_id("a")),
				 NULL));
	EXPECT_EQ(1, MEETS(.cgroup = cgroup_id("a")));
	EXPECT_EQ(1, MEETS(.cgroup = cgroup_id("a/b")));
	EXPECT_EQ(-ENOENT, MEETS(.cgroup = cgroup_id("c")));
	EXPECT_EQ(-ENOENT, MEETS(.cgroup = here));
	EXPECT_EQ(-ENOENT, MEETS());

	ASSERT_EQ(0, mapping_new(&self->genl,
				 &MAPPING(.id = 2, .priority = 1,
					  .match = OWNROUTE_MATCH_UID |
						   OWNROUTE_MATCH_CGROUP,
					  .cgroup = here), NULL));
	EXPECT_EQ(2, MEETS(.cgroup = cgroup_id("a/b")));
	EXPECT_EQ(1, MEETS(.uid = 1002, .cgroup = cgroup_id("a/b")));
	EXPECT_EQ(2, MEETS(.cgroup = here));
	EXPECT_EQ(-ENOENT, MEETS());

	EXPECT_EQ(0, cgroup_remove("a/b"));
	EXPECT_EQ(0, cgroup_remove("a"));
	EXPECT_EQ(0, cgroup_remove("c"));
}

TEST_F(lookup, in_a_cgroup_that_is_gone)
{
	__u64 id;

	ASSERT_EQ(0, cgroup_make("gone"));
	id = cgroup_id("gone");
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	EXPECT_EQ(1, MEETS(.cgroup = id));
	ASSERT_EQ(0, cgroup_remove("gone"));
	EXPECT_EQ(-ENOENT, MEETS(.cgroup = id));
	EXPECT_NE(NULL, strstr(self->genl.ack.text, "cgroup"));

	/* Nor can there be a mapping of it. */
	EXPECT_EQ(-ENOENT, mapping_new(&self->genl,
				       &OTHER_MAPPING(OWNROUTE_MATCH_CGROUP,
						      .cgroup = id), NULL));
	EXPECT_NE(NULL, strstr(self->genl.ack.text, "cgroup"));
	EXPECT_EQ(NLMSG_LENGTH(GENL_HDRLEN), self->genl.ack.offset);
}

TEST_F(lookup, in_the_order_of_priority_and_id)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 9), NULL));
	EXPECT_EQ(9, MEETS());
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 10), NULL));
	EXPECT_EQ(9, MEETS());
	ASSERT_EQ(0, mapping_new(&self->genl,
				 &OTHER_MAPPING(OWNROUTE_MATCH_GID, .id = 8,
						.gid_max = 3000), NULL));
	EXPECT_EQ(8, MEETS());
	ASSERT_EQ(0, mapping_new(&self->genl,
				 &MAPPING(.id = 11, .priority = 999,
					  .uid_max = 5000), NULL));
	EXPECT_EQ(11, MEETS());
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 9, .priority = 0)));
	EXPECT_EQ(9, MEETS());
	ASSERT_EQ(0, mapping_del(&self->genl, 9));
	EXPECT_EQ(11, MEETS());
	ASSERT_EQ(0, mapping_del(&self->genl, 11));
	EXPECT_EQ(8, MEETS());
	ASSERT_EQ(0, mapping_del(&self->genl, 8));
	EXPECT_EQ(10, MEETS());
}

TEST_F(lookup, counts_nothing)
{
	struct ownroute_net_stats before, after;
	struct snapshot old, new;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, snapshot_take(&self->genl, &old));
	ASSERT_EQ(0, net_stats_get(&self->genl, &before));
	EXPECT_EQ(1, MEETS());
	EXPECT_EQ(-ENOENT, MEETS(.uid = 1));
	ASSERT_EQ(0, net_stats_get(&self->genl, &after));
	EXPECT_EQ(before.lookups, after.lookups);
	EXPECT_EQ(before.misses, after.misses);
	ASSERT_EQ(0, snapshot_take(&self->genl, &new));
	EXPECT_EQ(0, memcmp(&old, &new, sizeof(old)));
}

/* It asks for what is, not for what is to be. */
TEST_F(lookup, does_not_see_a_transaction)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 1)));
	EXPECT_EQ(-ENOENT, MEETS());
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_EQ(1, MEETS());
}

MODULE_HARNESS_MAIN
