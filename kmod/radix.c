// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mapping.h"
#include "radix.h"

/* A node is a little more than half a page: pack them. */
static struct kmem_cache *own_node_cache;

static unsigned long own_slot_of_chain(const struct own_chain *chain)
{
	return chain ? (unsigned long)chain | OWN_SLOT_CHAIN : 0;
}

/* Chains */

static struct own_chain *own_chain_new(struct own_edit *edit, u32 room)
{
	struct own_chain *chain;

	chain = kvmalloc(struct_size(chain, mapping, room), GFP_KERNEL_ACCOUNT);
	if (!chain)
		return NULL;
	chain->edit = edit->id;
	chain->count = 0;
	chain->room = room;
	list_add(&chain->list, &edit->chains);
	return chain;
}

/* One that this edit made has been seen by nobody else. */
static void own_chain_leave(struct own_edit *edit, struct own_chain *chain)
{
	if (chain->edit == edit->id) {
		list_del(&chain->list);
		kvfree(chain);
	} else {
		list_add(&chain->list, &edit->left_chains);
	}
}

/* Where a mapping of this rank stands, or would stand. */
static u32 own_chain_find(const struct own_chain *chain, u64 rank)
{
	u32 low = 0, high = chain->count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (chain->mapping[middle]->rank < rank)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Makes @place a chain that this edit may change and that has room for @count.
 * One that grows again and again in the same edit takes as much again as it has, so
 * that thousands of mappings with the same range don't cost their square in memory.
 */
static struct own_chain *own_chain_open(struct own_edit *edit,
					struct own_chain **place, u32 count)
{
	struct own_chain *chain, *old = *place;
	bool ours = old && old->edit == edit->id;

	if (ours && old->room >= count)
		return old;

	chain = own_chain_new(edit, ours ? 2 * count : count);
	if (!chain)
		return NULL;
	if (old) {
		chain->count = old->count;
		memcpy(chain->mapping, old->mapping,
		       array_size(old->count, sizeof(*old->mapping)));
		own_chain_leave(edit, old);
	}
	*place = chain;
	return chain;
}

static int own_chain_insert(struct own_edit *edit, struct own_chain **place,
			    struct own_mapping *mapping)
{
	struct own_chain *chain;
	u32 i;

	chain = own_chain_open(edit, place, *place ? (*place)->count + 1 : 1);
	if (!chain)
		return -ENOMEM;

	i = own_chain_find(chain, mapping->rank);
	memmove(&chain->mapping[i + 1], &chain->mapping[i],
		array_size(chain->count - i, sizeof(*chain->mapping)));
	chain->mapping[i] = mapping;
	chain->count++;
	return 0;
}

static int own_chain_remove(struct own_edit *edit, struct own_chain **place,
			    const struct own_mapping *mapping)
{
	struct own_chain *chain;
	u32 i;

	if ((*place)->count == 1) {
		own_chain_leave(edit, *place);
		*place = NULL;
		return 0;
	}

	chain = own_chain_open(edit, place, (*place)->count);
	if (!chain)
		return -ENOMEM;

	i = own_chain_find(chain, mapping->rank);
	chain->count--;
	memmove(&chain->mapping[i], &chain->mapping[i + 1],
		array_size(chain->count - i, sizeof(*chain->mapping)));
	return 0;
}

/* Nodes */

static struct own_node *own_node_new(struct own_edit *edit,
				     const struct own_node *copy)
{
	struct own_node *node;

	node = kmem_cache_alloc(own_node_cache,
				GFP_KERNEL | __GFP_NOWARN |
				(copy ? 0 : __GFP_ZERO));
	if (!node)
		return NULL;
	if (copy)
		*node = *copy;
	node->edit = edit->id;
	list_add(&node->list, &edit->nodes);
	return node;
}

static void own_node_leave(struct own_edit *edit, struct own_node *node)
{
	if (node->edit == edit->id) {
		list_del(&node->list);
		kmem_cache_free(own_node_cache, node);
	} else {
		list_add(&node->list, &edit->left_nodes);
	}
}

/* Makes @slot a node that this edit may change. */
static struct own_node *own_slot_open(struct own_edit *edit,
				      unsigned long *slot)
{
	struct own_node *node, *old = NULL;

	if (*slot && !own_slot_is_chain(*slot)) {
		old = own_slot_node(*slot);
		if (old->edit == edit->id)
			return old;
	}

	node = own_node_new(edit, old);
	if (!node)
		return NULL;
	if (old)
		own_node_leave(edit, old);
	else if (*slot)
		node->chain = own_slot_chain(*slot);
	*slot = (unsigned long)node;
	return node;
}

/* A node without slots is no more than its chain. */
static void own_slot_close(struct own_edit *edit, unsigned long *slot)
{
	struct own_node *node = own_slot_node(*slot);

	if (node->used)
		return;
	*slot = own_slot_of_chain(node->chain);
	own_node_leave(edit, node);
}

/*
 * A change of the mappings that cover a range: one of them comes, or goes.  The
 * functions below walk to where the range covers whole slots.
 */
struct own_radix_change {
	struct own_edit		*edit;
	struct own_mapping	*in;
	const struct own_mapping *out;
};

static int own_chain_change(const struct own_radix_change *change,
			    struct own_chain **place)
{
	if (change->in)
		return own_chain_insert(change->edit, place, change->in);
	return own_chain_remove(change->edit, place, change->out);
}

/* The range covers all of @slot. */
static int own_slot_change(const struct own_radix_change *change,
			   unsigned long *slot)
{
	struct own_chain *chain;
	struct own_node *node;
	int err;

	if (*slot && !own_slot_is_chain(*slot)) {
		node = own_slot_open(change->edit, slot);
		if (!node)
			return -ENOMEM;
		return own_chain_change(change, &node->chain);
	}

	chain = own_slot_chain(*slot);
	err = own_chain_change(change, &chain);
	if (!err)
		*slot = own_slot_of_chain(chain);
	return err;
}

/* @slot stands for 1 << @shift numbers, of which @min to @max are meant. */
static int own_radix_change(const struct own_radix_change *change,
			    unsigned long *slot, unsigned int shift, u64 min,
			    u64 max)
{
	u64 span = 1ULL << shift;
	struct own_node *node;
	int err;
	u32 i;

	if (min == 0 && max == span - 1)
		return own_slot_change(change, slot);

	node = own_slot_open(change->edit, slot);
	if (!node)
		return -ENOMEM;

	shift -= OWN_RADIX_BITS;
	span = 1ULL << shift;
	for (i = min >> shift; i <= max >> shift; i++) {
		u64 base = (u64)i << shift;
		bool before = node->slot[i];

		err = own_radix_change(change, &node->slot[i], shift,
				       max_t(u64, min, base) - base,
				       min_t(u64, max, base + span - 1) - base);
		node->used += !!node->slot[i] - before;
		if (err)
			return err;
	}
	own_slot_close(change->edit, slot);
	cond_resched();
	return 0;
}

/**
 * own_radix_insert() - put a mapping where its range is
 * @edit: the edit that this is part of
 * @root: root of the tree, replaced by the edit's own
 * @min: first number
 * @max: last number
 * @mapping: the mapping
 *
 * Return: 0, or -ENOMEM; the edit can only be aborted then.
 */
int own_radix_insert(struct own_edit *edit, unsigned long *root, u32 min,
		     u32 max, struct own_mapping *mapping)
{
	const struct own_radix_change change = { .edit = edit, .in = mapping };

	return own_radix_change(&change, root, 32, min, max);
}

/**
 * own_radix_remove() - take a mapping away from where its range is
 * @edit: the edit that this is part of
 * @root: root of the tree, replaced by the edit's own
 * @min: first number, as it was inserted
 * @max: last number, as it was inserted
 * @mapping: the mapping
 *
 * Return: 0, or -ENOMEM; the edit can only be aborted then.
 */
int own_radix_remove(struct own_edit *edit, unsigned long *root, u32 min,
		     u32 max, const struct own_mapping *mapping)
{
	const struct own_radix_change change = { .edit = edit, .out = mapping };

	return own_radix_change(&change, root, 32, min, max);
}

/**
 * own_radix_clear() - take all mappings away
 * @edit: the edit that this is part of
 * @root: root of the tree, 0 afterwards
 *
 * It needs no memory.
 */
void own_radix_clear(struct own_edit *edit, unsigned long *root)
{
	unsigned long slot = *root;
	struct own_node *node;
	u32 i;

	*root = 0;
	if (!slot)
		return;
	if (own_slot_is_chain(slot)) {
		own_chain_leave(edit, own_slot_chain(slot));
		return;
	}

	/* Others may look at an older node: its slots stay as they are. */
	node = own_slot_node(slot);
	for (i = 0; i < OWN_RADIX_SLOTS; i++) {
		slot = node->slot[i];
		own_radix_clear(edit, &slot);
	}
	if (node->chain)
		own_chain_leave(edit, node->chain);
	own_node_leave(edit, node);
	cond_resched();
}

/**
 * own_radix_visit() - look at all mappings of a number
 * @root: root of the tree
 * @key: the number
 * @visit: called for each chain of them
 * @arg: given to it
 */
void own_radix_visit(unsigned long root, u32 key, own_chain_visit visit,
		     void *arg)
{
	unsigned long slot = root;
	unsigned int shift = 32;

	while (slot && !own_slot_is_chain(slot)) {
		const struct own_node *node = own_slot_node(slot);

		if (node->chain)
			visit(node->chain, arg);
		shift -= OWN_RADIX_BITS;
		slot = node->slot[(key >> shift) % OWN_RADIX_SLOTS];
	}
	if (slot)
		visit(own_slot_chain(slot), arg);
}

/**
 * own_radix_get() - find a number in a tree in which every range is a single one
 * @root: root of the tree
 * @key: the number
 *
 * Return: its first mapping, or NULL.
 */
struct own_mapping *own_radix_get(unsigned long root, u32 key)
{
	unsigned long slot = root;
	unsigned int shift = 32;

	while (slot && !own_slot_is_chain(slot)) {
		shift -= OWN_RADIX_BITS;
		slot = own_slot_node(slot)->slot[(key >> shift) % OWN_RADIX_SLOTS];
	}
	return slot ? own_slot_chain(slot)->mapping[0] : NULL;
}

static struct own_mapping *own_slot_next(unsigned long slot, unsigned int shift,
					 u64 base, u64 from)
{
	struct own_mapping *mapping;
	struct own_node *node;
	u64 span;
	u32 i;

	if (own_slot_is_chain(slot))
		return own_slot_chain(slot)->mapping[0];

	node = own_slot_node(slot);
	shift -= OWN_RADIX_BITS;
	span = 1ULL << shift;
	i = from > base ? (from - base) >> shift : 0;
	for (; i < OWN_RADIX_SLOTS; i++) {
		if (!node->slot[i])
			continue;
		mapping = own_slot_next(node->slot[i], shift, base + i * span,
					from);
		if (mapping)
			return mapping;
	}
	return NULL;
}

/**
 * own_radix_next() - walk a tree in which every range is a single number
 * @root: root of the tree
 * @from: where to begin, up to 1 << 32
 *
 * Return: the mapping with the lowest number that is not below @from, or NULL.
 */
struct own_mapping *own_radix_next(unsigned long root, u64 from)
{
	if (!root || from > U32_MAX)
		return NULL;
	return own_slot_next(root, 32, 0, from);
}

/**
 * own_radix_destroy() - free a tree that nobody sees and no edit shares
 * @root: its root
 */
void own_radix_destroy(unsigned long root)
{
	struct own_node *node;
	u32 i;

	if (!root)
		return;
	if (own_slot_is_chain(root)) {
		kvfree(own_slot_chain(root));
		return;
	}

	node = own_slot_node(root);
	for (i = 0; i < OWN_RADIX_SLOTS; i++)
		own_radix_destroy(node->slot[i]);
	kvfree(node->chain);
	kmem_cache_free(own_node_cache, node);
	cond_resched();
}

/* Edits */

/**
 * own_edit_begin() - begin an edit
 * @edit: the edit
 */
void own_edit_begin(struct own_edit *edit)
{
	static atomic64_t ids;

	edit->id = atomic64_inc_return(&ids);
	INIT_LIST_HEAD(&edit->nodes);
	INIT_LIST_HEAD(&edit->chains);
	INIT_LIST_HEAD(&edit->left_nodes);
	INIT_LIST_HEAD(&edit->left_chains);
}

static void own_node_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(own_node_cache,
			container_of(rcu, struct own_node, rcu));
}

