// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "userns.h"

static int write_map(pid_t pid, const char *uid_map)
{
	ssize_t len = strlen(uid_map);
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, uid_map, len) == len ? 0 : -1;
}

/* The map is written from outside: only there one may map any uid. */
static pid_t fork_map_writer(const char *uid_map, int ready[2])
{
	pid_t parent = getpid();
	pid_t pid = fork();
	char go;

	if (pid)
		return pid;
	close(ready[1]);
	_exit(read(ready[0], &go, 1) != 1 || write_map(parent, uid_map));
}

/**
 * userns_enter() - become root of a new user namespace
 * @uid_map: its uids, as in /proc/PID/uid_map; 0 is one of them
 *
 * Return: 0 or -1.
 */
int userns_enter(const char *uid_map)
{
	int ready[2], status;
	pid_t pid;

	if (pipe(ready))
		return -1;
	pid = fork_map_writer(uid_map, ready);
	close(ready[0]);
	if (pid < 0 || unshare(CLONE_NEWUSER) || write(ready[1], "", 1) != 1 ||
	    waitpid(pid, &status, 0) != pid || status)
		return -1;
	close(ready[1]);
	return setresuid(0, 0, 0);
}
