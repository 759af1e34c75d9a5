// SPDX-License-Identifier: GPL-2.0-only
/* Who meets which mapping: small sets, and what is known of them. */
#include <kunit/test.h>
#include <linux/slab.h>

#include "../device.h"
#include "../index.h"
#include "people.h"

#define U	OWNROUTE_MATCH_UID
#define G	OWNROUTE_MATCH_GID
#define C	OWNROUTE_MATCH_CGROUP
#define SUPPL	OWNROUTE_FLAG_SUPPL
#define KERNEL	OWNROUTE_FLAG_KERNEL
#define GUARD	OWNROUTE_FLAG_GUARD
#define BYPASS	OWNROUTE_ACTION_BYPASS
#define BLOCK	OWNROUTE_ACTION_BLOCK
#define LAST	4294967294U

/* Selectors, for struct ownroute_mapping */
#define UID(_min, _max)	.match = U, .uid_min = (_min), .uid_max = (_max)
#define GID(_min, _max)	.match = G, .gid_min = (_min), .gid_max = (_max)
#define CGROUP(_id)	.match = C, .cgroup = (_id)

/*
 * @wanted: id of the mapping, 0 for none
 * @asked: without it there is no question
 */
struct question {
	struct who	who;
	u32		wanted;
	bool		asked;
};

struct scene {
	const char		*name;
	struct ownroute_mapping	mappings[4];
	struct question		questions[12];
};

/* Somebody in no group and no cgroup, unless it is said */
#define ASK(_uid, _wanted)						\
	{ { .uid = (_uid), .gid = OWN_NOBODY }, _wanted, true }
#define ASK_GID(_gid, _wanted)						\
	{ { .uid = 1000, .gid = (_gid) }, _wanted, true }
#define ASK_GROUPS(_gid, _a, _b, _wanted)				\
	{ { .uid = 1000, .gid = (_gid), .groups = { _a, _b },		\
	    .nr_groups = 2 }, _wanted, true }
#define ASK_CGROUP(_cgroup, _wanted)					\
	{ { .uid = 1000, .gid = OWN_NOBODY, .cgroup = (_cgroup) }, _wanted,	\
	  true }
#define ASK_ALL(_uid, _gid, _cgroup, _wanted)				\
	{ { .uid = (_uid), .gid = (_gid), .cgroup = (_cgroup) }, _wanted,	\
	  true }
#define ASK_KERNEL(_uid, _wanted)					\
	{ { .uid = (_uid), .gid = OWN_NOBODY, .kernel = true }, _wanted, true }

