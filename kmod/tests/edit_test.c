// SPDX-License-Identifier: GPL-2.0-only
/* Edits, many of them: what a set must answer is known from a list. */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../index.h"
#include "people.h"

#define IDS		48
#define EDITS		40
#define CHANGES		8
#define QUESTIONS	40
#define MANY		100000
#define FEW		12

/* What a set has in it, by id; an id of 0 means nothing. */
struct list {
	struct ownroute_mapping	desc[IDS + 1];
	const void		*counters[IDS + 1];
};

static bool is_between(u32 id, u32 min, u32 max)
{
	return id != OWN_NOBODY && id >= min && id <= max;
}

static bool matches(const struct ownroute_mapping *desc, const struct who *who)
{
	bool gid = is_between(who->gid, desc->gid_min, desc->gid_max);
	u32 i;

	for (i = 0; i < who->nr_groups; i++)
		if (desc->flags & OWNROUTE_FLAG_SUPPL)
			gid |= is_between(who->groups[i], desc->gid_min,
					  desc->gid_max);

	if (who->kernel && !(desc->flags & OWNROUTE_FLAG_KERNEL))
		return false;
	if (desc->match & OWNROUTE_MATCH_UID &&
	    !is_between(who->uid, desc->uid_min, desc->uid_max))
		return false;
	if (desc->match & OWNROUTE_MATCH_CGROUP &&
	    !people_in_cgroup(who->cgroup, desc->cgroup))
		return false;
	return gid || !(desc->match & OWNROUTE_MATCH_GID);
}

/* The first of all that match, as the interface says it. */
static u32 list_lookup(const struct list *list, const struct who *who)
{
	u32 id, best = 0;

	for (id = 1; id <= IDS; id++) {
		const struct ownroute_mapping *desc = &list->desc[id];

		if (desc->id && matches(desc, who) &&
		    (!best || desc->priority < list->desc[best].priority))
			best = id;
	}
	return best;
}

/* Numbers that lie where something begins, or near it. */
static u32 some_number(struct rnd_state *rnd)
{
	static const u32 corners[] = {
		0, 10, 256, 300, 512, 65536, 65536 + 256, 16777216, 33554432,
		4294967294U - 300, 4294967294U,
	};
	u32 corner = corners[prandom_u32_state(rnd) % ARRAY_SIZE(corners)];
	u32 number = corner + prandom_u32_state(rnd) % 7 - 3;

	/* those that were less than 0, too */
	return min(number, 4294967294U);
}

static void some_range(struct rnd_state *rnd, u32 *min, u32 *max)
{
	*min = some_number(rnd);
	*max = prandom_u32_state(rnd) % 3 ? some_number(rnd) : *min;
	if (*min > *max)
		swap(*min, *max);
}

static struct ownroute_mapping some_desc(struct rnd_state *rnd, u32 id)
{
	static const u64 cgroups[] = {
		CGROUP_ID_ROOT, CGROUP_ID_A, CGROUP_ID_B, CGROUP_ID_C,
		CGROUP_ID_GONE,
	};
	struct ownroute_mapping desc = {
		.id		= id,
		.priority	= prandom_u32_state(rnd) % 5,
		.match		= 1 + prandom_u32_state(rnd) % 7,
	};

	if (desc.match & OWNROUTE_MATCH_UID)
		some_range(rnd, &desc.uid_min, &desc.uid_max);
	if (desc.match & OWNROUTE_MATCH_GID) {
		some_range(rnd, &desc.gid_min, &desc.gid_max);
		if (prandom_u32_state(rnd) % 2)
			desc.flags |= OWNROUTE_FLAG_SUPPL;
	}
	if (desc.match & OWNROUTE_MATCH_CGROUP)
		desc.cgroup = cgroups[prandom_u32_state(rnd) %
				      ARRAY_SIZE(cgroups)];
	if (!(prandom_u32_state(rnd) % 4))
		desc.flags |= OWNROUTE_FLAG_KERNEL;
	return desc;
}

static struct who some_who(struct rnd_state *rnd)
{
	struct who who = {
		.uid		= some_number(rnd),
		.gid		= some_number(rnd),
		.nr_groups	= prandom_u32_state(rnd) % (WHO_GROUPS + 1),
		.cgroup		= prandom_u32_state(rnd) % CGROUPS,
		.kernel		= !(prandom_u32_state(rnd) % 8),
	};
	u32 i;

	for (i = 0; i < who.nr_groups; i++)
		who.groups[i] = some_number(rnd);
	if (!(prandom_u32_state(rnd) % 16))
		who.uid = OWN_NOBODY;
	if (!(prandom_u32_state(rnd) % 16))
		who.gid = OWN_NOBODY;
	return who;
}

