// SPDX-License-Identifier: LGPL-2.1-or-later
/* How many mappings a namespace may have, and what happens at the limit. */
#include <sched.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"

FIXTURE(limit) {
	struct genl genl;
};

FIXTURE_SETUP(limit)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
}

FIXTURE_TEARDOWN(limit)
{
	genl_close(&self->genl);
}

static __u64 refused_limit(struct genl *genl)
{
	struct ownroute_net_stats stats;

	return net_stats_get(genl, &stats) ? ~0ULL : stats.refused_limit;
}

/* Refused with a reason, counted, told, and nothing else has changed. */
#define EXPECT_NO_MORE(_request)					      \
	do {								      \
		__u64 _refused = refused_limit(&self->genl);		      \
		struct snapshot _before, _after;			      \
		struct object _event;					      \
		struct genl _listener;					      \
									      \
		ASSERT_EQ(0, snapshot_take(&self->genl, &_before));	      \
		ASSERT_EQ(0, ownroute_open(&_listener));		      \
		ASSERT_EQ(0, genl_join(&_listener));			      \
		EXPECT_EQ(-ENOSPC, _request);				      \
		EXPECT_NE(0, self->genl.ack.text[0]);			      \
		ASSERT_EQ(0, event_next(&_listener, &_event));		      \
		genl_close(&_listener);					      \
		EXPECT_EQ(OWNROUTE_CMD_LIMIT_NTF, _event.cmd);		      \
		EXPECT_EQ(1U << OWNROUTE_A_INFO, _event.attrs);		      \
		ASSERT_EQ(0, snapshot_take(&self->genl, &_after));	      \
		EXPECT_EQ(0, memcmp(&_before, &_after, sizeof(_before)));     \
		EXPECT_EQ(0, memcmp(&_after.info, &_event.info,		      \
				    sizeof(_event.info)));		      \
		EXPECT_EQ(_refused + 1, refused_limit(&self->genl));	      \
	} while (0)

TEST_F(limit, has_a_default)
{
	struct ownroute_info info;

	ASSERT_EQ(0, info_get(&self->genl, &info));
	EXPECT_EQ(OWNROUTE_LIMIT_DEFAULT, info.limit);
	EXPECT_EQ(0, info.reserved);
}

/* It is no change of the mappings. */
TEST_F(limit, can_be_set)
{
	static const __u32 limits[] = { 1, 1000, OWNROUTE_LIMIT_MAX };
	struct ownroute_info before, info;
	unsigned int i;

	ASSERT_EQ(0, info_get(&self->genl, &before));
	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		ASSERT_EQ(0, limit_set(&self->genl, limits[i]));
		ASSERT_EQ(0, info_get(&self->genl, &info));
		EXPECT_EQ(limits[i], info.limit);
		EXPECT_EQ(before.generation, info.generation);
	}
}

TEST_F(limit, refuses_one_more)
{
	ASSERT_EQ(0, limit_set(&self->genl, 2));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));
	EXPECT_NO_MORE(mapping_new(&self->genl, &MAPPING(), NULL));
	EXPECT_NO_MORE(mapping_new(&self->genl, &MAPPING(.id = 7), NULL));

	EXPECT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 42, .mark = 2)));
	ASSERT_EQ(0, mapping_del(&self->genl, 42));
	EXPECT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 7), NULL));
	ASSERT_EQ(0, limit_set(&self->genl, 3));
	EXPECT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 8), NULL));
}

TEST_F(limit, leaves_those_that_are_there)
{
	struct object got[3];

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 3), NULL));
	ASSERT_EQ(0, limit_set(&self->genl, 1));
	EXPECT_EQ(3, mapping_dump(&self->genl, got, 3));
	EXPECT_NO_MORE(mapping_new(&self->genl, &MAPPING(), NULL));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_NO_MORE(mapping_new(&self->genl, &MAPPING(), NULL));
	EXPECT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 3, .mark = 2)));
	ASSERT_EQ(0, mapping_del(&self->genl, 3));
	EXPECT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
}

/* Everything or nothing, so nothing. */
TEST_F(limit, counts_at_the_commit)
{
	ASSERT_EQ(0, limit_set(&self->genl, 3));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3)));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 4)));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 5)));
	EXPECT_NO_MORE(transaction_commit(&self->genl));
	EXPECT_EQ(-ESRCH, transaction_abort(&self->genl));

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3)));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 4)));
	EXPECT_EQ(0, transaction_commit(&self->genl));
}

TEST_F(limit, lets_all_be_replaced)
{
	ASSERT_EQ(0, limit_set(&self->genl, 2));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3)));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 4)));
	EXPECT_EQ(0, transaction_commit(&self->genl));
}

/* What is kept takes memory too. */
TEST_F(limit, bounds_a_transaction)
{
	struct snapshot before, after;

	ASSERT_EQ(0, limit_set(&self->genl, 2));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, snapshot_take(&self->genl, &before));
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 1)));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 2)));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 3)));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 4)));
	EXPECT_NO_MORE(mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 5)));
	EXPECT_EQ(-EINVAL, transaction_commit(&self->genl));
	ASSERT_EQ(0, snapshot_take(&self->genl, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

TEST_F(limit, belongs_to_its_namespace)
{
	struct ownroute_info info;
	struct genl other;

	ASSERT_EQ(0, limit_set(&self->genl, 1));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&other));
	ASSERT_EQ(0, info_get(&other, &info));
	EXPECT_EQ(OWNROUTE_LIMIT_DEFAULT, info.limit);
	EXPECT_EQ(0, mapping_new(&other, &MAPPING(), NULL));
	EXPECT_EQ(0, mapping_new(&other, &MAPPING(), NULL));
	EXPECT_EQ(-ENOSPC, mapping_new(&self->genl, &MAPPING(), NULL));
	EXPECT_EQ(1, refused_limit(&self->genl));
	EXPECT_EQ(0, refused_limit(&other));
	genl_close(&other);
}

MODULE_HARNESS_MAIN