static const struct scene scenes[] = {
	{
		.name	= "nobody",
		.questions = {
			ASK(0, 0), ASK(1000, 0), ASK(LAST, 0),
			ASK(OWN_NOBODY, 0), ASK_GID(0, 0),
			ASK_CGROUP(CGROUP_B, 0), ASK_KERNEL(0, 0),
		},
	}, {
		.name	= "one uid",
		.mappings = { { .id = 1, UID(1001, 1001) } },
		.questions = {
			ASK(1000, 0), ASK(1001, 1), ASK(1002, 0),
			/* the same in some of its bytes */
			ASK(1001 + 256, 0), ASK(1001 + 65536, 0),
			ASK(1001 + (1 << 24), 0), ASK(233, 0),
		},
	}, {
		.name	= "uid 0",
		.mappings = { { .id = 1, UID(0, 0) } },
		.questions = {
			ASK(0, 1), ASK(1, 0), ASK(256, 0), ASK(LAST, 0),
			ASK(OWN_NOBODY, 0), ASK_KERNEL(0, 0),
		},
	}, {
		.name	= "last uid",
		.mappings = { { .id = 1, UID(LAST, LAST) } },
		.questions = {
			ASK(LAST - 1, 0), ASK(LAST, 1), ASK(OWN_NOBODY, 0),
			ASK(0, 0),
		},
	}, {
		.name	= "range up to the last uid",
		.mappings = { { .id = 1, UID(70000, LAST) } },
		.questions = {
			ASK(69999, 0), ASK(70000, 1), ASK(LAST, 1),
			ASK(OWN_NOBODY, 0),
		},
	}, {
		.name	= "all uids",
		.mappings = { { .id = 1, UID(0, LAST) } },
		.questions = {
			ASK(0, 1), ASK(1000, 1), ASK(LAST, 1),
			ASK(OWN_NOBODY, 0), ASK_KERNEL(0, 0),
		},
	}, {
		.name	= "all uids but the first",
		.mappings = { { .id = 1, UID(1, LAST) } },
		.questions = {
			ASK(0, 0), ASK(1, 1), ASK(255, 1), ASK(256, 1),
			ASK(LAST, 1), ASK(OWN_NOBODY, 0),
		},
	}, {
		.name	= "range in one node",
		.mappings = { { .id = 1, UID(1001, 1010) } },
		.questions = {
			ASK(1000, 0), ASK(1001, 1), ASK(1005, 1), ASK(1010, 1),
			ASK(1011, 0),
		},
	}, {
		.name	= "range of one node",
		.mappings = { { .id = 1, UID(1024, 1279) } },
		.questions = {
			ASK(1023, 0), ASK(1024, 1), ASK(1279, 1), ASK(1280, 0),
		},
	}, {
		.name	= "ragged range",
		.mappings = { { .id = 1, UID(1000, 16909060) } },
		.questions = {
			ASK(999, 0), ASK(1000, 1), ASK(1024, 1), ASK(65535, 1),
			ASK(65536, 1), ASK(16777215, 1), ASK(16777216, 1),
			ASK(16909059, 1), ASK(16909060, 1), ASK(16909061, 0),
			ASK(16909312, 0),
		},
	}, {
		.name	= "exception in a range",
		.mappings = {
			{ .id = 1, .priority = 2, UID(1000, 1999) },
			{ .id = 2, .priority = 1, .action = BYPASS,
			  UID(1500, 1500) },
		},
		.questions = {
			ASK(1499, 1), ASK(1500, 2), ASK(1501, 1), ASK(2000, 0),
		},
	}, {
		.name	= "exception that comes too late",
		.mappings = {
			{ .id = 1, .priority = 1, UID(1000, 1999) },
			{ .id = 2, .priority = 2, .action = BYPASS,
			  UID(1500, 1500) },
		},
		.questions = { ASK(1499, 1), ASK(1500, 1), ASK(1999, 1) },
	}, {
		.name	= "ranges in each other",
		.mappings = {
			{ .id = 1, .priority = 4, UID(0, LAST) },
			{ .id = 2, .priority = 3, UID(0, 65535) },
			{ .id = 3, .priority = 2, UID(1000, 2000) },
			{ .id = 4, .priority = 1, UID(1500, 1500) },
		},
		.questions = {
			ASK(65536, 1), ASK(LAST, 1), ASK(0, 2), ASK(65535, 2),
			ASK(999, 2), ASK(1000, 3), ASK(2000, 3), ASK(2001, 2),
			ASK(1500, 4), ASK(1499, 3), ASK(1501, 3),
			ASK(OWN_NOBODY, 0),
		},
	}, {
		.name	= "ranges that overlap",
		.mappings = {
			{ .id = 1, .priority = 2, UID(100, 300) },
			{ .id = 2, .priority = 1, UID(200, 400) },
			{ .id = 3, .priority = 3, UID(250, 600) },
		},
		.questions = {
			ASK(99, 0), ASK(100, 1), ASK(199, 1), ASK(200, 2),
			ASK(300, 2), ASK(400, 2), ASK(401, 3), ASK(600, 3),
			ASK(601, 0),
		},
	}, {
		.name	= "equal priority",
		.mappings = {
			{ .id = 30, .priority = 7, UID(1001, 1001) },
			{ .id = 10, .priority = 7, UID(1001, 1001) },
			{ .id = 20, .priority = 7, UID(1000, 1002) },
			{ .id = 4294967295U, .priority = 7, UID(1000, 1003) },
		},
		.questions = {
			ASK(1000, 20), ASK(1001, 10), ASK(1002, 20),
			ASK(1003, 4294967295U), ASK(1004, 0),
		},
	}, {
		.name	= "priority before id",
		.mappings = {
			{ .id = 1, .priority = 4294967295U, UID(5, 5) },
			{ .id = 2, .priority = 0x80000000, UID(5, 5) },
			{ .id = 3, .priority = 0, .action = BLOCK, UID(6, 6) },
			{ .id = 4294967295U, .priority = 0, UID(5, 5) },
		},
		.questions = { ASK(5, 4294967295U), ASK(6, 3) },
	}, {
		.name	= "gid",
		.mappings = {
			{ .id = 1, .priority = 2, GID(100, 200) },
			{ .id = 2, .priority = 1, GID(150, 150) },
		},
		.questions = {
			ASK_GID(99, 0), ASK_GID(100, 1), ASK_GID(150, 2),
			ASK_GID(200, 1), ASK_GID(201, 0),
			ASK_GID(OWN_NOBODY, 0),
			ASK_GROUPS(0, 100, 150, 0),
		},
	}, {
		.name	= "all gids",
		.mappings = { { .id = 1, GID(0, LAST) } },
		.questions = {
			ASK_GID(0, 1), ASK_GID(LAST, 1), ASK_GID(OWN_NOBODY, 0),
			ASK_GROUPS(OWN_NOBODY, 0, 1, 0),
		},
	}, {
		.name	= "supplementary groups",
		.mappings = {
			{ .id = 1, .priority = 2, .flags = SUPPL,
			  GID(100, 200) },
			{ .id = 2, .priority = 1, GID(150, 150) },
		},
		.questions = {
			ASK_GROUPS(0, 99, 201, 0), ASK_GROUPS(0, 99, 100, 1),
			ASK_GROUPS(0, 200, 7, 1), ASK_GROUPS(100, 7, 8, 1),
			/* 2 isn't about them */
			ASK_GROUPS(0, 150, 7, 1), ASK_GROUPS(150, 7, 8, 2),
			ASK_GROUPS(150, 160, 8, 2),
			ASK_GROUPS(OWN_NOBODY, 170, 8, 1), ASK_GID(0, 0),
		},
	}, {
		.name	= "the first of several groups' mappings",
		.mappings = {
			{ .id = 1, .priority = 3, .flags = SUPPL, GID(10, 10) },
			{ .id = 2, .priority = 2, .flags = SUPPL, GID(20, 20) },
			{ .id = 3, .priority = 1, .flags = SUPPL, GID(30, 30) },
		},
		.questions = {
			ASK_GROUPS(10, 20, 7, 2), ASK_GROUPS(20, 10, 7, 2),
			ASK_GROUPS(10, 20, 30, 3), ASK_GROUPS(30, 20, 10, 3),
			ASK_GROUPS(7, 10, 20, 2),
		},
	}, {
		.name	= "cgroup",
		.mappings = {
			{ .id = 1, .priority = 3, CGROUP(CGROUP_ID_ROOT) },
			{ .id = 2, .priority = 2, CGROUP(CGROUP_ID_A) },
			{ .id = 3, .priority = 1, CGROUP(CGROUP_ID_B) },
		},
		.questions = {
			ASK_CGROUP(CGROUP_NONE, 0), ASK_CGROUP(CGROUP_ROOT, 1),
			ASK_CGROUP(CGROUP_A, 2), ASK_CGROUP(CGROUP_B, 3),
			ASK_CGROUP(CGROUP_C, 1),
		},
	}, {
		.name	= "cgroup above the first",
		.mappings = {
			{ .id = 1, .priority = 1, CGROUP(CGROUP_ID_A) },
			{ .id = 2, .priority = 2, CGROUP(CGROUP_ID_B) },
		},
		.questions = {
			ASK_CGROUP(CGROUP_A, 1), ASK_CGROUP(CGROUP_B, 1),
			ASK_CGROUP(CGROUP_C, 0),
		},
	}, {
		.name	= "cgroups that differ in the upper half of their ids",
		.mappings = {
			{ .id = 1, .priority = 1, CGROUP(CGROUP_ID_B) },
			{ .id = 2, .priority = 2, CGROUP(CGROUP_ID_GONE) },
		},
		.questions = {
			ASK_CGROUP(CGROUP_A, 0), ASK_CGROUP(CGROUP_B, 1),
		},
	}, {
		.name	= "uid and gid",
		.mappings = {
			{ .id = 1, .match = U | G, .uid_min = 10, .uid_max = 20,
			  .gid_min = 30, .gid_max = 40 },
			{ .id = 2, .priority = 1, UID(15, 15) },
		},
		.questions = {
			ASK_ALL(10, 30, CGROUP_NONE, 1),
			ASK_ALL(20, 40, CGROUP_NONE, 1),
			ASK_ALL(10, 29, CGROUP_NONE, 0),
			ASK_ALL(10, 41, CGROUP_NONE, 0),
			ASK_ALL(9, 30, CGROUP_NONE, 0),
			ASK_ALL(10, OWN_NOBODY, CGROUP_NONE, 0),
			/* what fails in one leads to the next */
			ASK_ALL(15, 30, CGROUP_NONE, 1),
			ASK_ALL(15, 29, CGROUP_NONE, 2),
			ASK_ALL(OWN_NOBODY, 30, CGROUP_NONE, 0),
		},
	}, {
		.name	= "uid, gid and cgroup",
		.mappings = {
			{ .id = 1, .match = U | G | C, .uid_min = 10,
			  .uid_max = 10, .gid_min = 30, .gid_max = 30,
			  .cgroup = CGROUP_ID_A },
		},
		.questions = {
			ASK_ALL(10, 30, CGROUP_A, 1),
			ASK_ALL(10, 30, CGROUP_B, 1),
			ASK_ALL(10, 30, CGROUP_C, 0),
			ASK_ALL(10, 30, CGROUP_NONE, 0),
			ASK_ALL(10, 31, CGROUP_A, 0),
			ASK_ALL(11, 30, CGROUP_A, 0),
		},
	}, {
		.name	= "gid and cgroup",
		.mappings = {
			{ .id = 1, .match = G | C, .flags = SUPPL,
			  .gid_min = 30, .gid_max = 30,
			  .cgroup = CGROUP_ID_A },
		},
		.questions = {
			ASK_ALL(10, 30, CGROUP_A, 1),
			ASK_ALL(10, 30, CGROUP_C, 0),
			ASK_ALL(10, 29, CGROUP_A, 0),
			{ { .uid = 5, .gid = 6, .groups = { 30 },
			    .nr_groups = 1, .cgroup = CGROUP_B }, 1, true },
			{ { .uid = 5, .gid = 6, .groups = { 30 },
			    .nr_groups = 1, .cgroup = CGROUP_C }, 0, true },
		},
	}, {
		.name	= "first of all three kinds",
		.mappings = {
			{ .id = 1, .priority = 3, UID(10, 10) },
			{ .id = 2, .priority = 2, CGROUP(CGROUP_ID_A) },
			{ .id = 3, .priority = 1, GID(30, 30) },
		},
		.questions = {
			ASK_ALL(10, 29, CGROUP_C, 1),
			ASK_ALL(10, 29, CGROUP_A, 2),
			ASK_ALL(10, 30, CGROUP_A, 3),
			ASK_ALL(10, 30, CGROUP_C, 3),
			ASK_ALL(11, 29, CGROUP_B, 2),
			ASK_ALL(OWN_NOBODY, 29, CGROUP_B, 2),
			ASK_ALL(OWN_NOBODY, 30, CGROUP_NONE, 3),
		},
	}, {
		.name	= "kernel sockets",
		.mappings = {
			{ .id = 1, .priority = 1, UID(0, LAST) },
			{ .id = 2, .priority = 2, .flags = KERNEL, UID(0, 0) },
		},
		.questions = {
			ASK_KERNEL(0, 2), ASK(0, 1), ASK_KERNEL(1, 0),
		},
	},
};