static void ask(struct kunit *test, const struct own_set *set,
		const struct list *list, const struct who *who)
{
	const struct own_mapping *mapping = people_find(test, set, who);
	u32 wanted = list_lookup(list, who);

	KUNIT_ASSERT_EQ_MSG(test, wanted, mapping ? mapping->desc.id : 0,
			    "uid %u gid %u groups %u: %u %u %u cgroup %u%s",
			    who->uid, who->gid, who->nr_groups, who->groups[0],
			    who->groups[1], who->groups[2], who->cgroup,
			    who->kernel ? " kernel" : "");
}

/* The set is what the list says. */
static void compare(struct kunit *test, struct rnd_state *rnd,
		    const struct own_set *set, const struct list *list)
{
	const struct own_mapping *mapping;
	u32 i, count = 0;
	u64 from = 0;

	if (!set) {
		for (i = 1; i <= IDS; i++)
			KUNIT_ASSERT_EQ(test, 0, list->desc[i].id);
		return;
	}

	for (i = 0; i < QUESTIONS; i++) {
		const struct who who = some_who(rnd);

		ask(test, set, list, &who);
	}
	for (i = 1; i <= IDS; i++) {
		if (!list->desc[i].id)
			continue;
		count++;
		mapping = own_set_next(set, from);
		KUNIT_ASSERT_NOT_NULL(test, mapping);
		KUNIT_ASSERT_EQ(test, i, mapping->desc.id);
		KUNIT_ASSERT_PTR_EQ(test, list->counters[i],
				    people_counters(mapping));
		from = (u64)i + 1;
	}
	KUNIT_ASSERT_NULL(test, own_set_next(set, from));
	KUNIT_ASSERT_EQ(test, count, set->count);
}

/* One change, of the edit and of the list.  Return: 0 or -ENOMEM. */
static int change(struct kunit *test, struct rnd_state *rnd,
		  struct own_set_edit *edit, struct list *list)
{
	u32 id = 1 + prandom_u32_state(rnd) % IDS;
	struct own_mapping *old = own_set_get(edit->set, id);
	const struct ownroute_mapping desc = some_desc(rnd, id);
	struct own_mapping *mapping;

	KUNIT_ASSERT_EQ(test, !!old, !!list->desc[id].id);
	if (!(prandom_u32_state(rnd) % 64)) {
		memset(list, 0, sizeof(*list));
		own_set_edit_clear(edit);
		return 0;
	}
	if (old && prandom_u32_state(rnd) % 2) {
		list->desc[id].id = 0;
		return own_set_edit_del(edit, old);
	}

	mapping = people_mapping(test, &desc);
	list->desc[id] = desc;
	if (old)
		return own_set_edit_set(edit, old, mapping);
	KUNIT_ASSERT_EQ(test, 0, own_mapping_alloc_counters(mapping));
	list->counters[id] = people_counters(mapping);
	return own_set_edit_add(edit, mapping);
}

/* An empty set is none, as for the hooks. */
static struct own_set *commit(struct own_set_edit *edit, struct own_set *old)
{
	struct own_set *set = people_commit(edit, old);

	if (set->count)
		return set;
	own_set_destroy(set);
	return NULL;
}

static void own_edit_test_random(struct kunit *test)
{
	struct own_set *set = NULL;
	struct list *now, *next;
	struct own_set_edit edit;
	struct rnd_state rnd;
	u32 i, n;

	prandom_seed_state(&rnd, 3);
	now = kunit_kzalloc(test, sizeof(*now), GFP_KERNEL);
	next = kunit_kzalloc(test, sizeof(*next), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, now);
	KUNIT_ASSERT_NOT_NULL(test, next);

	for (i = 0; i < EDITS; i++) {
		*next = *now;
		own_set_edit_begin(&edit, set);
		for (n = prandom_u32_state(&rnd) % CHANGES; n; n--)
			KUNIT_ASSERT_EQ(test, 0,
					change(test, &rnd, &edit, next));

		/* What readers have, stays as it is. */
		compare(test, &rnd, edit.set, next);
		compare(test, &rnd, set, now);
		if (prandom_u32_state(&rnd) % 3) {
			set = commit(&edit, set);
			*now = *next;
		} else {
			own_set_edit_abort(&edit);
		}
		compare(test, &rnd, set, now);
		cond_resched();
	}
	own_set_destroy(set);
}

#ifdef CONFIG_FAULT_INJECTION
/*
 * Runs out of memory at the first allocation, then at the second ... until there
 * are no more.  Not all of them are ours: some are kmemleak's, and don't matter.
 * Needs failslab to take GFP_KERNEL for failing: debugfs'
 * failslab/ignore-gfp-wait has to be N.
 */
