// SPDX-License-Identifier: LGPL-2.1-or-later
/* Who may ask, and whose uids the answers speak of. */
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"
#include "userns.h"

/* Those who may not */

static int become_other_user(void)
{
	return setresuid(1001, 1001, 1001);
}

static int drop_the_capability(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return -1;
	data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective &=
		~CAP_TO_MASK(CAP_NET_ADMIN);
	return syscall(SYS_capset, &header, data);
}

/* All capabilities, but not over the network namespace it is in. */
static int become_root_elsewhere(void)
{
	return unshare(CLONE_NEWUSER);
}

FIXTURE(unprivileged) {
	struct genl genl;
};

FIXTURE_VARIANT(unprivileged) {
	int (*become)(void);
};

FIXTURE_VARIANT_ADD(unprivileged, user) {
	.become = become_other_user,
};

FIXTURE_VARIANT_ADD(unprivileged, root_without_cap_net_admin) {
	.become = drop_the_capability,
};

FIXTURE_VARIANT_ADD(unprivileged, root_of_another_user_namespace) {
	.become = become_root_elsewhere,
};

FIXTURE_SETUP(unprivileged)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));
}

FIXTURE_TEARDOWN(unprivileged)
{
	genl_close(&self->genl);
}

static void expect_eperm(struct __test_metadata *_metadata, struct genl *genl)
{
	struct ownroute_net_stats stats;
	struct ownroute_info info;
	struct object got;

	EXPECT_EQ(-EPERM, info_get(genl, &info));
	EXPECT_EQ(-EPERM, net_stats_get(genl, &stats));
	EXPECT_EQ(-EPERM, owner_lookup(genl, &OWNER(), NULL, 0, &got));
	EXPECT_EQ(-EPERM, limit_set(genl, 1));
	EXPECT_EQ(-EPERM, transaction_begin(genl));
	EXPECT_EQ(-EPERM, transaction_commit(genl));
	EXPECT_EQ(-EPERM, transaction_abort(genl));
	EXPECT_EQ(-EPERM, mapping_new(genl, &MAPPING(), &got));
	EXPECT_EQ(-EPERM, mapping_set(genl, &MAPPING(.id = 42, .mark = 2)));
	EXPECT_EQ(-EPERM, mapping_get(genl, 42, &got));
	EXPECT_EQ(-EPERM, mapping_dump(genl, &got, 1));
	EXPECT_EQ(-EPERM, mapping_del(genl, 42));
	EXPECT_EQ(-EPERM, mapping_flush(genl));
	EXPECT_EQ(-EPERM, genl_join(genl));
}

