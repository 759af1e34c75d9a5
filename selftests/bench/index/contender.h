/* SPDX-License-Identifier: GPL-2.0-only */
/* Structures that could be the index. */
#ifndef _OWN_BENCH_CONTENDER_H
#define _OWN_BENCH_CONTENDER_H

#include "mapping.h"

/**
 * struct contender - a structure, and what it is measured at
 *
 * @name: what it is called in the table
 * @load: puts mappings in, whose uid ranges don't overlap and go up
 * @lookup: finds the mapping of a uid
 * @change: puts one more in, beyond all others, so that readers see it whole
 * @unload: takes all away; the mappings are the caller's
 */
struct contender {
	const char	*name;
	int		(*load)(struct own_mapping **mappings, u32 count);
	const void	*(*lookup)(u32 uid);
	int		(*change)(struct own_mapping *mapping);
	void		(*unload)(void);
};

extern const struct contender contender_array;
extern const struct contender contender_maple;
extern const struct contender contender_tree;

#endif
