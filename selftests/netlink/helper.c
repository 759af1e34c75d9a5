// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Mappings that need a module of their own: it is loaded and switched on with the first
 * one, and goes with the last.
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

#define MODPROBE	"/proc/sys/kernel/modprobe"
#define COUNT		"/proc/sys/net/netfilter/nf_conntrack_count"
#define SOMEBODY	1002
/* How long a namespace may take to go. */
#define GONE_SEC	20

/* A mapping that needs the variant's module; named members change what they name. */
#define NEEDING(...)							      \
	(&(const struct object){					      \
		.attrs = variant->attrs,				      \
		.mapping = MAPPING_INIT(.flags = variant->flags, __VA_ARGS__), \
		.device = "tun0",					      \
		.nat = variant->nat,					      \
	})

static int helper_loaded(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return access(path, F_OK) == 0;
}

static int helper_unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/* Namespaces go in the background. */
static int helper_unload_when_unused(const char *name)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	time_t deadline = time(NULL) + GONE_SEC;
	int err;

	while ((err = helper_unload(name)) == -EAGAIN && time(NULL) < deadline)
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

static int add(struct genl *genl, const struct object *wanted)
{
	struct object made;

	return mapping_new_with(genl, wanted, &made);
}

FIXTURE(helper) {
	struct genl genl;
};

/*
 * @name: of the module
 * @flags: of the mapping that needs it
 * @attrs: which of its device and @nat it has
 * @nat: addresses that it changes
 */
FIXTURE_VARIANT(helper) {
	const char		*name;
	__u32			flags;
	__u32			attrs;
	struct ownroute_nat	nat;
};

FIXTURE_VARIANT_ADD(helper, connmark) {
	.name = "ownroute_connmark",
	.flags = OWNROUTE_FLAG_CONNMARK,
};

FIXTURE_VARIANT_ADD(helper, nat) {
	.name = "ownroute_nat",
	.attrs = 1U << OWNROUTE_A_DEVICE | 1U << OWNROUTE_A_NAT,
	.nat = {
		.size = sizeof(struct ownroute_nat),
		.flags = OWNROUTE_NAT_MASQUERADE,
	},
};

/* What changes addresses marks connections, too. */
FIXTURE_VARIANT_ADD(helper, connmark_of_nat) {
	.name = "ownroute_connmark",
	.attrs = 1U << OWNROUTE_A_DEVICE | 1U << OWNROUTE_A_NAT,
	.nat = {
		.size = sizeof(struct ownroute_nat),
		.source_ipv6 = { 0xfd },
	},
};

FIXTURE_SETUP(helper)
{
	int err = helper_unload(variant->name);

	ASSERT_TRUE(!err || err == -ENOENT);
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, ownroute_open(&self->genl));
}

FIXTURE_TEARDOWN(helper)
{
	mapping_flush(&self->genl);
	genl_close(&self->genl);
	EXPECT_EQ(0, modprobe_set("/sbin/modprobe"));
}

TEST_F(helper, is_read_back)
{
	struct object got;

	ASSERT_EQ(0, add(&self->genl, NEEDING(.id = 1)));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(variant->flags, got.mapping.flags);
	EXPECT_EQ(variant->attrs, got.attrs & (1U << OWNROUTE_A_DEVICE |
					       1U << OWNROUTE_A_NAT));
	EXPECT_EQ(0, memcmp(&variant->nat, &got.nat, sizeof(got.nat)));
}

TEST_F(helper, goes_together_with_nostamp)
{
	EXPECT_EQ(0, add(&self->genl,
			 NEEDING(.flags = variant->flags |
					  OWNROUTE_FLAG_NOSTAMP)));
}

TEST_F(helper, has_the_module_loaded)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
	EXPECT_FALSE(helper_loaded(variant->name));
	ASSERT_EQ(0, add(&self->genl, NEEDING()));
	EXPECT_TRUE(helper_loaded(variant->name));
}

TEST_F(helper, loads_nothing_when_it_is_refused)
{
	EXPECT_EQ(-EINVAL, add(&self->genl, NEEDING(.mark = 0)));
	EXPECT_EQ(-EINVAL, add(&self->genl, NEEDING(.uid_min = 2000)));
	EXPECT_FALSE(helper_loaded(variant->name));
}

/* Who may not make mappings, loads no modules either. */
TEST_F(helper, loads_nothing_for_the_unprivileged)
{
	int status;
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid) {
		struct genl genl;

		_exit(setresuid(SOMEBODY, SOMEBODY, SOMEBODY) ||
		      ownroute_open(&genl) ||
		      add(&genl, NEEDING()) != -EPERM);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_FALSE(helper_loaded(variant->name));
}

