// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * leak FAMILY TOOL RESULTS: run the suite, and print what leaked as KTAP.
 *
 * FAMILY	4 or 6
 * TOOL		"ours"; "guard" and "gid", which have a guard; or a name of another, of which
 *		nothing is expected
 * RESULTS	file to append lines to: FAMILY, TOOL, CASE, what leaked, separated by tabs
 *
 * Environment: ISP_NETNS and TUNNEL_NETNS, files of the namespaces. CASES, names of those to
 * run, with a | after each (all).
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <kselftest.h>

#include "leak.h"

/* The case that isn't one: what another user sends must be seen at the ISP. */
#define CONTROL		(MAX_CASES - 1)
/* How often that is tried, 10 ms apart */
#define CONTROLS	300

/* What comes after the last case, comes within this time after what came before. */
#define QUIET_MS	400
#define SETTLE_MS	5000

static const struct leak_case *const suites[] = {
	end_cases, life_cases, send_cases, datagram_cases, steer_cases,
	ownerless_cases, disturbed_cases,
};

enum tool { OURS, OURS_GUARDED, PEER };

/**
 * struct outcome - of a case
 *
 * @which: the case
 * @skipped: why it was not run, or NULL
 * @broken: why it failed, or empty
 */
struct outcome {
	const struct leak_case	*which;
	const char		*skipped;
	char			broken[128];
};

static struct outcome outcomes[MAX_CASES];
static unsigned int n_outcomes;

/**
 * drain() - take note of what has come out by now
 * @l: the run
 */
void drain(struct leak *l)
{
	capture_drain(l->capture[ISP]);
	capture_drain(l->capture[TUNNEL]);
}

static void settle(struct leak *l)
{
	const struct timespec pause = { .tv_nsec = QUIET_MS * 1000 * 1000 };
	unsigned int before, after = 0, times = 0;

	do {
		before = after;
		nanosleep(&pause, NULL);
		drain(l);
		after = capture_total(l->capture[ISP]) +
			capture_total(l->capture[TUNNEL]);
	} while (after != before && ++times < SETTLE_MS / QUIET_MS);
}

static void begin(struct leak *l, unsigned int number)
{
	enum place place;

	l->number = number;
	for (place = 0; place < PLACES; place++)
		l->listeners[place] = -1;
	l->receive_buffer = 0;
	l->disturbed = false;
	l->skipped = NULL;
	l->broken[0] = '\0';
}

static void end_helper(struct leak *l)
{
	if (l->helper <= 0)
		return;
	kill(l->helper, SIGKILL);
	waitpid(l->helper, NULL, 0);
	l->helper = 0;
}

/* Nothing shall be left that sends while the network is restored. */
static void close_all(struct leak *l)
{
	while (l->n_fds) {
		set_linger(l->fds[--l->n_fds]);
		close(l->fds[l->n_fds]);
	}
}

/* What was sent may take its time to arrive. */
static unsigned int wait_seen(struct leak *l, unsigned int packets)
{
	const struct timespec pause = { .tv_nsec = 1000 * 1000 };
	unsigned int seen, times = 0;

	for (;;) {
		drain(l);
		seen = capture_count(l->capture[TUNNEL], l->number) +
		       capture_count(l->capture[ISP], l->number);
		if (seen >= packets || ++times > DEADLINE)
			return seen;
		nanosleep(&pause, NULL);
	}
}

/**
 * want_packets() - see what the case has sent by now, wherever it comes out
 * @l: the run
 * @packets: how many
 */
void want_packets(struct leak *l, unsigned int packets)
{
	unsigned int seen = wait_seen(l, packets);

	want(l, seen == packets, "%u packets came out instead of %u", seen,
	     packets);
}

static bool only_guard_holds(const struct leak *l, const struct leak_case *which)
{
	return which->flags & (l->family == AF_INET ? GUARD_IPV4 : GUARD_IPV6);
}

/* Nothing leaks of what was never sent, either: where the guard holds, it has dropped. */
static void run_guarded(struct leak *l, const struct leak_case *which)
{
	need(l, !ask_shell("note_guarded"), "the mapping has no counter");
	which->run(l);
	need(l, !ask_shell("guarded_more"), "the guard has dropped nothing");
}

static void run_case(struct leak *l, const struct leak_case *which)
{
	struct outcome *outcome = &outcomes[n_outcomes++];

	begin(l, n_outcomes);
	if (!setjmp(l->end)) {
		if (l->guarded && only_guard_holds(l, which))
			run_guarded(l, which);
		else
			which->run(l);
		need(l, which->flags & SILENT || wait_seen(l, 1),
		     "nothing was sent");
	}
	end_helper(l);
	close_all(l);
	drain(l);
	if (l->disturbed && ask_shell("restore"))
		ksft_exit_fail_msg("the network can't be restored\n");

	outcome->which = which;
	outcome->skipped = l->skipped;
	strcpy(outcome->broken, l->broken);
}

static bool wanted(const char *name)
{
	const char *names = getenv("CASES");
	char text[128];

	snprintf(text, sizeof(text), "%s|", name);
	return !names || !*names || strstr(names, text);
}