KUNIT_ARRAY_PARAM_DESC(scene, scenes, name);

/* All of @descs that have an id */
static struct own_set *set_of(struct kunit *test,
			      const struct ownroute_mapping *descs, size_t n)
{
	struct own_set_edit edit;
	struct own_mapping *mapping;
	size_t i;

	own_set_edit_begin(&edit, NULL);
	for (i = 0; i < n && descs[i].id; i++) {
		mapping = people_mapping(test, &descs[i]);
		KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&edit, mapping));
	}
	KUNIT_EXPECT_EQ(test, i, edit.set->count);
	return people_commit(&edit, NULL);
}

static u32 id_of(const struct own_mapping *mapping)
{
	return mapping ? mapping->desc.id : 0;
}

static void ask_all(struct kunit *test, const struct scene *scene,
		    const struct own_set *set)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(scene->questions); i++) {
		const struct question *question = &scene->questions[i];

		if (!question->asked)
			break;
		KUNIT_EXPECT_EQ_MSG(test, question->wanted,
				    id_of(people_find(test, set,
						      &question->who)),
				    "question %zu", i);
	}
}

static void own_index_test_scene(struct kunit *test)
{
	const struct scene *scene = test->param_value;
	size_t n = ARRAY_SIZE(scene->mappings);
	struct own_set *set;

	set = set_of(test, scene->mappings, n);
	ask_all(test, scene, set);
	own_set_destroy(set);
}

