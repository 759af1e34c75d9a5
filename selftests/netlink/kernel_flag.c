// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel's own sockets: here those that answer a ping.  They are root's by
 * their uid, and match nothing unless a mapping says so.
 */
#include <sched.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"
#include "tun.h"

FIXTURE(kernel_flag) {
	struct genl genl;
	int tun;
};

FIXTURE_VARIANT(kernel_flag) {
	int family;
};

FIXTURE_VARIANT_ADD(kernel_flag, ipv4) { .family = AF_INET };
FIXTURE_VARIANT_ADD(kernel_flag, ipv6) { .family = AF_INET6 };

FIXTURE_SETUP(kernel_flag)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	self->tun = tun_open();
	ASSERT_LE(0, self->tun);
}

FIXTURE_TEARDOWN(kernel_flag)
{
	close(self->tun);
	genl_close(&self->genl);
}

#define ALL_UIDS	.uid_min = 0, .uid_max = 4294967294
#define KERNEL		.flags = OWNROUTE_FLAG_KERNEL

TEST_F(kernel_flag, makes_them_match)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1, ALL_UIDS,
						       KERNEL), NULL));
	ASSERT_EQ(0, tun_be_pinged(self->tun, variant->family));
	EXPECT_EQ(1, mapping_packets(&self->genl, 1));
}

TEST_F(kernel_flag, without_it_they_match_nothing)
{
	struct ownroute_net_stats stats;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1, ALL_UIDS),
				 NULL));
	ASSERT_EQ(0, tun_be_pinged(self->tun, variant->family));
	EXPECT_EQ(0, mapping_packets(&self->genl, 1));
	ASSERT_EQ(0, net_stats_get(&self->genl, &stats));
	EXPECT_LE(1, stats.ownerless);
	EXPECT_EQ(0, stats.lookups);
}

/* Those without the flag that come first are passed by. */
TEST_F(kernel_flag, is_asked_of_each_mapping)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1, ALL_UIDS),
				 NULL));
	ASSERT_EQ(0, mapping_new(&self->genl,
				 &MAPPING(.id = 2, .uid_min = 0, .uid_max = 0,
					  .match = OWNROUTE_MATCH_CGROUP,
					  .cgroup = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 3, .uid_min = 1,
						       KERNEL), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 4, .uid_min = 0,
						       KERNEL), NULL));
	ASSERT_EQ(0, tun_be_pinged(self->tun, variant->family));
	EXPECT_EQ(0, mapping_packets(&self->genl, 1));
	EXPECT_EQ(0, mapping_packets(&self->genl, 2));
	EXPECT_EQ(0, mapping_packets(&self->genl, 3));
	EXPECT_EQ(1, mapping_packets(&self->genl, 4));

	/* The last of them goes, and they are ownerless again. */
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 4, .uid_min = 0)));
	ASSERT_EQ(0, tun_be_pinged(self->tun, variant->family));
	EXPECT_EQ(1, mapping_packets(&self->genl, 4));
	ASSERT_EQ(0, mapping_del(&self->genl, 3));
	ASSERT_EQ(0, tun_be_pinged(self->tun, variant->family));
	EXPECT_EQ(1, mapping_packets(&self->genl, 4));
}

TEST_F(kernel_flag, does_not_keep_users_out)
{
	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1, KERNEL), NULL));
	ASSERT_EQ(0, traffic_send(1001, 2));
	EXPECT_EQ(2, mapping_packets(&self->genl, 1));
}

/* It has no file, and so no group. */
TEST_F(kernel_flag, makes_no_group_match)
{
	ASSERT_EQ(0, mapping_new(&self->genl,
				 &MAPPING(.id = 1, .uid_min = 0, .uid_max = 0,
					  .match = OWNROUTE_MATCH_GID,
					  .gid_max = 4294967294, KERNEL),
				 NULL));
	ASSERT_EQ(0, tun_be_pinged(self->tun, variant->family));
	EXPECT_EQ(0, mapping_packets(&self->genl, 1));
}

TEST_F(kernel_flag, lets_them_be_blocked)
{
	ASSERT_EQ(0, mapping_new(&self->genl,
				 &MAPPING(.id = 1, ALL_UIDS, KERNEL, .mark = 0,
					  .mask = 0,
					  .action = OWNROUTE_ACTION_BLOCK),
				 NULL));
	EXPECT_EQ(-ETIMEDOUT, tun_be_pinged(self->tun, variant->family));
	EXPECT_EQ(1, mapping_packets(&self->genl, 1));
}

MODULE_HARNESS_MAIN
