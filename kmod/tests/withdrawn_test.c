// SPDX-License-Identifier: GPL-2.0-only
/* Mappings that are gone but for the stamps that they have left. */
#include <kunit/test.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../index.h"
#include "../stale.h"
#include "people.h"

#define MASK	0xff00
#define LIMIT	3
#define FEW	6

static struct ownroute_mapping of_uid(u32 id, u32 uid)
{
	return (struct ownroute_mapping) {
		.id		= id,
		.match		= OWNROUTE_MATCH_UID,
		.uid_min	= uid,
		.uid_max	= uid,
		.mark		= 0x100 * id,
		.mask		= MASK,
	};
}

static struct ownroute_mapping of_gids(u32 id, u32 min, u32 max)
{
	return (struct ownroute_mapping) {
		.id		= id,
		.match		= OWNROUTE_MATCH_GID,
		.gid_min	= min,
		.gid_max	= max,
		.mark		= 0x100 * id,
		.mask		= MASK,
	};
}

static struct own_set *add(struct kunit *test, struct own_set *old,
			   struct ownroute_mapping desc, bool stamped)
{
	struct own_mapping *mapping = people_mapping(test, &desc);
	struct own_set_edit edit;

	mapping->stamped = stamped;
	own_set_edit_begin(&edit, old);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&edit, mapping));
	own_set_edit_withdraw(&edit, LIMIT);
	return people_commit(&edit, old);
}

static struct own_set *clear(struct own_set *old)
{
	struct own_set_edit edit;

	own_set_edit_begin(&edit, old);
	own_set_edit_clear(&edit);
	own_set_edit_withdraw(&edit, LIMIT);
	return people_commit(&edit, old);
}

static struct own_owner somebody(u32 uid, u32 gid)
{
	return (struct own_owner) {
		.ns		= &init_user_ns,
		.uid		= uid,
		.gid		= gid,
		.gid_known	= true,
	};
}

static u32 bits_of(const struct own_set *set, u32 uid, u32 stamp)
{
	struct own_owner owner = somebody(uid, OWN_NOBODY);

	return own_stale_bits(set, &owner, stamp);
}

static void own_withdrawn_test_owner(struct kunit *test)
{
	struct own_set *set;

	set = add(test, NULL, of_uid(1, 1001), true);
	set = add(test, set, of_uid(2, 1002), false);
	/* As those of a mapping that may still decide. */
	KUNIT_EXPECT_EQ(test, MASK, bits_of(set, 1001, 0x100));
	set = clear(set);

	KUNIT_EXPECT_EQ(test, 0, set->count);
	KUNIT_EXPECT_FALSE(test, own_set_is_idle(set));
	KUNIT_EXPECT_EQ(test, MASK, bits_of(set, 1001, 0x100));
	KUNIT_EXPECT_EQ(test, MASK, bits_of(set, 1001, 0x70103));
	/* Another mark is not its stamp, and nobody else has one. */
	KUNIT_EXPECT_EQ(test, 0, bits_of(set, 1001, 0x300));
	KUNIT_EXPECT_EQ(test, 0, bits_of(set, 1002, 0x100));
	/* It has left none. */
	KUNIT_EXPECT_EQ(test, 0, bits_of(set, 1002, 0x200));
	own_set_destroy(set);
}

/* Of a mapping with two stamps, both. */
static void own_withdrawn_test_inbound(struct kunit *test)
{
	struct own_owner closed = somebody(7, OWN_NOBODY);
	struct ownroute_mapping desc = of_uid(1, 1001);
	struct own_set *set;

	desc.inbound = 0x1100;
	set = add(test, NULL, desc, true);
	desc = of_gids(2, 44, 50);
	desc.inbound = 0x1200;
	set = add(test, set, desc, true);
	closed.stamp = 0x1200;
	KUNIT_EXPECT_NOT_NULL(test, own_set_lookup(set, &closed));
	closed.stamp = 0x1100;
	KUNIT_EXPECT_NULL(test, own_set_lookup(set, &closed));
	set = clear(set);

	KUNIT_EXPECT_EQ(test, MASK, bits_of(set, 1001, 0x100));
	KUNIT_EXPECT_EQ(test, MASK, bits_of(set, 1001, 0x1100));
	KUNIT_EXPECT_EQ(test, 0, bits_of(set, 1001, 0x1000));
	KUNIT_EXPECT_EQ(test, 0, bits_of(set, 1002, 0x1100));
	closed.stamp = 0x1200;
	KUNIT_EXPECT_EQ(test, MASK, own_stale_bits(set, &closed, 0x1200));
	KUNIT_EXPECT_EQ(test, 44, closed.gid);
	own_set_destroy(set);
}

