// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Processes that are killed in the middle of a transaction: nothing has changed,
 * and nothing is left of it.
 */
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"

#define KILLED		1000
#define KILLED_NETNS	100
/* So many before the memory is looked at: caches of all kinds are filled. */
#define WARM_UP		50

/* What each sends before it is killed, at least. */
#define CHANGES		20

/* What may come and go by itself: a quarter of what their mappings would take. */
#define TOLERANCE_KB	2048
/* Sockets, processes and namespaces are freed some time after their end. */
#define SETTLE_SEC	30

FIXTURE(killed) {
	struct genl genl;
	struct snapshot before;
};

FIXTURE_SETUP(killed)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	ASSERT_EQ(0, traffic_send(1001, 3));
	ASSERT_EQ(0, snapshot_take(&self->genl, &self->before));
	ASSERT_EQ(3, self->before.mappings[0].stats.packets);
}

FIXTURE_TEARDOWN(killed)
{
	genl_close(&self->genl);
}

/* Memory that only the kernel itself can have, in kB; -1 if it doesn't say. */
static long kernel_memory(void)
{
	static const char *const kinds[] = { "SUnreclaim:", "Percpu:" };
	long sum = 0, kb;
	char line[128];
	FILE *meminfo;
	int found = 0;

	meminfo = fopen("/proc/meminfo", "re");
	if (!meminfo)
		return -1;
	while (fgets(line, sizeof(line), meminfo)) {
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
			if (strncmp(line, kinds[i], strlen(kinds[i])) ||
			    sscanf(line + strlen(kinds[i]), "%ld", &kb) != 1)
				continue;
			sum += kb;
			found++;
		}
	}
	fclose(meminfo);
	return found == ARRAY_SIZE(kinds) ? sum : -1;
}

/* Waits for what is freed later; how much more there is than @before. */
static long kernel_memory_grown(long before)
{
	const struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
	time_t deadline = time(NULL) + SETTLE_SEC;
	long grown;

	while ((grown = kernel_memory() - before) > TOLERANCE_KB &&
	       time(NULL) < deadline)
		nanosleep(&pause, NULL);
	return grown;
}

/* Goes on until it is killed, so that it may hit the middle of a request. */
static void change_until_killed(int ready, int netns)
{
	struct genl genl;
	int i;

	if ((netns && unshare(CLONE_NEWNET)) || ownroute_open(&genl) ||
	    transaction_begin(&genl) || mapping_flush(&genl))
		return;
	for (i = 1; !transaction_new(&genl, &MAPPING(.id = i)); i++) {
		if (i == CHANGES && write(ready, "", 1) != 1)
			return;
	}
}

static int kill_one(int netns)
{
	int ready[2], status, err = -1;
	pid_t pid;
	char byte;

	if (pipe(ready))
		return -1;
	pid = fork();
	if (!pid) {
		change_until_killed(ready[1], netns);
		_exit(EXIT_FAILURE);
	}
	close(ready[1]);
	if (pid > 0 && read(ready[0], &byte, 1) == 1 && !kill(pid, SIGKILL) &&
	    waitpid(pid, &status, 0) == pid && WIFSIGNALED(status))
		err = 0;
	close(ready[0]);
	return err;
}

#define KILL(_count, _netns)						      \
	do {								      \
		struct snapshot _now;					      \
		int _i;							      \
									      \
		for (_i = 0; _i < (_count); _i++) {			      \
			ASSERT_EQ(0, kill_one(_netns));			      \
		}							      \
		ASSERT_EQ(0, snapshot_take(&self->genl, &_now));	      \
		EXPECT_EQ(0, memcmp(&self->before, &_now, sizeof(_now)));     \
	} while (0)

/* The mappings can be counted on afterwards, and changed. */
#define EXPECT_ALIVE()							      \
	do {								      \
		struct object _got;					      \
									      \
		ASSERT_EQ(0, traffic_send(1001, 1));			      \
		ASSERT_EQ(0, mapping_get(&self->genl, 1, &_got));	      \
		EXPECT_EQ(4, _got.stats.packets);			      \
		ASSERT_EQ(0, transaction_begin(&self->genl));		      \
		ASSERT_EQ(0, mapping_del(&self->genl, 1));		      \
		EXPECT_EQ(0, transaction_commit(&self->genl));		      \
	} while (0)

/* The module goes when the test has ended: nothing holds it. */
TEST_F_TIMEOUT(killed, changes_and_leaves_nothing, 1000)
{
	long memory;

	KILL(WARM_UP, 0);
	memory = kernel_memory();
	ASSERT_LT(0, memory);
	KILL(KILLED, 0);
	EXPECT_GE(TOLERANCE_KB, kernel_memory_grown(memory));
	EXPECT_ALIVE();
}

TEST_F_TIMEOUT(killed, takes_its_namespace_with_it, 1000)
{
	long memory;

	KILL(WARM_UP / 10, 1);
	memory = kernel_memory();
	ASSERT_LT(0, memory);
	KILL(KILLED_NETNS, 1);
	EXPECT_GE(TOLERANCE_KB, kernel_memory_grown(memory));
	EXPECT_ALIVE();
}

MODULE_HARNESS_MAIN