/* The order in which they came doesn't matter. */
static void own_index_test_scene_reversed(struct kunit *test)
{
	const struct scene *scene = test->param_value;
	struct ownroute_mapping descs[ARRAY_SIZE(scene->mappings)];
	struct own_set *set;
	size_t i, n = 0;

	for (i = ARRAY_SIZE(descs); i-- > 0;)
		if (scene->mappings[i].id)
			descs[n++] = scene->mappings[i];
	set = set_of(test, descs, n);
	ask_all(test, scene, set);
	own_set_destroy(set);
}

/* Mappings that go take along all that was there for them. */
static void own_index_test_scene_emptied(struct kunit *test)
{
	const struct scene *scene = test->param_value;
	struct own_set *set;
	struct own_set_edit edit;
	size_t i;

	set = set_of(test, scene->mappings, ARRAY_SIZE(scene->mappings));
	for (i = 0; i < ARRAY_SIZE(scene->mappings); i++) {
		u32 id = scene->mappings[i].id;

		if (!id)
			break;
		own_set_edit_begin(&edit, set);
		KUNIT_ASSERT_EQ(test, 0,
				own_set_edit_del(&edit, own_set_get(set, id)));
		set = people_commit(&edit, set);
		KUNIT_EXPECT_NULL(test, own_set_get(set, id));
	}
	KUNIT_EXPECT_EQ(test, 0, set->by_uid | set->by_gid | set->by_cgroup |
			set->by_id);
	KUNIT_EXPECT_EQ(test, 0, set->count | set->suppl);
	own_set_destroy(set);
}