static void own_edit_test_no_memory(struct kunit *test)
{
	struct own_mapping *mapping, *old;
	struct own_set_edit edit;
	struct rnd_state rnd;
	struct own_set *set;
	int err, left, nth = 0;
	struct list *now;
	u32 id, failed = 0;

	prandom_seed_state(&rnd, 4);
	now = kunit_kzalloc(test, sizeof(*now), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, now);

	own_set_edit_begin(&edit, NULL);
	for (id = 1; id <= FEW; id++) {
		now->desc[id] = (struct ownroute_mapping) {
			.id = id,
			.match = OWNROUTE_MATCH_UID,
			.uid_min = 300 * id,
			.uid_max = 300 * id + 2,
		};
		mapping = people_mapping(test, &now->desc[id]);
		KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&edit, mapping));
	}
	set = people_commit(&edit, NULL);

	old = own_set_get(set, 1);
	do {
		mapping = people_mapping(test, &now->desc[1]);
		own_set_edit_begin(&edit, set);
		current->fail_nth = ++nth;
		err = own_set_edit_set(&edit, old, mapping);
		left = current->fail_nth;
		current->fail_nth = 0;
		if (!err)
			own_set_edit_clear(&edit);
		own_set_edit_abort(&edit);
		failed += !!err;
		if (err)
			KUNIT_ASSERT_EQ(test, -ENOMEM, err);
		compare(test, &rnd, set, now);
	} while (!left);

	own_set_destroy(set);
	if (!failed)
		kunit_skip(test, "failslab/ignore-gfp-wait is Y");
	KUNIT_EXPECT_GE(test, failed, 2 * 4);
}
#endif

/* Nodes that an edit has made and keeps */
static u32 count_nodes(const struct own_set_edit *edit)
{
	const struct own_node *node;
	u32 count = 0;

	list_for_each_entry(node, &edit->edit.nodes, list)
		count++;
	return count;
}

static void own_edit_test_many(struct kunit *test)
{
	struct ownroute_mapping desc = { .match = OWNROUTE_MATCH_UID };
	struct who who = { .gid = OWN_NOBODY };
	struct own_mapping *mapping;
	struct own_set_edit edit;
	struct own_set *set;
	u32 i, wrong = 0;

	own_set_edit_begin(&edit, NULL);
	for (i = 1; i <= MANY; i++) {
		desc.id = i;
		desc.uid_min = 1000 + i;
		desc.uid_max = 1000 + i;
		mapping = people_mapping(test, &desc);
		KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&edit, mapping));
		cond_resched();
	}
	set = people_commit(&edit, NULL);
	KUNIT_EXPECT_EQ(test, MANY, set->count);

	for (i = 1; i <= MANY; i += 37) {
		who.uid = 1000 + i;
		mapping = people_find(test, set, &who);
		wrong += !mapping || mapping->desc.id != i;
		wrong += own_set_next(set, i) != mapping;
		cond_resched();
	}
	KUNIT_EXPECT_EQ(test, 0, wrong);
	who.uid = 1000;
	KUNIT_EXPECT_NULL(test, people_find(test, set, &who));
	who.uid = 1000 + MANY + 1;
	KUNIT_EXPECT_NULL(test, people_find(test, set, &who));

	/* One more costs the nodes on its way, in two trees. */
	desc.id = MANY + 1;
	desc.uid_min = 1500;
	desc.uid_max = 1500;
	mapping = people_mapping(test, &desc);
	own_set_edit_begin(&edit, set);
	KUNIT_ASSERT_EQ(test, 0, own_set_edit_add(&edit, mapping));
	KUNIT_EXPECT_LE(test, count_nodes(&edit), 2 * 4);
	set = people_commit(&edit, set);

	own_set_edit_begin(&edit, set);
	own_set_edit_clear(&edit);
	KUNIT_EXPECT_EQ(test, 0, edit.set->count);
	set = commit(&edit, set);
	KUNIT_EXPECT_NULL(test, set);
}

/* What was given to RCU is gone when the next test begins. */
static void own_edit_test_exit(struct kunit *test)
{
	rcu_barrier();
}

static struct kunit_case own_edit_test_cases[] = {
	KUNIT_CASE_SLOW(own_edit_test_random),
#ifdef CONFIG_FAULT_INJECTION
	KUNIT_CASE(own_edit_test_no_memory),
#endif
	KUNIT_CASE_SLOW(own_edit_test_many),
	{}
};

static struct kunit_suite own_edit_test_suite = {
	.name		= "ownroute_edit",
	.init		= people_init,
	.exit		= own_edit_test_exit,
	.test_cases	= own_edit_test_cases,
};

kunit_test_suite(own_edit_test_suite);
