// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measures the index beside other structures that could be it, when it is loaded,
 * by a clock that counts instructions (selftests/vm/run --icount): what one look-up
 * and one change cost, and prints a line each.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "contender.h"
#include "radix.h"

#define LOOKUPS		1024
#define CHANGES		20
#define UID_STEP	20

static const struct contender *const contenders[] = {
	&contender_tree,
	&contender_array,
	&contender_maple,
};

static struct own_mapping *mapping_of_nth(u32 i, u32 width)
{
	const struct ownroute_mapping desc = {
		.id		= i + 1,
		.match		= OWNROUTE_MATCH_UID,
		.uid_min	= 1000 + i * UID_STEP,
		.uid_max	= 1000 + i * UID_STEP + width - 1,
	};

	return own_mapping_alloc(&desc, 0, NULL, NULL, 0);
}

/* Some of all uids that have a mapping, or of their neighbours that have none. */
static u64 lookups_cost(const struct contender *contender, u32 count,
			u32 width, bool hit)
{
	unsigned long flags;
	u32 i, random = 1;
	u64 start, cost;
	int wrong = 0;

	rcu_read_lock();
	local_irq_save(flags);
	start = ktime_get_ns();
	for (i = 0; i < LOOKUPS; i++) {
		u32 uid = 1000 + ((u64)random * count >> 32) * UID_STEP;

		uid += hit ? width - 1 : UID_STEP - 1;
		wrong += !contender->lookup(uid) == hit;
		random = random * 1664525 + 1013904223;
	}
	cost = ktime_get_ns() - start;
	local_irq_restore(flags);
	rcu_read_unlock();

	WARN(wrong, "%s: %d look-ups went wrong\n", contender->name, wrong);
	return cost / LOOKUPS;
}

static int changes_cost(const struct contender *contender,
			struct own_mapping **more, u64 *cost)
{
	u64 start = ktime_get_ns();
	int err = 0;
	u32 i;

	for (i = 0; !err && i < CHANGES; i++)
		err = contender->change(more[i]);
	*cost = (ktime_get_ns() - start) / CHANGES;
	return err;
}

static int measure(const struct contender *contender, u32 count, u32 width)
{
	u64 start, load, hit, miss, change;
	struct own_mapping **mappings;
	int err = -ENOMEM;
	u32 i;

	mappings = kvcalloc(count + CHANGES, sizeof(*mappings), GFP_KERNEL);
	if (!mappings)
		return err;
	for (i = 0; i < count + CHANGES; i++) {
		mappings[i] = mapping_of_nth(i, width);
		if (!mappings[i])
			goto out;
	}

	start = ktime_get_ns();
	err = contender->load(mappings, count);
	if (err)
		goto out;
	load = (ktime_get_ns() - start) / count;
	hit = lookups_cost(contender, count, width, true);
	miss = lookups_cost(contender, count, width, false);
	err = changes_cost(contender, mappings + count, &change);
	pr_info("%-12s %6u %5u %5llu %5llu %8llu %6llu\n", contender->name,
		count, width, hit, miss, change, load);
	contender->unload();
out:
	/* Those of the tree have gone with it. */
	for (i = 0; contender != &contender_tree && i < count + CHANGES; i++)
		if (mappings[i])
			own_mapping_free(mappings[i]);
	kvfree(mappings);
	return err;
}

static int __init compare_init(void)
{
	static const u32 counts[] = { 1, 100, 10000, 100000 };
	u32 i, n, width;
	int err;

	err = own_radix_init();
	if (err)
		return err;

	pr_info("structure     count width   hit  miss   change   load\n");
	for (n = 0; n < ARRAY_SIZE(counts); n++)
		for (width = 1; width <= 10; width += 9)
			for (i = 0; !err && i < ARRAY_SIZE(contenders); i++)
				err = measure(contenders[i], counts[n], width);

	rcu_barrier();
	own_radix_exit();
	return err;
}

static void __exit compare_exit(void)
{
}

module_init(compare_init);
module_exit(compare_exit);

MODULE_DESCRIPTION("Measures what ownroute could find a mapping with");
MODULE_LICENSE("GPL");