static void own_index_test_no_set(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, own_set_get(NULL, 1));
	KUNIT_EXPECT_NULL(test, own_set_next(NULL, 0));
	own_set_destroy(NULL);
}

static void own_index_test_order_of_ids(struct kunit *test)
{
	static const u32 ids[] = {
		1, 2, 255, 256, 65535, 65536, 16777216, 2147483648U, LAST,
		4294967295U,
	};
	struct own_set_edit edit;
	struct own_mapping *mapping;
	struct own_set *set;
	u64 from = 0;
	size_t i;

	own_set_edit_begin(&edit, NULL);
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		/* not in their order */
		const struct ownroute_mapping desc = {
			.id = ids[i * 7 % ARRAY_SIZE(ids)], UID(5, 5),
		};

		mapping = people_mapping(test, &desc);
		KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&edit, mapping));
	}
	set = people_commit(&edit, NULL);

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		mapping = own_set_next(set, from);
		KUNIT_ASSERT_EQ(test, ids[i], id_of(mapping));
		KUNIT_EXPECT_PTR_EQ(test, mapping, own_set_get(set, ids[i]));
		KUNIT_EXPECT_PTR_EQ(test, mapping, own_set_next(set, ids[i]));
		from = (u64)ids[i] + 1;
	}
	KUNIT_EXPECT_NULL(test, own_set_next(set, from));
	KUNIT_EXPECT_NULL(test, own_set_get(set, 3));
	own_set_destroy(set);
}

