// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is counted: of the namespace's packets and requests, and of a mapping's. */
#include <sched.h>
#include <stdlib.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"
#include "tun.h"

FIXTURE(stats) {
	struct genl genl;
	struct genl other;
	struct ownroute_net_stats last;
};

FIXTURE_SETUP(stats)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, ownroute_open(&self->other));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, net_stats_get(&self->genl, &self->last));
}

FIXTURE_TEARDOWN(stats)
{
	genl_close(&self->genl);
	genl_close(&self->other);
}

/* One more of @_member, and of nothing else, than the last time. */
#define EXPECT_COUNTED(_member, _result, _request)			      \
	do {								      \
		struct ownroute_net_stats _stats;			      \
									      \
		EXPECT_EQ(_result, _request);				      \
		ASSERT_EQ(0, net_stats_get(&self->genl, &_stats));	      \
		self->last._member++;					      \
		EXPECT_EQ(0, memcmp(&self->last, &_stats, sizeof(_stats)));   \
		self->last = _stats;					      \
	} while (0)

TEST_F(stats, begin_with_nothing)
{
	const struct ownroute_net_stats none = { .size = sizeof(none) };

	EXPECT_EQ(0, memcmp(&none, &self->last, sizeof(none)));
}

TEST_F(stats, refused_requests_by_reason)
{
	struct object got;

	EXPECT_COUNTED(refused_invalid, -EINVAL,
		       mapping_new(&self->genl, &MAPPING(.mask = 0), &got));
	EXPECT_COUNTED(refused_invalid, -EINVAL,
		       mapping_set(&self->genl, &MAPPING(.flags = 8)));
	EXPECT_COUNTED(refused_invalid, -EINVAL, limit_set(&self->genl, 0));
	EXPECT_COUNTED(refused_exists, -EEXIST,
		       mapping_new(&self->genl, &MAPPING(.id = 1), &got));
	EXPECT_COUNTED(refused_missing, -ENOENT,
		       mapping_set(&self->genl, &MAPPING(.id = 2)));
	EXPECT_COUNTED(refused_missing, -ENOENT, mapping_del(&self->genl, 2));
	EXPECT_COUNTED(refused_missing, -ENOENT,
		       mapping_get(&self->genl, 2, &got));
	EXPECT_COUNTED(refused_missing, -ESRCH,
		       transaction_commit(&self->genl));
	EXPECT_COUNTED(refused_missing, -ESRCH,
		       transaction_abort(&self->genl));

	ASSERT_EQ(0, limit_set(&self->genl, 1));
	EXPECT_COUNTED(refused_limit, -ENOSPC,
		       mapping_new(&self->genl, &MAPPING(), &got));

	ASSERT_EQ(0, transaction_begin(&self->genl));
	EXPECT_COUNTED(refused_busy, -EBUSY, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, mapping_set(&self->other, &MAPPING(.id = 1)));
	EXPECT_COUNTED(refused_busy, -EAGAIN, transaction_commit(&self->genl));
}

/* Longer than known, and not zero there. */
TEST_F(stats, refused_requests_that_ask_for_too_much)
{
	const struct {
		struct ownroute_mapping known;
		__u64 unknown;
	} mapping = {
		.known = MAPPING_INIT(.size = sizeof(mapping)),
		.unknown = 1,
	};
	struct genl_msg msg;

	genl_msg_init(&msg, &self->genl, OWNROUTE_CMD_MAPPING_NEW, 0);
	genl_msg_put(&msg, OWNROUTE_A_MAPPING, &mapping, sizeof(mapping));
	EXPECT_COUNTED(refused_invalid, -E2BIG,
		       genl_talk(&self->genl, &msg, NULL, NULL));
}

/* A change that is refused at the commit is one refused request. */
TEST_F(stats, refused_commits)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 1)));
	ASSERT_EQ(0, mapping_del(&self->genl, 7));
	EXPECT_COUNTED(refused_exists, -EEXIST,
		       transaction_commit(&self->genl));
}