TEST_F(unprivileged, may_do_nothing)
{
	struct snapshot before, after;
	struct genl genl;
	int status;
	pid_t pid;

	ASSERT_EQ(0, snapshot_take(&self->genl, &before));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		ASSERT_EQ(0, variant->become());
		ASSERT_EQ(0, ownroute_open(&genl));
		expect_eperm(_metadata, &genl);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, snapshot_take(&self->genl, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

/* Whoever hands out a socket hands out no right. */
TEST_F(unprivileged, may_do_nothing_on_the_socket_of_root)
{
	struct snapshot before, after;
	struct genl genl;
	int status;
	pid_t pid;

	ASSERT_EQ(0, snapshot_take(&self->genl, &before));
	ASSERT_EQ(0, ownroute_open(&genl));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		ASSERT_EQ(0, variant->become());
		expect_eperm(_metadata, &genl);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, snapshot_take(&self->genl, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
	genl_close(&genl);
}

/* Root of a user namespace, in a network namespace of its own */

FIXTURE(container) {
	struct genl genl;
};

/*
 * Two stretches of uids, which inside follow each other, and outside don't.
 * Between them, outside, are uids of somebody else.
 */
#define UID_MAP		"0 100000 10\n10 200000 10\n"
#define LAST_UID	19

FIXTURE_SETUP(container)
{
	ASSERT_EQ(0, userns_enter(UID_MAP));
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
}

FIXTURE_TEARDOWN(container)
{
	genl_close(&self->genl);
}

TEST_F(container, rules_its_namespace)
{
	const struct ownroute_mapping mapping =
		MAPPING(.id = 42, .uid_min = 0, .uid_max = LAST_UID);
	struct ownroute_info info;
	struct object got;

	EXPECT_EQ(0, genl_join(&self->genl));
	genl_close(&self->genl);
	ASSERT_EQ(0, ownroute_open(&self->genl));

	ASSERT_EQ(0, mapping_new(&self->genl, &mapping, NULL));
	EXPECT_EQ(0, info_get(&self->genl, &info));
	EXPECT_EQ(1, info.mappings);
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(0, memcmp(&mapping, &got.mapping, sizeof(mapping)));
	EXPECT_EQ(1, mapping_dump(&self->genl, &got, 1));
	EXPECT_EQ(0, mapping_set(&self->genl, &mapping));
	EXPECT_EQ(0, mapping_del(&self->genl, 42));
	EXPECT_EQ(0, mapping_flush(&self->genl));
}

TEST_F(container, knows_only_its_own_uids)
{
	static const struct ownroute_mapping foreign[] = {
		MAPPING_INIT(.uid_min = LAST_UID + 1, .uid_max = LAST_UID + 1),
		MAPPING_INIT(.uid_min = 0, .uid_max = LAST_UID + 1),
		MAPPING_INIT(.uid_min = 0, .uid_max = 4294967294),
		MAPPING_INIT(.uid_min = 100000, .uid_max = 100000),
	};
	struct object none;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(foreign); i++) {
		EXPECT_EQ(-EINVAL, mapping_new(&self->genl, &foreign[i], NULL));
		EXPECT_NE(0, self->genl.ack.text[0]);
		EXPECT_EQ(NLMSG_LENGTH(GENL_HDRLEN), self->genl.ack.offset);
	}
	EXPECT_EQ(0, mapping_dump(&self->genl, &none, 1));
}

TEST_F(container, has_packets_of_its_own_uids_counted)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42, .uid_min = 5,
						       .uid_max = 15), NULL));
	ASSERT_EQ(0, traffic_send(4, 1));
	ASSERT_EQ(0, traffic_send(5, 1));
	ASSERT_EQ(0, traffic_send(9, 1));
	ASSERT_EQ(0, traffic_send(10, 1));
	ASSERT_EQ(0, traffic_send(15, 1));
	ASSERT_EQ(0, traffic_send(16, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(4, got.stats.packets);
}

/* Root of the machine, who comes in from outside */

/* A process that has made the namespace, and stays in it, stopped. */
static pid_t fork_container(void)
{
	const struct ownroute_mapping mapping =
		MAPPING(.id = 42, .uid_min = 0, .uid_max = LAST_UID);
	pid_t pid = fork();
	struct genl genl;
	int status;

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (userns_enter(UID_MAP) || unshare(CLONE_NEWNET) ||
		    traffic_device() || ownroute_open(&genl) ||
		    mapping_new(&genl, &mapping, NULL))
			_exit(EXIT_FAILURE);
		raise(SIGSTOP);
		_exit(EXIT_SUCCESS);
	}
	if (pid < 0 || waitpid(pid, &status, WUNTRACED) != pid ||
	    !WIFSTOPPED(status))
		return -1;
	return pid;
}

static int enter_network_of(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -1 : setns(fd, CLONE_NEWNET);
}

TEST(visitor_sees_the_uids_of_the_container)
{
	struct object got;
	struct genl genl;
	pid_t pid;

	pid = fork_container();
	ASSERT_LT(0, pid);
	ASSERT_EQ(0, enter_network_of(pid));
	ASSERT_EQ(0, ownroute_open(&genl));

	ASSERT_EQ(0, mapping_get(&genl, 42, &got));
	EXPECT_EQ(0, got.mapping.uid_min);
	EXPECT_EQ(LAST_UID, got.mapping.uid_max);

	EXPECT_EQ(0, mapping_new(&genl, &MAPPING(.uid_min = LAST_UID,
						 .uid_max = LAST_UID), NULL));
	EXPECT_EQ(-EINVAL, mapping_new(&genl, &MAPPING(.uid_min = 100000,
						       .uid_max = 100000),
				       NULL));
	EXPECT_EQ(-EINVAL, mapping_new(&genl, &MAPPING(.uid_max = 4294967294),
				       NULL));
	genl_close(&genl);
	kill(pid, SIGKILL);
}

/* Packets of uids that the container has no name for are nobody's there. */
TEST(visitor_has_no_uid_in_the_container)
{
	struct object got;
	struct genl genl;
	pid_t pid;

	pid = fork_container();
	ASSERT_LT(0, pid);
	ASSERT_EQ(0, enter_network_of(pid));
	ASSERT_EQ(0, ownroute_open(&genl));

	ASSERT_EQ(0, traffic_send(0, 1));
	ASSERT_EQ(0, traffic_send(5, 1));
	ASSERT_EQ(0, traffic_send(150000, 1));
	ASSERT_EQ(0, mapping_get(&genl, 42, &got));
	EXPECT_EQ(0, got.stats.packets);
	ASSERT_EQ(0, traffic_send(100005, 1));
	ASSERT_EQ(0, mapping_get(&genl, 42, &got));
	EXPECT_EQ(1, got.stats.packets);
	genl_close(&genl);
	kill(pid, SIGKILL);
}

MODULE_HARNESS_MAIN
