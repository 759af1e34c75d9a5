// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroups.h"

/* The caller's own, remembered: it may join another. */
static const char *base(void)
{
	static char path[256];
	FILE *file;

	if (path[0])
		return path;
	file = fopen("/proc/self/cgroup", "re");
	if (!file)
		return path;
	if (fscanf(file, "0::%255s", path) != 1)
		path[0] = '\0';
	fclose(file);
	return path;
}

static const char *path_of(const char *name, const char *file)
{
	static char path[512];

	snprintf(path, sizeof(path), "/sys/fs/cgroup%s/%s/%s", base(), name,
		 file);
	return path;
}

/**
 * cgroup_make() - make a cgroup
 * @name: its path; all but its last part is there
 *
 * Return: 0 or a negative errno.
 */
int cgroup_make(const char *name)
{
	return mkdir(path_of(name, ""), 0755) ? -errno : 0;
}

/**
 * cgroup_remove() - remove a cgroup
 * @name: its path
 *
 * Return: 0 or a negative errno, -EBUSY if somebody is in it.
 */
int cgroup_remove(const char *name)
{
	return rmdir(path_of(name, "")) ? -errno : 0;
}

/**
 * cgroup_join() - move the caller into a cgroup
 * @name: its path
 *
 * Return: 0 or a negative errno.
 */
int cgroup_join(const char *name)
{
	int fd = open(path_of(name, "cgroup.procs"), O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, "0", 1) != 1)
		err = -errno;
	close(fd);
	return err;
}

/**
 * cgroup_id() - the number by which the kernel knows a cgroup
 * @name: its path
 *
 * Return: the id, 0 if there is no such cgroup.
 */
__u64 cgroup_id(const char *name)
{
	struct stat stat_buf;

	/* kernfs gives the directory the cgroup's id as its inode number. */
	return stat(path_of(name, ""), &stat_buf) ? 0 : stat_buf.st_ino;
}