/**
 * own_edit_commit() - end an edit whose trees are what readers see from now on
 * @edit: the edit
 *
 * What only the old trees have is freed when their last readers have left.
 */
void own_edit_commit(struct own_edit *edit)
{
	struct own_chain *chain, *next_chain;
	struct own_node *node, *next_node;

	list_for_each_entry_safe(node, next_node, &edit->left_nodes, list) {
		call_rcu(&node->rcu, own_node_free_rcu);
		cond_resched();
	}
	list_for_each_entry_safe(chain, next_chain, &edit->left_chains, list) {
		kvfree_rcu(chain, rcu);
		cond_resched();
	}
}

/**
 * own_edit_abort() - end an edit as if it had never begun
 * @edit: the edit; its trees are gone, those that it began with are whole
 */
void own_edit_abort(struct own_edit *edit)
{
	struct own_chain *chain, *next_chain;
	struct own_node *node, *next_node;

	list_for_each_entry_safe(node, next_node, &edit->nodes, list) {
		kmem_cache_free(own_node_cache, node);
		cond_resched();
	}
	list_for_each_entry_safe(chain, next_chain, &edit->chains, list) {
		kvfree(chain);
		cond_resched();
	}
}

/**
 * own_radix_init() - prepare for trees
 *
 * Return: 0 or -ENOMEM.
 */
int __init own_radix_init(void)
{
	own_node_cache = KMEM_CACHE(own_node, SLAB_ACCOUNT);
	return own_node_cache ? 0 : -ENOMEM;
}

/**
 * own_radix_exit() - no more trees, and their last nodes freed by RCU
 */
void own_radix_exit(void)
{
	kmem_cache_destroy(own_node_cache);
}
