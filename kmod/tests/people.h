/* SPDX-License-Identifier: GPL-2.0-only */
/* Whom the tests ask about, and sets for them to be in. */
#ifndef _OWN_TESTS_PEOPLE_H
#define _OWN_TESTS_PEOPLE_H

#include <linux/ownroute.h>
#include <linux/types.h>

#include "../mapping.h"

struct kunit;
struct own_set;
struct own_set_edit;

/*
 * Cgroups that no file system has:
 *
 *	root ─┬─ a ─── b
 *	      └─ c
 *
 * The ids of a and b differ in their upper half only.
 */
enum test_cgroup {
	CGROUP_NONE,
	CGROUP_ROOT,
	CGROUP_A,
	CGROUP_B,
	CGROUP_C,
	CGROUPS
};

#define CGROUP_ID_ROOT	0x000000001ULL
#define CGROUP_ID_A	0x000000002ULL
#define CGROUP_ID_B	0x100000002ULL
#define CGROUP_ID_C	0x000000003ULL
#define CGROUP_ID_GONE	0x200000002ULL

#define WHO_GROUPS	3

/*
 * @groups: supplementary groups, @nr_groups of them
 */
struct who {
	u32			uid;
	u32			gid;
	u32			groups[WHO_GROUPS];
	u32			nr_groups;
	enum test_cgroup	cgroup;
	bool			kernel;
};

/* Which counters a mapping has, to be compared */
static inline const void *people_counters(const struct own_mapping *mapping)
{
	return (__force const void *)mapping->counters;
}

int people_init(struct kunit *test);

u64 people_cgroup_id(enum test_cgroup cgroup);
bool people_in_cgroup(enum test_cgroup cgroup, u64 id);

struct own_mapping *people_find(struct kunit *test, const struct own_set *set,
				const struct who *who);
struct own_mapping *people_mapping(struct kunit *test,
				   const struct ownroute_mapping *desc);
struct own_set *people_commit(struct own_set_edit *edit, struct own_set *old);

#endif
