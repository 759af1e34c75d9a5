// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * within NETNS COMMAND [ARGUMENT]...: runs COMMAND in the network namespace of the file
 * NETNS. That is what nsenter does; but on the debug kernel each library that a program is
 * loaded with costs as much as the rest of its start, and this one has none.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd;

	if (argc < 3)
		errx(EXIT_FAILURE, "usage: within NETNS COMMAND [ARGUMENT]...");
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(EXIT_FAILURE, "%s", argv[1]);
	execvp(argv[2], argv + 2);
	err(EXIT_FAILURE, "%s", argv[2]);
}