TEST_F(helper, is_refused_without_the_module)
{
	struct object none;

	ASSERT_EQ(0, modprobe_set("/bin/false"));
	EXPECT_EQ(-EOPNOTSUPP, add(&self->genl, NEEDING()));
	EXPECT_NE(NULL, strstr(self->genl.ack.text, variant->name));
	EXPECT_EQ(0, mapping_dump(&self->genl, &none, 1));
}

TEST_F(helper, has_conntrack_on_while_it_is_there)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	EXPECT_EQ(0, tracked());
	ASSERT_EQ(0, add(&self->genl, NEEDING(.id = 2)));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, add(&self->genl, NEEDING(.id = 3)));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, mapping_del(&self->genl, 3));
	EXPECT_EQ(0, tracked());
	ASSERT_EQ(0, add(&self->genl, NEEDING(.id = 2)));
	EXPECT_EQ(1, tracked());
}

TEST_F(helper, has_conntrack_on_where_it_is)
{
	struct genl other;

	ASSERT_EQ(0, add(&self->genl, NEEDING()));
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, ownroute_open(&other));
	ASSERT_EQ(0, mapping_new(&other, &MAPPING(), NULL));
	EXPECT_EQ(0, tracked());
	genl_close(&other);
}

TEST_F(helper, comes_and_goes_with_a_replacement)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_set_with(&self->genl, NEEDING(.id = 1)));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, mapping_set_with(&self->genl, NEEDING(.id = 1, .mark = 2)));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1)));
	EXPECT_EQ(0, tracked());
	EXPECT_EQ(0, helper_unload(variant->name));
}

TEST_F(helper, goes_with_a_flush)
{
	ASSERT_EQ(0, add(&self->genl, NEEDING()));
	ASSERT_EQ(0, add(&self->genl, NEEDING(.mark = 2)));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	EXPECT_EQ(0, tracked());
	EXPECT_EQ(0, helper_unload(variant->name));
}

/* A change that isn't made switches nothing on. */
TEST_F(helper, comes_with_a_commit)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new_with(&self->genl, NEEDING(.id = 1)));
	EXPECT_EQ(0, tracked());
	ASSERT_EQ(0, transaction_abort(&self->genl));
	EXPECT_EQ(0, tracked());

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new_with(&self->genl, NEEDING(.id = 1)));
	ASSERT_EQ(0, transaction_new_with(&self->genl, NEEDING(.id = 1)));
	EXPECT_EQ(-EEXIST, transaction_commit(&self->genl));
	EXPECT_EQ(0, tracked());

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new_with(&self->genl, NEEDING(.id = 1)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_EQ(1, tracked());
}

TEST_F(helper, holds_the_module)
{
	ASSERT_EQ(0, add(&self->genl, NEEDING(.id = 1)));
	EXPECT_EQ(-EAGAIN, helper_unload(variant->name));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	EXPECT_EQ(0, helper_unload(variant->name));
}

/* Waiting for its commit, a mapping holds nothing. */
TEST_F(helper, says_that_the_module_was_unloaded)
{
	struct object none;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new_with(&self->genl, NEEDING()));
	ASSERT_EQ(0, helper_unload(variant->name));
	EXPECT_EQ(-EAGAIN, transaction_commit(&self->genl));
	EXPECT_NE(NULL, strstr(self->genl.ack.text, variant->name));
	EXPECT_EQ(0, mapping_dump(&self->genl, &none, 1));
}

TEST_F_TIMEOUT(helper, goes_with_its_namespace, 60)
{
	int i, status;

	for (i = 0; i < 5; i++) {
		pid_t pid = fork();

		ASSERT_LE(0, pid);
		if (!pid) {
			struct genl genl;

			_exit(unshare(CLONE_NEWNET) || traffic_device() ||
			      ownroute_open(&genl) ||
			      add(&genl, NEEDING()) ||
			      tracked() != 1);
		}
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(0, status);
	}
	EXPECT_EQ(0, helper_unload_when_unused(variant->name));
}

TEST_F(helper, goes_with_the_module_that_asked_for_it)
{
	if (!getenv("OWNROUTE_KO"))
		SKIP(return, "can't load it again: $OWNROUTE_KO must name it");
	ASSERT_EQ(0, add(&self->genl, NEEDING()));
	EXPECT_EQ(1, tracked());
	ASSERT_EQ(0, module_unload());
	EXPECT_EQ(0, tracked());
	EXPECT_EQ(0, helper_unload(variant->name));
	ASSERT_EQ(0, module_load());
}

MODULE_HARNESS_MAIN
