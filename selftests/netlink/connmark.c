// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Mappings that mark connections: what they need is loaded and switched on with the
 * first one, and goes with the last.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"

#define HELPER		"ownroute_connmark"
#define MODPROBE	"/proc/sys/kernel/modprobe"
#define COUNT		"/proc/sys/net/netfilter/nf_conntrack_count"
#define SOMEBODY	1002
/* How long a namespace may take to go. */
#define GONE_SEC	20

#define CONNMARK(...)							      \
	MAPPING(.flags = OWNROUTE_FLAG_CONNMARK, __VA_ARGS__)

static int helper_loaded(void)
{
	return access("/sys/module/" HELPER, F_OK) == 0;
}

static int helper_unload(void)
{
	return syscall(SYS_delete_module, HELPER, O_NONBLOCK) ? -errno : 0;
}

/* Namespaces go in the background. */
static int helper_unload_when_unused(void)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	time_t deadline = time(NULL) + GONE_SEC;
	int err;

	while ((err = helper_unload()) == -EAGAIN && time(NULL) < deadline)
		nanosleep(&pause, NULL);
	return err;
}

/* Connections that this namespace knows; 0 as long as there is no conntrack. */
static int connections(void)
{
	FILE *file = fopen(COUNT, "re");
	int count = 0;

	if (!file)
		return errno == ENOENT ? 0 : -errno;
	if (fscanf(file, "%d", &count) != 1)
		count = -EINVAL;
	fclose(file);
	return count;
}

/* Is what somebody sends a connection?  Each has a port of its own. */
static int tracked(void)
{
	int before = connections();

	if (before < 0 || traffic_send(SOMEBODY, 1))
		return -1;
	return connections() > before;
}

static int modprobe_set(const char *path)
{
	int fd = open(MODPROBE, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, path, strlen(path)) != (ssize_t)strlen(path))
		err = -errno;
	close(fd);
	return err;
}

FIXTURE(connmark) {
	struct genl genl;
};

FIXTURE_SETUP(connmark)
{
	int err = helper_unload();

	ASSERT_TRUE(!err || err == -ENOENT);
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, ownroute_open(&self->genl));
}

FIXTURE_TEARDOWN(connmark)
{
	mapping_flush(&self->genl);
	genl_close(&self->genl);
	EXPECT_EQ(0, modprobe_set("/sbin/modprobe"));
}

TEST_F(connmark, is_read_back)
{
	struct object got;

	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(.id = 1), NULL));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(OWNROUTE_FLAG_CONNMARK, got.mapping.flags);
}

TEST_F(connmark, goes_together_with_nostamp)
{
	EXPECT_EQ(0, mapping_new(&self->genl, &MAPPING(
				 .flags = OWNROUTE_FLAG_CONNMARK |
					  OWNROUTE_FLAG_NOSTAMP), NULL));
}

TEST_F(connmark, has_the_module_loaded)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
	EXPECT_FALSE(helper_loaded());
	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(), NULL));
	EXPECT_TRUE(helper_loaded());
}

TEST_F(connmark, loads_nothing_when_it_is_refused)
{
	EXPECT_EQ(-EINVAL, mapping_new(&self->genl,
				       &CONNMARK(.mark = 0), NULL));
	EXPECT_EQ(-EINVAL, mapping_new(&self->genl,
				       &CONNMARK(.uid_min = 2000), NULL));
	EXPECT_FALSE(helper_loaded());
}

/* Who may not make mappings, loads no modules either. */
TEST_F(connmark, loads_nothing_for_the_unprivileged)
{
	int status;
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid) {
		struct genl genl;

		_exit(setresuid(SOMEBODY, SOMEBODY, SOMEBODY) ||
		      ownroute_open(&genl) ||
		      mapping_new(&genl, &CONNMARK(), NULL) != -EPERM);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_FALSE(helper_loaded());
}