TEST_F(stats, packets_of_the_namespace)
{
	struct ownroute_net_stats stats;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_set(&self->genl,
				 &MAPPING(.id = 1,
					  .flags = OWNROUTE_FLAG_NOSTAMP)));
	ASSERT_EQ(0, traffic_send(1001, 3));
	ASSERT_EQ(0, traffic_send(1002, 2));
	ASSERT_EQ(0, net_stats_get(&self->genl, &stats));
	EXPECT_EQ(5, stats.lookups);
	EXPECT_EQ(2, stats.misses);

	/* Without mappings and stamps nobody looks. */
	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, traffic_send(1001, 1));
	ASSERT_EQ(0, net_stats_get(&self->genl, &stats));
	EXPECT_EQ(5, stats.lookups);
	EXPECT_EQ(2, stats.misses);
}

TEST_F(stats, packets_without_an_owner)
{
	struct ownroute_net_stats before, after;
	int tun;

	tun = tun_open();
	ASSERT_LE(0, tun);
	ASSERT_EQ(0, net_stats_get(&self->genl, &before));
	ASSERT_EQ(0, tun_be_pinged(tun, AF_INET));
	ASSERT_EQ(0, tun_be_pinged(tun, AF_INET));
	ASSERT_EQ(0, net_stats_get(&self->genl, &after));
	EXPECT_LE(before.ownerless + 2, after.ownerless);
	EXPECT_EQ(0, after.lookups);
	EXPECT_EQ(0, after.misses);
	close(tun);
}

TEST_F(stats, belong_to_their_namespace)
{
	struct ownroute_net_stats stats;
	struct genl elsewhere;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&elsewhere));
	ASSERT_EQ(-ENOENT, mapping_del(&elsewhere, 1));
	ASSERT_EQ(0, net_stats_get(&elsewhere, &stats));
	EXPECT_EQ(1, stats.refused_missing);
	ASSERT_EQ(0, net_stats_get(&self->genl, &stats));
	EXPECT_EQ(0, stats.refused_missing);
	genl_close(&elsewhere);
}

/* A datagram of a socket that isn't connected is routed again, stamp or not. */
TEST_F(stats, reroutes_of_a_mapping)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, traffic_send(1001, 3));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(3, got.stats.packets);
	EXPECT_EQ(1, got.stats.stamped);
	EXPECT_EQ(3, got.stats.reroutes);
	EXPECT_EQ(0, got.stats.drops);

	ASSERT_EQ(0, mapping_set(&self->genl,
				 &MAPPING(.id = 1,
					  .flags = OWNROUTE_FLAG_NOSTAMP)));
	ASSERT_EQ(0, traffic_send(1001, 3));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(6, got.stats.packets);
	EXPECT_EQ(1, got.stats.stamped);
	EXPECT_EQ(6, got.stats.reroutes);
}

TEST_F(stats, drops_of_a_mapping_that_blocks)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_set(&self->genl,
				 &MAPPING(.id = 1, .mark = 0, .mask = 0,
					  .action = OWNROUTE_ACTION_BLOCK)));
	EXPECT_EQ(-EPERM, traffic_send(1001, 1));
	EXPECT_EQ(-EPERM, traffic_send(1001, 1));
	EXPECT_EQ(0, traffic_send(1002, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(2, got.stats.packets);
	EXPECT_EQ(2 * TRAFFIC_PACKET_LEN, got.stats.bytes);
	EXPECT_EQ(2, got.stats.drops);
	EXPECT_EQ(0, got.stats.reroutes);
}

TEST_F(stats, drops_of_a_mapping_without_a_route)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, system("ip rule add fwmark 0x1111 unreachable"));
	EXPECT_EQ(-ENETUNREACH, traffic_send(1001, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(1, got.stats.packets);
	EXPECT_EQ(1, got.stats.reroutes);
	EXPECT_EQ(1, got.stats.drops);
}

TEST_F(stats, packets_of_a_mapping_that_bypasses)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_set(&self->genl,
				 &MAPPING(.id = 1, .mark = 0, .mask = 0,
					  .action = OWNROUTE_ACTION_BYPASS)));
	ASSERT_EQ(0, traffic_send(1001, 2));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(2, got.stats.packets);
	EXPECT_EQ(0, got.stats.reroutes);
	EXPECT_EQ(0, got.stats.drops);
}

MODULE_HARNESS_MAIN