static void run_cases(struct leak *l)
{
	const struct leak_case *which;
	size_t i;

	for (i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		for (which = suites[i]; which->name; which++) {
			if (wanted(which->name))
				run_case(l, which);
		}
	}
}

/* Once more if need be: the first packet waits for a neighbour, but not for ever. */
static bool control(struct leak *l)
{
	unsigned int before = capture_count(l->capture[ISP], CONTROL);
	struct sockaddr_storage address;
	unsigned int times = 0;
	socklen_t len;
	int fd;

	begin(l, CONTROL);
	len = far_address(l, 1, FAR_PORT, &address);
	act_as(STRANGER);
	fd = socket(l->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	act_as(0);
	do {
		sendto(fd, "", 1, 0, (struct sockaddr *)&address, len);
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
		drain(l);
	} while (capture_count(l->capture[ISP], CONTROL) == before &&
		 ++times < CONTROLS);
	close(fd);
	return times < CONTROLS;
}

static void print_packets(const struct leak *l, unsigned int number)
{
	unsigned int leaked = capture_count(l->capture[ISP], number);
	const char *text;
	unsigned int i;

	for (i = 0; (text = capture_text(l->capture[ISP], number, i)); i++)
		ksft_print_msg("at the ISP: %s\n", text);
	if (leaked > i)
		ksft_print_msg("and %u more\n", leaked - i);
}

static void judge(const struct leak *l, enum tool tool, unsigned int number)
{
	const struct outcome *outcome = &outcomes[number - 1];
	const bool leaks = tool == OURS && only_guard_holds(l, outcome->which);
	unsigned int leaked = capture_count(l->capture[ISP], number);
	const char *name = outcome->which->name;

	if (outcome->skipped) {
		ksft_test_result_skip("%s: %s\n", name, outcome->skipped);
		return;
	}
	if (leaks && leaked && !outcome->broken[0]) {
		ksft_test_result_skip("%s: only a guard holds it: %u leaked\n",
				      name, leaked);
		return;
	}
	print_packets(l, number);
	if (outcome->broken[0])
		ksft_print_msg("it failed: %s\n", outcome->broken);
	/* A 0 with the guard would say nothing, then. */
	if (leaks && !leaked)
		ksft_print_msg("it is said to leak without a guard\n");
	ksft_test_result(!leaked && !leaks && (!outcome->broken[0] || tool == PEER),
			 "%s: %u leaked, %u through the tunnel\n", name, leaked,
			 capture_count(l->capture[TUNNEL], number));
}

static void write_result(const struct leak *l, FILE *file, const char *tool,
			 unsigned int number)
{
	const struct outcome *outcome = &outcomes[number - 1];
	unsigned int leaked = capture_count(l->capture[ISP], number);

	fprintf(file, "%d\t%s\t%s\t", l->family == AF_INET ? 4 : 6, tool,
		outcome->which->name);
	if (outcome->skipped || (outcome->broken[0] && !leaked))
		fputs("-", file);
	else
		fprintf(file, "%u", leaked);
	fprintf(file, "\t%s\n",
		only_guard_holds(l, outcome->which) ? "guard" : "");
}

static void prepare(struct leak *l, const char *family)
{
	const char *names[PLACES] = {
		"/proc/self/ns/net", getenv("ISP_NETNS"), getenv("TUNNEL_NETNS"),
	};
	enum place place;

	l->family = strcmp(family, "6") ? AF_INET : AF_INET6;
	for (place = 0; place < PLACES; place++) {
		l->namespaces[place] = open(names[place] ?: "", O_RDONLY | O_CLOEXEC);
		if (l->namespaces[place] < 0)
			ksft_exit_fail_msg("a namespace: %s\n", strerror(errno));
	}
	for (place = ISP; place < PLACES; place++) {
		in_place(l, place);
		l->capture[place] = capture_open();
		if (!l->capture[place])
			ksft_exit_fail_msg("packet socket: %s\n",
					   strerror(errno));
	}
	in_place(l, CLIENT);
	signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
	static struct leak l;
	unsigned int i, missed;
	enum tool tool;
	bool seen;
	FILE *file;

	if (argc != 4)
		ksft_exit_fail_msg("usage: leak FAMILY TOOL RESULTS\n");
	tool = !strcmp(argv[2], "ours") ? OURS :
	       !strcmp(argv[2], "guard") || !strcmp(argv[2], "gid") ?
	       OURS_GUARDED : PEER;
	file = fopen(argv[3], "ae");
	if (!file)
		ksft_exit_fail_msg("%s: %s\n", argv[3], strerror(errno));
	prepare(&l, argv[1]);
	l.guarded = tool == OURS_GUARDED;

	ksft_print_header();
	seen = control(&l);
	run_cases(&l);
	settle(&l);
	seen = control(&l) && seen;

	ksft_set_plan(n_outcomes + 2);
	ksft_test_result(seen, "another user's packets are seen at the ISP\n");
	missed = capture_missed(l.capture[ISP]) +
		 capture_missed(l.capture[TUNNEL]);
	ksft_test_result(!missed, "no packet was missed: %u\n", missed);
	for (i = 1; i <= n_outcomes; i++) {
		judge(&l, tool, i);
		write_result(&l, file, argv[2], i);
	}
	fclose(file);
	ksft_finished();
}
