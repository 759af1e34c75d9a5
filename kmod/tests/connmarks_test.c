// SPDX-License-Identifier: GPL-2.0-only
/* Which marks connections have, over the edits of a set. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/slab.h>

#include "../connmarks.h"
#include "../index.h"
#include "people.h"

#define MANY	1000

struct state {
	struct own_set		*set;
	struct own_connmarks	*marks;
	struct own_set_edit	edit;
};

static struct state *begin(struct kunit *test)
{
	struct state *state = test->priv;

	own_set_edit_begin(&state->edit, state->set);
	return state;
}

static struct own_mapping *mapping_of(struct kunit *test, u32 id, u32 mark,
				      u32 mask, u32 flags)
{
	const struct ownroute_mapping desc = {
		.id		= id,
		.match		= OWNROUTE_MATCH_UID,
		.uid_min	= id,
		.uid_max	= id,
		.mark		= mark,
		.mask		= mask,
		.flags		= flags,
	};

	return people_mapping(test, &desc);
}

static void add(struct kunit *test, u32 id, u32 mark, u32 mask)
{
	struct state *state = test->priv;
	struct own_mapping *mapping = mapping_of(test, id, mark, mask,
						 OWNROUTE_FLAG_CONNMARK);

	KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&state->edit, mapping));
}

static void del(struct kunit *test, u32 id)
{
	struct state *state = test->priv;
	struct own_mapping *mapping = own_set_get(state->edit.set, id);

	KUNIT_ASSERT_NOT_NULL(test, mapping);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_del(&state->edit, mapping));
}

static void commit(struct kunit *test)
{
	struct state *state = test->priv;
	struct own_connmarks *marks;

	marks = own_connmarks_edit(state->marks, &state->edit);
	KUNIT_ASSERT_FALSE(test, IS_ERR(marks));
	if (marks != state->marks)
		kvfree(state->marks);
	state->marks = marks;
	state->set = people_commit(&state->edit, state->set);
}

static u32 bits_of(struct kunit *test, u32 mark)
{
	const struct state *state = test->priv;

	return own_connmarks_bits(state->marks, mark);
}

static void own_connmarks_test_found(struct kunit *test)
{
	begin(test);
	add(test, 1, 0x100, 0xff00);
	add(test, 2, 0x300, 0xff00);
	add(test, 3, 0x200, 0xff00);
	commit(test);
	KUNIT_EXPECT_EQ(test, (u32)0xff00, bits_of(test, 0x100));
	KUNIT_EXPECT_EQ(test, (u32)0xff00, bits_of(test, 0x12340256));
	KUNIT_EXPECT_EQ(test, (u32)0xff00, bits_of(test, 0x300));
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, 0));
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, 0x400));
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, 0x1000));
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, 0x1));
}

static void own_connmarks_test_masks(struct kunit *test)
{
	begin(test);
	add(test, 1, 0x1, 0xf);
	add(test, 2, 0x10, 0xf0);
	add(test, 3, 0x20, 0xf0);
	add(test, 4, 0x80000000, 0x80000000);
	add(test, 5, 0x12345678, 0xffffffff);
	commit(test);
	KUNIT_EXPECT_EQ(test, (u32)0xf, bits_of(test, 0x31));
	KUNIT_EXPECT_EQ(test, (u32)0xff, bits_of(test, 0x21));
	KUNIT_EXPECT_EQ(test, (u32)0xf0, bits_of(test, 0x12));
	KUNIT_EXPECT_EQ(test, (u32)0x8000000f, bits_of(test, 0xffffff01));
	KUNIT_EXPECT_EQ(test, (u32)0xffffffff, bits_of(test, 0x12345678));
}

static void own_connmarks_test_shared(struct kunit *test)
{
	begin(test);
	add(test, 1, 0x1, 0xf);
	add(test, 2, 0x1, 0xf);
	add(test, 3, 0x2, 0xf);
	commit(test);

	begin(test);
	del(test, 1);
	commit(test);
	KUNIT_EXPECT_EQ(test, (u32)0xf, bits_of(test, 0x1));

	begin(test);
	del(test, 2);
	commit(test);
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, 0x1));
	KUNIT_EXPECT_EQ(test, (u32)0xf, bits_of(test, 0x2));
}

/* Both marks of a mapping, and as long as somebody sets them */
static void own_connmarks_test_inbound(struct kunit *test)
{
	struct state *state = begin(test);
	struct own_mapping *mapping = mapping_of(test, 1, 0x1, 0xf,
						 OWNROUTE_FLAG_CONNMARK);

	mapping->desc.inbound = 0x2;
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&state->edit, mapping));
	add(test, 2, 0x2, 0xf);
	commit(test);
	KUNIT_EXPECT_EQ(test, (u32)0xf, bits_of(test, 0x1));
	KUNIT_EXPECT_EQ(test, (u32)0xf, bits_of(test, 0x2));

	begin(test);
	del(test, 2);
	commit(test);
	KUNIT_EXPECT_EQ(test, (u32)0xf, bits_of(test, 0x2));

	begin(test);
	del(test, 1);
	commit(test);
	KUNIT_EXPECT_NULL(test, state->marks);
}

