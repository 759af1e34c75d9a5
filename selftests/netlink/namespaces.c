// SPDX-License-Identifier: LGPL-2.1-or-later
/* Mappings belong to their network namespace, and go with it. */
#include <sched.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"

FIXTURE(namespaces) {
	struct genl a;
	struct genl b;
};

/* A socket stays in the namespace that it was opened in. */
FIXTURE_SETUP(namespaces)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->a));
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->b));
}

FIXTURE_TEARDOWN(namespaces)
{
	genl_close(&self->a);
	genl_close(&self->b);
}

TEST_F(namespaces, may_use_the_same_id_for_different_things)
{
	struct object got;

	ASSERT_EQ(0, mapping_new(&self->a, &MAPPING(.id = 1, .mark = 0xa),
				 NULL));
	ASSERT_EQ(0, mapping_new(&self->b, &MAPPING(.id = 1, .mark = 0xb),
				 NULL));

	ASSERT_EQ(0, mapping_get(&self->a, 1, &got));
	EXPECT_EQ(0xa, got.mapping.mark);
	ASSERT_EQ(0, mapping_get(&self->b, 1, &got));
	EXPECT_EQ(0xb, got.mapping.mark);
}

TEST_F(namespaces, see_no_change_of_each_other)
{
	struct snapshot before, after;

	ASSERT_EQ(0, mapping_new(&self->a, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, snapshot_take(&self->a, &before));

	EXPECT_EQ(-ENOENT, mapping_del(&self->b, 1));
	EXPECT_EQ(-ENOENT, mapping_set(&self->b, &MAPPING(.id = 1)));
	ASSERT_EQ(0, mapping_new(&self->b, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_set(&self->b, &MAPPING(.id = 1, .mark = 2)));
	ASSERT_EQ(0, mapping_del(&self->b, 1));
	ASSERT_EQ(0, mapping_new(&self->b, &MAPPING(), NULL));
	ASSERT_EQ(0, mapping_flush(&self->b));

	ASSERT_EQ(0, snapshot_take(&self->a, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

TEST_F(namespaces, choose_ids_of_their_own)
{
	struct object in_a, in_b;

	ASSERT_EQ(0, mapping_new(&self->a, &MAPPING(), &in_a));
	ASSERT_EQ(0, mapping_new(&self->b, &MAPPING(), &in_b));
	EXPECT_EQ(in_a.mapping.id, in_b.mapping.id);
}

MODULE_HARNESS_MAIN
