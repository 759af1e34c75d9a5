/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _OWN_HOOK_H
#define _OWN_HOOK_H

struct net;

int own_hooks_register(struct net *net);
void own_hooks_unregister(struct net *net);

#endif
