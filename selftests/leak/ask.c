// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The shell that has started this program changes the network for it: a line with the
 * name of one of its functions, and perhaps an argument, goes out, a line with its exit
 * status comes back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "leak.h"

#define ANSWERS		4
#define REQUESTS	5

/**
 * ask_shell() - have a function of the shell run
 * @request: its name, and its argument
 *
 * Return: its exit status.
 */
int ask_shell(const char *request)
{
	char answer[16] = "";
	size_t len = 0;

	if (dprintf(REQUESTS, "%s\n", request) < 0)
		exit(1);
	while (!strchr(answer, '\n') && len < sizeof(answer) - 1) {
		if (read(ANSWERS, answer + len, 1) != 1)
			exit(1);
		len++;
	}
	return atoi(answer);
}

/**
 * ask() - change the network, for this case
 * @l: the run
 * @request: the shell's function, and its argument; exit status 4 says that it makes no sense here
 */
void ask(struct leak *l, const char *request)
{
	int status;

	l->disturbed = true;
	drain(l);
	status = ask_shell(request);
	if (status == 4)
		skip_case(l, "it has no such thing");
	need(l, status == 0, "%s: exit status %d", request, status);
}
