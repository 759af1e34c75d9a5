/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A radix tree from numbers to the mappings whose range covers them, and the
 * edits that make one tree out of another.
 *
 * It has four levels of 256 slots.  A range hangs where it covers whole slots:
 * uid 1001 in one slot of the last level, 0-65535 in one slot of the second, a
 * ragged one in up to 510 slots of each level but the first, which has 254.  So a
 * look-up is four loads, whatever is in the tree, and meets just the mappings that
 * cover its number.
 *
 * Nothing that can be seen is changed: an edit copies the nodes on the way to
 * what it changes, and shares the rest with the tree that it began with.  So
 * packets see all of an edit or none of it, be it 1 or 100,000 changes, and what one
 * change costs doesn't depend on how large the tree is: four copied nodes for a
 * single number, at most seven and the chains of some 1,800 places for a range.
 *
 * Two others were tried, and measured by selftests/bench (see The index in
 * Documentation/architecture.rst): a sorted array of all pieces between edges takes
 * twice as long to search when it is large, and has to be copied whole for each
 * change; the kernel's maple tree takes three times as long, and shows each change
 * by itself.  Neither holds ranges that overlap.
 */
#ifndef _OWN_RADIX_H
#define _OWN_RADIX_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct own_mapping;

#define OWN_RADIX_BITS	8
#define OWN_RADIX_SLOTS	256

/**
 * struct own_chain - the mappings that cover one place, lowest rank first
 *
 * @rcu: to free it after the last reader
 * @list: a list of the edit that makes or leaves it, which ends before @rcu is used
 * @edit: the edit that made it; it, and no other, may change it
 * @count: how many, at least one
 * @room: how many it has the memory for
 * @mapping: they
 */
struct own_chain {
	union {
		struct rcu_head		rcu;
		struct list_head	list;
	};
	u64				edit;
	u32				count;
	u32				room;
	struct own_mapping		*mapping[];
};

/**
 * struct own_node - 256 slots
 *
 * @rcu: to free it after the last reader
 * @list: a list of the edit that makes or leaves it, which ends before @rcu is used
 * @edit: the edit that made it; it, and no other, may change it
 * @used: slots that are not 0
 * @chain: the mappings that cover all slots, or NULL
 * @slot: each a node, a chain (bit 0 set), or 0
 */
struct own_node {
	union {
		struct rcu_head		rcu;
		struct list_head	list;
	};
	u64				edit;
	u32				used;
	struct own_chain		*chain;
	unsigned long			slot[OWN_RADIX_SLOTS];
};

#define OWN_SLOT_CHAIN	1UL

static inline bool own_slot_is_chain(unsigned long slot)
{
	return slot & OWN_SLOT_CHAIN;
}

static inline struct own_node *own_slot_node(unsigned long slot)
{
	return (struct own_node *)slot;
}

static inline struct own_chain *own_slot_chain(unsigned long slot)
{
	return (struct own_chain *)(slot & ~OWN_SLOT_CHAIN);
}

/**
 * struct own_edit - a change under way
 *
 * @id: differs from that of every other edit
 * @nodes: those made for it
 * @chains: those made for it
 * @left_nodes: older ones that the new trees do without
 * @left_chains: likewise
 */
struct own_edit {
	u64			id;
	struct list_head	nodes;
	struct list_head	chains;
	struct list_head	left_nodes;
	struct list_head	left_chains;
};

int own_radix_insert(struct own_edit *edit, unsigned long *root, u32 min,
		     u32 max, struct own_mapping *mapping);
int own_radix_remove(struct own_edit *edit, unsigned long *root, u32 min,
		     u32 max, const struct own_mapping *mapping);
void own_radix_clear(struct own_edit *edit, unsigned long *root);
/* Called for the mappings of a number, by chains. */
typedef void (*own_chain_visit)(const struct own_chain *chain, void *arg);

void own_radix_visit(unsigned long root, u32 key, own_chain_visit visit,
		     void *arg);
struct own_mapping *own_radix_get(unsigned long root, u32 key);
struct own_mapping *own_radix_next(unsigned long root, u64 from);
void own_radix_destroy(unsigned long root);

void own_edit_begin(struct own_edit *edit);
void own_edit_commit(struct own_edit *edit);
void own_edit_abort(struct own_edit *edit);

int own_radix_init(void);
void own_radix_exit(void);

#endif