/* Stamps whose places meet: what hangs twice, goes twice. */
static void own_withdrawn_test_low_mask(struct kunit *test)
{
	struct own_owner closed = somebody(7, OWN_NOBODY);
	struct ownroute_mapping desc = of_gids(1, 44, 50);
	struct own_set_edit edit;
	struct own_set *set;

	desc.mark = 1;
	desc.inbound = 2;
	desc.mask = 3;
	set = add(test, NULL, desc, false);
	closed.stamp = 0x12345672;
	KUNIT_EXPECT_NOT_NULL(test, own_set_lookup(set, &closed));
	closed.stamp = 0x12345673;
	KUNIT_EXPECT_NULL(test, own_set_lookup(set, &closed));

	own_set_edit_begin(&edit, set);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_del(&edit, own_set_get(edit.set, 1)));
	set = people_commit(&edit, set);
	KUNIT_EXPECT_EQ(test, 0UL, set->by_stamp);
	own_set_destroy(set);
}

static void own_withdrawn_test_none(struct kunit *test)
{
	struct own_set *set;

	set = add(test, NULL, of_uid(1, 1001), false);
	set = clear(set);
	KUNIT_EXPECT_TRUE(test, own_set_is_idle(set));
	own_set_destroy(set);
}

/* A closed socket has no group, and its stamp tells which it was. */
static void own_withdrawn_test_group(struct kunit *test)
{
	struct own_owner open = somebody(7, 45), other = somebody(7, 51);
	struct own_owner closed = somebody(7, OWN_NOBODY);
	struct own_set *set;

	closed.stamp = 0x100;
	set = add(test, NULL, of_gids(1, 44, 50), true);
	KUNIT_EXPECT_NOT_NULL(test, own_set_lookup(set, &closed));
	closed.stamp = 0x200;
	KUNIT_EXPECT_NULL(test, own_set_lookup(set, &closed));
	closed.stamp = 0x100;
	set = clear(set);
	KUNIT_EXPECT_NULL(test, own_set_lookup(set, &closed));

	KUNIT_EXPECT_EQ(test, MASK,
			own_stale_bits(set, &open, 0x100));
	KUNIT_EXPECT_EQ(test, 0,
			own_stale_bits(set, &other, 0x100));
	KUNIT_EXPECT_EQ(test, MASK,
			own_stale_bits(set, &closed, 0x100));
	KUNIT_EXPECT_EQ(test, 44, closed.gid);
	own_set_destroy(set);
}

static void own_withdrawn_test_again(struct kunit *test)
{
	struct own_set *set = NULL;
	int i;

	for (i = 0; i < 10; i++) {
		set = add(test, set, of_uid(1, 1001), true);
		set = clear(set);
	}
	KUNIT_EXPECT_EQ(test, 1, set->withdrawn.count);
	KUNIT_EXPECT_EQ(test, 0, set->withdrawn.mask);
	own_set_destroy(set);
}

static void own_withdrawn_test_too_many(struct kunit *test)
{
	struct own_set *set = NULL;
	u32 id;

	for (id = 1; id <= 2 * LIMIT + 1; id++) {
		set = add(test, set, of_uid(id, 1000 + id), true);
		set = clear(set);
		KUNIT_EXPECT_LE(test, set->withdrawn.count, LIMIT);
	}
	for (id = 1; id <= 2 * LIMIT + 1; id++)
		KUNIT_EXPECT_EQ(test, MASK,
				bits_of(set, 1000 + id, 0x100 * id));
	KUNIT_EXPECT_EQ(test, MASK, set->withdrawn.mask);
	own_set_destroy(set);
}

#ifdef CONFIG_FAULT_INJECTION
/* As own_edit_test_no_memory(): whichever allocation fails, no stamp is forgotten. */
static void own_withdrawn_test_no_memory(struct kunit *test)
{
	struct own_set_edit edit;
	struct own_set *set;
	int left, nth = 0;
	u32 id, forgot = 0;

	do {
		set = NULL;
		for (id = 1; id <= FEW; id++)
			set = add(test, set, of_uid(id, 300 * id), true);

		own_set_edit_begin(&edit, set);
		own_set_edit_clear(&edit);
		current->fail_nth = ++nth;
		own_set_edit_withdraw(&edit, FEW);
		left = current->fail_nth;
		current->fail_nth = 0;
		set = people_commit(&edit, set);

		for (id = 1; id <= FEW; id++)
			KUNIT_EXPECT_EQ(test, MASK,
					bits_of(set, 300 * id, 0x100 * id));
		forgot += !!set->withdrawn.mask;
		own_set_destroy(set);
		rcu_barrier();
	} while (!left);

	if (!forgot)
		kunit_skip(test, "failslab/ignore-gfp-wait is Y");
}
#endif

static struct kunit_case own_withdrawn_cases[] = {
	KUNIT_CASE(own_withdrawn_test_owner),
	KUNIT_CASE(own_withdrawn_test_inbound),
	KUNIT_CASE(own_withdrawn_test_low_mask),
	KUNIT_CASE(own_withdrawn_test_none),
	KUNIT_CASE(own_withdrawn_test_group),
	KUNIT_CASE(own_withdrawn_test_again),
	KUNIT_CASE(own_withdrawn_test_too_many),
#ifdef CONFIG_FAULT_INJECTION
	KUNIT_CASE(own_withdrawn_test_no_memory),
#endif
	{}
};

static struct kunit_suite own_withdrawn_suite = {
	.name		= "ownroute_withdrawn",
	.init		= people_init,
	.test_cases	= own_withdrawn_cases,
};

kunit_test_suite(own_withdrawn_suite);