static void own_connmarks_test_none(struct kunit *test)
{
	struct state *state = begin(test);

	add(test, 1, 0x1, 0xf);
	add(test, 2, 0x2, 0xf);
	commit(test);

	begin(test);
	own_set_edit_clear(&state->edit);
	commit(test);
	KUNIT_EXPECT_NULL(test, state->marks);
}

static void own_connmarks_test_edit(struct kunit *test)
{
	begin(test);
	add(test, 1, 0x1, 0xf);
	commit(test);

	begin(test);
	del(test, 1);
	add(test, 1, 0x2, 0xf);
	add(test, 2, 0x3, 0xf);
	del(test, 2);
	add(test, 3, 0x10, 0xf0);
	commit(test);
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, 0x1));
	KUNIT_EXPECT_EQ(test, (u32)0xf, bits_of(test, 0x2));
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, 0x3));
	KUNIT_EXPECT_EQ(test, (u32)0xf0, bits_of(test, 0x13));
}

static void own_connmarks_test_others(struct kunit *test)
{
	struct state *state = begin(test);
	struct own_mapping *mapping = mapping_of(test, 2, 0x2, 0xf, 0);
	const struct own_connmarks *before;

	add(test, 1, 0x1, 0xf);
	commit(test);
	before = state->marks;

	begin(test);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&state->edit, mapping));
	commit(test);
	KUNIT_EXPECT_PTR_EQ(test, before,
			    (const struct own_connmarks *)state->marks);
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, 0x2));
}

static void own_connmarks_test_many(struct kunit *test)
{
	u32 i;

	begin(test);
	for (i = MANY; i > 0; i--)
		add(test, i, i << 8, 0xffffff00);
	commit(test);
	for (i = 1; i <= MANY; i++)
		KUNIT_EXPECT_EQ(test, (u32)0xffffff00, bits_of(test, i << 8 | 0x55));
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, (MANY + 1) << 8));
	KUNIT_EXPECT_EQ(test, (u32)0, bits_of(test, 0x55));
}

static int init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct state), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void finish(struct kunit *test)
{
	struct state *state = test->priv;

	kvfree(state->marks);
	own_set_destroy(state->set);
}

static struct kunit_case own_connmarks_cases[] = {
	KUNIT_CASE(own_connmarks_test_found),
	KUNIT_CASE(own_connmarks_test_masks),
	KUNIT_CASE(own_connmarks_test_shared),
	KUNIT_CASE(own_connmarks_test_inbound),
	KUNIT_CASE(own_connmarks_test_none),
	KUNIT_CASE(own_connmarks_test_edit),
	KUNIT_CASE(own_connmarks_test_others),
	KUNIT_CASE(own_connmarks_test_many),
	{}
};

static struct kunit_suite own_connmarks_suite = {
	.name		= "ownroute_connmarks",
	.init		= init,
	.exit		= finish,
	.test_cases	= own_connmarks_cases,
};

kunit_test_suite(own_connmarks_suite);
