/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cgroups (v2) below the one that the test runs in.  They are named by their path
 * from there, "" being that one itself.
 */
#ifndef CGROUPS_H
#define CGROUPS_H

#include <linux/types.h>

int cgroup_make(const char *name);
int cgroup_remove(const char *name);
int cgroup_join(const char *name);
__u64 cgroup_id(const char *name);

#endif
