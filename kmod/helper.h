/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modules beside this one, for what costs packets more than we do, or what a kernel may do
 * without.
 *
 * Such a helper is loaded when the first mapping that needs it is asked for.  It asks for
 * nothing of this module; this one finds it by the one symbol that it exports, and holds it
 * by that for each namespace that has such a mapping:
 *
 *  1. the reference is taken, then what the helper has to do with conntrack and hooks is
 *     switched on, then the mappings are published: whoever meets one finds all of it;
 *  2. when the last of them is gone, or its namespace, no new packet finds the helper; it is
 *     switched off, and the reference is given back;
 *  3. packets that have found it before are under rcu_read_lock(); it waits for them when it
 *     is unloaded, before its text and its data go.
 */
#ifndef _OWN_HELPER_H
#define _OWN_HELPER_H

struct netlink_ext_ack;
struct nlattr;

/**
 * struct own_helper - a module that is loaded when it is needed
 *
 * @name: of the module
 * @get: take a reference; returns what its symbol stands for, NULL if it isn't there
 * @put: give the reference back
 */
struct own_helper {
	const char	*name;
	const void	*(*get)(void);
	void		(*put)(void);
};

int own_helper_load(const struct own_helper *helper, const struct nlattr *attr,
		    struct netlink_ext_ack *extack);
const void *own_helper_get(const struct own_helper *helper,
			   struct netlink_ext_ack *extack);

#endif