TEST_F(connmark, is_refused_without_the_module)
{
	struct object none;

	ASSERT_EQ(0, modprobe_set("/bin/false"));
	EXPECT_EQ(-EOPNOTSUPP, mapping_new(&self->genl, &CONNMARK(), NULL));
	EXPECT_NE(NULL, strstr(self->genl.ack.text, HELPER));
	EXPECT_EQ(0, mapping_dump(&self->genl, &none, 1));
}

TEST_F(connmark, has_conntrack_on_while_it_is_there)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	EXPECT_EQ(0, tracked());
	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(.id = 2), NULL));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(.id = 3), NULL));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, mapping_del(&self->genl, 3));
	EXPECT_EQ(0, tracked());
	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(.id = 2), NULL));
	EXPECT_EQ(1, tracked());
}

TEST_F(connmark, has_conntrack_on_where_it_is)
{
	struct genl other;

	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(), NULL));
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, ownroute_open(&other));
	ASSERT_EQ(0, mapping_new(&other, &MAPPING(), NULL));
	EXPECT_EQ(0, tracked());
	genl_close(&other);
}

TEST_F(connmark, comes_and_goes_with_a_replacement)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_set(&self->genl, &CONNMARK(.id = 1)));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, mapping_set(&self->genl, &CONNMARK(.id = 1, .mark = 2)));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1)));
	EXPECT_EQ(0, tracked());
	EXPECT_EQ(0, helper_unload());
}

TEST_F(connmark, goes_with_a_flush)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(.mark = 2), NULL));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	EXPECT_EQ(0, tracked());
	EXPECT_EQ(0, helper_unload());
}

/* A change that isn't made switches nothing on. */
TEST_F(connmark, comes_with_a_commit)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &CONNMARK(.id = 1)));
	EXPECT_EQ(0, tracked());
	ASSERT_EQ(0, transaction_abort(&self->genl));
	EXPECT_EQ(0, tracked());

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &CONNMARK(.id = 1)));
	ASSERT_EQ(0, transaction_new(&self->genl, &CONNMARK(.id = 1)));
	EXPECT_EQ(-EEXIST, transaction_commit(&self->genl));
	EXPECT_EQ(0, tracked());

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &CONNMARK(.id = 1)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_EQ(1, tracked());
}

TEST_F(connmark, holds_the_module)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(.id = 1), NULL));
	EXPECT_EQ(-EAGAIN, helper_unload());
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	EXPECT_EQ(0, helper_unload());
}

/* Waiting for its commit, a mapping holds nothing. */
TEST_F(connmark, says_that_the_module_was_unloaded)
{
	struct object none;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &CONNMARK()));
	ASSERT_EQ(0, helper_unload());
	EXPECT_EQ(-EAGAIN, transaction_commit(&self->genl));
	EXPECT_NE(NULL, strstr(self->genl.ack.text, HELPER));
	EXPECT_EQ(0, mapping_dump(&self->genl, &none, 1));
}

TEST_F_TIMEOUT(connmark, goes_with_its_namespace, 60)
{
	int i, status;

	for (i = 0; i < 5; i++) {
		pid_t pid = fork();

		ASSERT_LE(0, pid);
		if (!pid) {
			struct genl genl;

			_exit(unshare(CLONE_NEWNET) || traffic_device() ||
			      ownroute_open(&genl) ||
			      mapping_new(&genl, &CONNMARK(), NULL) ||
			      tracked() != 1);
		}
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(0, status);
	}
	EXPECT_EQ(0, helper_unload_when_unused());
}

TEST_F(connmark, goes_with_the_module_that_asked_for_it)
{
	if (!getenv("OWNROUTE_KO"))
		SKIP(return, "can't load it again: $OWNROUTE_KO must name it");
	ASSERT_EQ(0, mapping_new(&self->genl, &CONNMARK(), NULL));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, module_unload());
	EXPECT_EQ(0, tracked());
	EXPECT_EQ(0, helper_unload());
	ASSERT_EQ(0, module_load());
}

MODULE_HARNESS_MAIN