static struct own_mapping *with_counters(struct kunit *test, u32 id)
{
	const struct ownroute_mapping desc = { .id = id, UID(id, id) };
	struct own_mapping *mapping = people_mapping(test, &desc);

	KUNIT_ASSERT_EQ(test, 0, own_mapping_alloc_counters(mapping));
	return mapping;
}

static struct own_mapping *without_counters(struct kunit *test, u32 id)
{
	const struct ownroute_mapping desc = { .id = id, UID(id + 1, id + 1) };

	return people_mapping(test, &desc);
}

/* They go where the id is, and come back when an edit fails. */
static void own_index_test_counters(struct kunit *test)
{
	struct own_mapping *old, *other;
	struct own_set_edit edit;
	struct own_set *set;
	const void *counters;

	own_set_edit_begin(&edit, NULL);
	old = with_counters(test, 7);
	counters = people_counters(old);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&edit, old));
	set = people_commit(&edit, NULL);

	own_set_edit_begin(&edit, set);
	other = without_counters(test, 7);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_set(&edit, old, other));
	KUNIT_EXPECT_PTR_EQ(test, counters, people_counters(other));
	own_set_edit_abort(&edit);
	KUNIT_EXPECT_PTR_EQ(test, old, own_set_get(set, 7));
	KUNIT_EXPECT_PTR_EQ(test, counters, people_counters(old));
	KUNIT_EXPECT_TRUE(test, old->owns_counters);

	/* twice in one edit */
	own_set_edit_begin(&edit, set);
	other = without_counters(test, 7);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_set(&edit, old, other));
	old = other;
	other = without_counters(test, 7);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_set(&edit, old, other));
	set = people_commit(&edit, set);
	KUNIT_EXPECT_PTR_EQ(test, other, own_set_get(set, 7));
	KUNIT_EXPECT_PTR_EQ(test, counters, people_counters(other));
	KUNIT_EXPECT_TRUE(test, other->owns_counters);

	/* made and replaced in one edit */
	own_set_edit_begin(&edit, set);
	old = with_counters(test, 9);
	counters = people_counters(old);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&edit, old));
	other = without_counters(test, 9);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_set(&edit, old, other));
	set = people_commit(&edit, set);
	KUNIT_EXPECT_PTR_EQ(test, counters, people_counters(other));
	KUNIT_EXPECT_TRUE(test, other->owns_counters);

	/* replaced and deleted in one edit that fails, then in one that doesn't */
	old = own_set_get(set, 9);
	own_set_edit_begin(&edit, set);
	other = without_counters(test, 9);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_set(&edit, old, other));
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_del(&edit, other));
	own_set_edit_abort(&edit);
	KUNIT_EXPECT_PTR_EQ(test, old, own_set_get(set, 9));
	KUNIT_EXPECT_PTR_EQ(test, counters, people_counters(old));
	own_set_edit_begin(&edit, set);
	other = without_counters(test, 9);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_set(&edit, old, other));
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_del(&edit, other));
	set = people_commit(&edit, set);
	KUNIT_EXPECT_NULL(test, own_set_get(set, 9));
	own_set_destroy(set);
}

