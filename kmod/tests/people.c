// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/cgroup-defs.h>
#include <linux/cred.h>
#include <linux/kernfs.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "../index.h"
#include "people.h"

static const struct {
	u64			id;
	enum test_cgroup	parent;
} cgroup_facts[CGROUPS] = {
	[CGROUP_ROOT]	= { CGROUP_ID_ROOT, CGROUP_NONE },
	[CGROUP_A]	= { CGROUP_ID_A, CGROUP_ROOT },
	[CGROUP_B]	= { CGROUP_ID_B, CGROUP_A },
	[CGROUP_C]	= { CGROUP_ID_C, CGROUP_ROOT },
};

static int cgroup_level(enum test_cgroup cgroup)
{
	int level = -1;

	for (; cgroup != CGROUP_NONE; cgroup = cgroup_facts[cgroup].parent)
		level++;
	return level;
}

/**
 * people_cgroup_id() - the id of a cgroup
 * @cgroup: the cgroup
 *
 * Return: the id, 0 for none.
 */
u64 people_cgroup_id(enum test_cgroup cgroup)
{
	return cgroup_facts[cgroup].id;
}

/**
 * people_in_cgroup() - is a cgroup another one, or below it?
 * @cgroup: the cgroup
 * @id: id of the other one
 *
 * Return: whether it is.
 */
bool people_in_cgroup(enum test_cgroup cgroup, u64 id)
{
	for (; cgroup != CGROUP_NONE; cgroup = cgroup_facts[cgroup].parent)
		if (cgroup_facts[cgroup].id == id)
			return true;
	return false;
}

/**
 * people_init() - make the cgroups
 * @test: the test; its ->priv is taken
 *
 * Return: 0.
 */
int people_init(struct kunit *test)
{
	struct cgroup **cgroups;
	enum test_cgroup i;

	cgroups = kunit_kcalloc(test, CGROUPS, sizeof(*cgroups), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cgroups);
	for (i = CGROUP_ROOT; i < CGROUPS; i++) {
		int level = cgroup_level(i);
		enum test_cgroup up = i;
		struct cgroup *cgroup;

		cgroup = kunit_kzalloc(test, struct_size(cgroup, ancestors,
							 level + 1),
				       GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, cgroup);
		cgroup->kn = kunit_kzalloc(test, sizeof(*cgroup->kn),
					   GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, cgroup->kn);
		cgroup->kn->id = cgroup_facts[i].id;
		cgroup->level = level;
		cgroups[i] = cgroup;
		for (; up != CGROUP_NONE; up = cgroup_facts[up].parent)
			cgroup->ancestors[level--] = cgroups[up];
	}
	test->priv = cgroups;
	return 0;
}

/**
 * people_find() - find somebody's mapping
 * @test: the test
 * @set: where to look
 * @who: whose
 *
 * Return: the mapping, or NULL.
 */
struct own_mapping *people_find(struct kunit *test, const struct own_set *set,
				const struct who *who)
{
	struct cgroup **cgroups = test->priv;
	struct own_owner owner = {
		.ns		= &init_user_ns,
		.uid		= who->uid,
		.gid		= who->gid,
		.gid_known	= true,
		.kernel		= who->kernel,
		.cgroup		= cgroups[who->cgroup],
	};
	struct own_mapping *mapping;
	u32 i;

	if (who->nr_groups) {
		owner.groups = groups_alloc(who->nr_groups);
		KUNIT_ASSERT_NOT_NULL(test, owner.groups);
		for (i = 0; i < who->nr_groups; i++)
			owner.groups->gid[i] = KGIDT_INIT(who->groups[i]);
	}
	mapping = own_set_lookup(set, &owner);
	if (owner.groups)
		groups_free(owner.groups);
	return mapping;
}

/**
 * people_mapping() - make a mapping, without counters
 * @test: the test
 * @desc: what it is to be
 *
 * Return: the mapping.
 */
struct own_mapping *people_mapping(struct kunit *test,
				   const struct ownroute_mapping *desc)
{
	enum test_cgroup cgroup = CGROUP_ROOT;
	struct own_mapping *mapping;

	/* That of one that is gone is as good as any. */
	while (cgroup < CGROUPS - 1 && cgroup_facts[cgroup].id != desc->cgroup)
		cgroup++;
	mapping = own_mapping_alloc(desc, cgroup_level(cgroup), NULL, NULL, 0);
	KUNIT_ASSERT_NOT_NULL(test, mapping);
	return mapping;
}

/**
 * people_commit() - make a new set the one that readers see
 * @edit: the edit that has made it
 * @old: the one that it takes the place of, may be NULL
 *
 * Return: the new set.
 */
struct own_set *people_commit(struct own_set_edit *edit, struct own_set *old)
{
	struct own_set *set = edit->set;

	own_set_edit_devices(edit);
	if (old)
		kfree_rcu(old, rcu);
	own_set_edit_commit(edit);
	return set;
}
