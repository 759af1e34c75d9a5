// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <kselftest.h>

#include "module.h"

/* How long the kernel may take to let go of the module. */
#define UNLOAD_TIMEOUT_SEC	10

static int module_loaded(void)
{
	return access("/sys/module/ownroute", F_OK) == 0;
}

/**
 * module_load() - load the module from the file that $OWNROUTE_KO names
 *
 * Return: 0 or a negative errno.
 */
int module_load(void)
{
	int fd, err = 0;

	fd = open(getenv("OWNROUTE_KO"), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, "", 0))
		err = -errno;
	close(fd);
	return err;
}

/**
 * module_unload() - remove the module, once
 *
 * Return: 0 or a negative errno; -EAGAIN if something still uses it.
 */
int module_unload(void)
{
	if (syscall(SYS_delete_module, "ownroute", O_NONBLOCK))
		return -errno;
	return 0;
}

/**
 * module_unload_when_unused() - remove the module as soon as nothing uses it
 *
 * A socket that was closed in the middle of a dump holds it until a work of the
 * kernel has run.
 *
 * Return: as module_unload().
 */
int module_unload_when_unused(void)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	time_t deadline = time(NULL) + UNLOAD_TIMEOUT_SEC;
	int err;

	while ((err = module_unload()) == -EAGAIN && time(NULL) < deadline)
		nanosleep(&pause, NULL);
	return err;
}

static void module_take_away(void)
{
	int err = module_unload_when_unused();

	if (!err)
		return;

	printf("# can't remove the module: %s\n", strerror(-err));
	fflush(NULL);
	_exit(KSFT_FAIL);
}

/**
 * module_provide() - have the module there until the process exits
 *
 * One that was there before stays.
 */
void module_provide(void)
{
	int err;

	if (geteuid())
		ksft_exit_skip("needs root\n");
	if (module_loaded())
		return;
	if (!getenv("OWNROUTE_KO"))
		ksft_exit_skip("no module: $OWNROUTE_KO must name it\n");

	err = module_load();
	if (err)
		ksft_exit_fail_msg("can't load the module: %s\n",
				   strerror(-err));
	atexit(module_take_away);
}