/* Never the last mapping's: nobody frees them. */
static struct own_device tunnels[] = {
	{ .mappings = 1, .mapped = LIST_HEAD_INIT(tunnels[0].mapped) },
	{ .mappings = 1, .mapped = LIST_HEAD_INIT(tunnels[1].mapped) },
};

static void add_with_device(struct kunit *test, struct own_set_edit *edit,
			    const struct ownroute_mapping *desc,
			    struct own_device *device)
{
	struct own_mapping *mapping = people_mapping(test, desc);

	mapping->device = device;
	device->mappings++;
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(edit, mapping));
}

static u32 id_of_device(struct own_device *device, u32 flags)
{
	u32 id;

	rcu_read_lock();
	id = id_of(own_device_mapping(device, flags));
	rcu_read_unlock();
	return id;
}

/* Of those that have a device one that guards it, if there is one. */
static void own_index_test_devices(struct kunit *test)
{
	static const struct ownroute_mapping first[] = {
		{ .id = 1, .priority = 3, UID(1, 1) },
		{ .id = 2, .priority = 2, .flags = GUARD, UID(1, 1) },
		{ .id = 3, .priority = 1, GID(1, 9) },
	};
	static const struct ownroute_mapping second = {
		.id = 4, .flags = GUARD, CGROUP(CGROUP_ID_A),
	};
	struct own_set_edit edit;
	struct own_set *set;
	size_t i;

	own_set_edit_begin(&edit, NULL);
	for (i = 0; i < ARRAY_SIZE(first); i++)
		add_with_device(test, &edit, &first[i], &tunnels[0]);
	set = people_commit(&edit, NULL);
	KUNIT_EXPECT_EQ(test, 2, id_of_device(&tunnels[0], 0));
	KUNIT_EXPECT_EQ(test, 2, id_of_device(&tunnels[0], GUARD));
	KUNIT_EXPECT_EQ(test, 0, id_of_device(&tunnels[1], 0));
	KUNIT_EXPECT_EQ(test, 1, set->guards);

	own_set_edit_begin(&edit, set);
	add_with_device(test, &edit, &second, &tunnels[1]);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_del(&edit, own_set_get(set, 3)));
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_del(&edit, own_set_get(set, 2)));
	set = people_commit(&edit, set);
	KUNIT_EXPECT_EQ(test, 1, id_of_device(&tunnels[0], 0));
	KUNIT_EXPECT_EQ(test, 0, id_of_device(&tunnels[0], GUARD));
	KUNIT_EXPECT_EQ(test, 4, id_of_device(&tunnels[1], GUARD));
	KUNIT_EXPECT_EQ(test, 1, set->guards);

	own_set_edit_begin(&edit, set);
	own_set_edit_clear(&edit);
	set = people_commit(&edit, set);
	KUNIT_EXPECT_EQ(test, 0, set->devices);
	KUNIT_EXPECT_EQ(test, 0, id_of_device(&tunnels[1], 0));
	KUNIT_EXPECT_EQ(test, 0, set->guards);
	own_set_destroy(set);
}

static struct kunit_case own_index_test_cases[] = {
	KUNIT_CASE_PARAM(own_index_test_scene, scene_gen_params),
	KUNIT_CASE_PARAM(own_index_test_scene_reversed, scene_gen_params),
	KUNIT_CASE_PARAM(own_index_test_scene_emptied, scene_gen_params),
	KUNIT_CASE(own_index_test_no_set),
	KUNIT_CASE(own_index_test_order_of_ids),
	KUNIT_CASE(own_index_test_counters),
	KUNIT_CASE(own_index_test_devices),
	{}
};

static struct kunit_suite own_index_test_suite = {
	.name		= "ownroute_index",
	.init		= people_init,
	.test_cases	= own_index_test_cases,
};

kunit_test_suite(own_index_test_suite);
