// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Every allocation of every command fails once: the first one, then the second,
 * until the command gets through without a failure.  The kernel says so, and has
 * done nothing or all of it; that nothing is leaked is seen when the VM ends.
 */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"

/* The mappings that are there in the beginning: 1 to 3.  Free: from 4 on. */
#define THERE		3
#define TRANSACTION	5
#define BIG_TRANSACTION	50

/* More than any command needs. */
#define NTH_MAX		5000

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -1;
	len = write(fd, text, strlen(text));
	close(fd);
	return len == (ssize_t)strlen(text) ? 0 : -1;
}

/* Return: a descriptor for set_fail_nth(), negative if it can't be had. */
static int failslab_open(void)
{
	if (write_file(FAILSLAB "ignore-gfp-wait", "N") ||
	    write_file(FAILSLAB "verbose", "0"))
		return -1;
	return open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
}

/* Sets, or asks, how many allocations of this task it is until one fails. */
static void set_fail_nth(int fd, int nth)
{
	char text[16];

	sprintf(text, "%d", nth);
	if (pwrite(fd, text, strlen(text), 0) < 0)
		abort();
}

static int get_fail_nth(int fd)
{
	char text[16] = "";

	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		abort();
	return atoi(text);
}

static int ignore_answer(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	(void)data;
	return 0;
}

static int talk(struct genl *genl, __u8 cmd, __u16 flags, __u16 attr,
		const void *data, size_t len)
{
	struct genl_msg msg;

	genl_msg_init(&msg, genl, cmd, flags);
	if (data)
		genl_msg_put(&msg, attr, data, len);
	return genl_talk(genl, &msg, ignore_answer, NULL);
}

static int plain(struct genl *genl, __u8 cmd)
{
	return talk(genl, cmd, 0, 0, NULL, 0);
}

static int del(struct genl *genl, __u32 id)
{
	return talk(genl, OWNROUTE_CMD_MAPPING_DEL, 0, OWNROUTE_A_ID, &id,
		    sizeof(id));
}

/* With all that can be allocated for it; in a transaction it has no answer. */
static int put(struct genl *genl, __u8 cmd, __u32 id)
{
	const struct ownroute_mapping mapping = MAPPING_INIT(
		.id = id, .uid_min = 1000 + id, .uid_max = 1001 + id);
	struct genl_msg msg;

	genl_msg_init(&msg, genl, cmd, 0);
	genl_msg_put(&msg, OWNROUTE_A_MAPPING, &mapping, sizeof(mapping));
	genl_msg_put(&msg, OWNROUTE_A_COMMENT, "words", sizeof("words"));
	genl_msg_put(&msg, OWNROUTE_A_USERDATA, "bytes", sizeof("bytes"));
	return genl_talk(genl, &msg, ignore_answer, NULL);
}

static int add_one(struct genl *genl)
{
	return put(genl, OWNROUTE_CMD_MAPPING_NEW, THERE + 1);
}

static int set_one(struct genl *genl)
{
	return put(genl, OWNROUTE_CMD_MAPPING_SET, THERE);
}

static int del_one(struct genl *genl)
{
	return del(genl, THERE);
}

static int get_one(struct genl *genl)
{
	__u32 id = THERE;

	return talk(genl, OWNROUTE_CMD_MAPPING_GET, 0, OWNROUTE_A_ID, &id,
		    sizeof(id));
}

static int list(struct genl *genl)
{
	struct object got[THERE + 1];
	int count = mapping_dump(genl, got, THERE + 1);

	if (count < 0)
		return count;
	return count == THERE ? 0 : -EPROTO;
}

static int info(struct genl *genl)
{
	return plain(genl, OWNROUTE_CMD_INFO_GET);
}

static int stats(struct genl *genl)
{
	return plain(genl, OWNROUTE_CMD_STATS_GET);
}

static int limit(struct genl *genl)
{
	const struct ownroute_info wanted = {
		.size = sizeof(wanted),
		.limit = 1000,
	};

	return talk(genl, OWNROUTE_CMD_LIMIT_SET, 0, OWNROUTE_A_INFO, &wanted,
		    sizeof(wanted));
}

static int lookup(struct genl *genl)
{
	const struct ownroute_owner owner = {
		.size = sizeof(owner),
		.uid = 1000 + THERE,
	};
	const __u32 groups[] = { 1, 2, 3 };
	struct genl_msg msg;

	genl_msg_init(&msg, genl, OWNROUTE_CMD_LOOKUP, 0);
	genl_msg_put(&msg, OWNROUTE_A_OWNER, &owner, sizeof(owner));
	genl_msg_put(&msg, OWNROUTE_A_GROUPS, groups, sizeof(groups));
	return genl_talk(genl, &msg, ignore_answer, NULL);
}

static int flush(struct genl *genl)
{
	return plain(genl, OWNROUTE_CMD_FLUSH);
}

/* All kinds of them: one mapping goes, one changes, others come and go. */
static int one_change(struct genl *genl, int i)
{
	if (i == 0)
		return del(genl, 1);
	if (i == 1)
		return put(genl, OWNROUTE_CMD_MAPPING_SET, 2);
	if (i == 2)
		return put(genl, OWNROUTE_CMD_MAPPING_NEW, THERE + 1);
	if (i % 2)
		return put(genl, OWNROUTE_CMD_MAPPING_NEW, THERE + i);
	return del(genl, THERE + i - 1);
}

static int begin_with_changes(struct genl *genl, int changes)
{
	int err = plain(genl, OWNROUTE_CMD_BEGIN);
	int i;

	for (i = 0; !err && i < changes; i++)
		err = one_change(genl, i);
	return err;
}

static int begin_big(struct genl *genl)
{
	return begin_with_changes(genl, BIG_TRANSACTION);
}

static int commit(struct genl *genl)
{
	return plain(genl, OWNROUTE_CMD_COMMIT);
}

static int transaction(struct genl *genl)
{
	return begin_with_changes(genl, TRANSACTION) ?: commit(genl);
}

/* With all that needs more than the mapping's own memory: conntrack and NAT, a guard. */
static int put_with_nat(struct genl *genl, __u8 cmd, __u32 id)
{
	const struct ownroute_mapping mapping = MAPPING_INIT(
		.id = id, .uid_min = 1000 + id, .uid_max = 1001 + id,
		.flags = OWNROUTE_FLAG_GUARD | OWNROUTE_FLAG_LAN | OWNROUTE_FLAG_CONNMARK,
		.inbound = 0x2222);
	const struct ownroute_nat nat = {
		.size = sizeof(nat),
		.flags = OWNROUTE_NAT_MASQUERADE,
		.dns_ipv6 = { 0xfd, [15] = 0x53 },
	};
	struct genl_msg msg;

	genl_msg_init(&msg, genl, cmd, 0);
	genl_msg_put(&msg, OWNROUTE_A_MAPPING, &mapping, sizeof(mapping));
	genl_msg_put(&msg, OWNROUTE_A_DEVICE, "tun0", sizeof("tun0"));
	genl_msg_put(&msg, OWNROUTE_A_NAT, &nat, sizeof(nat));
	return genl_talk(genl, &msg, ignore_answer, NULL);
}

static int add_nat(struct genl *genl)
{
	return put_with_nat(genl, OWNROUTE_CMD_MAPPING_NEW, THERE + 1);
}

static int set_nat(struct genl *genl)
{
	return put_with_nat(genl, OWNROUTE_CMD_MAPPING_SET, THERE);
}

static int transaction_with_nat(struct genl *genl)
{
	return begin_with_changes(genl, 2) ?: add_nat(genl) ?: commit(genl);
}

/* Before, because a module isn't loaded without memory, which is said in other words. */
static int load_nat(struct genl *genl)
{
	return add_nat(genl) ?: del(genl, THERE + 1);
}

FIXTURE(failslab) {
	int fail_nth;
};

/*
 * @prepare: what comes before the command, with all memory that it needs
 * @run: the command
 * @changes: it changes what there is
 */
FIXTURE_VARIANT(failslab) {
	int	(*prepare)(struct genl *genl);
	int	(*run)(struct genl *genl);
	bool	changes;
};

#define COMMAND(_name, ...)						      \
	FIXTURE_VARIANT_ADD(failslab, _name) { .run = _name, __VA_ARGS__ }

COMMAND(add_one, .changes = true);
COMMAND(set_one, .changes = true);
COMMAND(del_one, .changes = true);
COMMAND(flush, .changes = true);
COMMAND(limit, .changes = true);
COMMAND(transaction, .changes = true);
COMMAND(commit, .prepare = begin_big, .changes = true);
COMMAND(add_nat, .prepare = load_nat, .changes = true);
COMMAND(set_nat, .prepare = load_nat, .changes = true);
COMMAND(transaction_with_nat, .prepare = load_nat, .changes = true);
COMMAND(get_one);
COMMAND(list);
COMMAND(info);
COMMAND(stats);
COMMAND(lookup);

FIXTURE_SETUP(failslab)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	self->fail_nth = failslab_open();
	ASSERT_LE(0, self->fail_nth);
}

FIXTURE_TEARDOWN(failslab)
{
	close(self->fail_nth);
}

/* What there is in the beginning, on a socket that has seen nothing yet */
static int start_over(struct genl *genl)
{
	__u32 id;
	int err;

	err = ownroute_open(genl);
	if (!err)
		err = flush(genl);
	if (!err)
		err = talk(genl, OWNROUTE_CMD_LIMIT_SET, 0, OWNROUTE_A_INFO,
			   &(const struct ownroute_info) {
				.size = sizeof(struct ownroute_info),
				.limit = OWNROUTE_LIMIT_DEFAULT,
			   }, sizeof(struct ownroute_info));
	for (id = 1; !err && id <= THERE; id++)
		err = mapping_new(genl, &MAPPING(.id = id, .uid_min = 1000,
						 .uid_max = 1000 + id), NULL);
	return err;
}

static bool is_heard(const struct genl *listener)
{
	struct pollfd pollfd = { .fd = listener->fd, .events = POLLIN };

	return poll(&pollfd, 1, 0) == 1;
}

TEST_F_TIMEOUT(failslab, does_all_or_nothing, 600)
{
	struct genl genl, listener, watcher;
	struct snapshot before, after;
	int err, left = 0, nth;
	bool changed;

	for (nth = 1; !left; nth++) {
		ASSERT_GT(NTH_MAX, nth);
		ASSERT_EQ(0, start_over(&genl));
		ASSERT_EQ(0, ownroute_open(&listener));
		ASSERT_EQ(0, genl_join(&listener));
		if (variant->prepare)
			ASSERT_EQ(0, variant->prepare(&genl));
		ASSERT_EQ(0, ownroute_open(&watcher));
		ASSERT_EQ(0, snapshot_take(&watcher, &before));

		set_fail_nth(self->fail_nth, nth);
		err = variant->run(&genl);
		left = get_fail_nth(self->fail_nth);
		set_fail_nth(self->fail_nth, 0);

		ASSERT_EQ(0, snapshot_take(&watcher, &after));
		changed = memcmp(&before, &after, sizeof(before));

		/*
		 * ENOMEM is the family's word, ENOBUFS that of a socket that
		 * didn't get its answer, whatever this would have been.
		 */
		ASSERT_TRUE(!err || err == -ENOMEM || err == -ENOBUFS) {
			TH_LOG("allocation %d: %s: %s", nth, strerror(-err),
			       genl.ack.text);
		}
		ASSERT_FALSE(err == -ENOMEM && changed) {
			TH_LOG("allocation %d: failed, but has done something",
			       nth);
		}
		ASSERT_FALSE(changed && !variant->changes);
		ASSERT_FALSE(!err && variant->changes && !changed) {
			TH_LOG("allocation %d: has done nothing", nth);
		}
		ASSERT_EQ(NULL, strchr(genl.ack.text, '\n'));
		/* An event, or an error that says that one is missing */
		if (after.info.generation != before.info.generation)
			ASSERT_TRUE(is_heard(&listener)) {
				TH_LOG("allocation %d: not told to listeners",
				       nth);
			}

		genl_close(&watcher);
		genl_close(&listener);
		genl_close(&genl);
	}
	ASSERT_EQ(0, err);
	/* The first was for the request itself. */
	ASSERT_LT(2, nth);
}

FIXTURE(spoiled) {
	int fail_nth;
};

FIXTURE_SETUP(spoiled)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	self->fail_nth = failslab_open();
	ASSERT_LE(0, self->fail_nth);
}

FIXTURE_TEARDOWN(spoiled)
{
	close(self->fail_nth);
}

/*
 * Whoever sends all changes and then the commit, before he reads the first
 * answer, must not commit what is left.  Requests that generic netlink itself
 * has no memory for, and so no words, never get to the family.
 */
static int commit_without_one(struct genl *genl, int fail_nth, int nth,
			      int *left)
{
	int err = plain(genl, OWNROUTE_CMD_BEGIN);
	bool refused;

	if (err)
		return err;
	set_fail_nth(fail_nth, nth);
	err = add_one(genl);
	*left = get_fail_nth(fail_nth);
	set_fail_nth(fail_nth, 0);
	if (!err || err == -ENOBUFS)
		return plain(genl, OWNROUTE_CMD_ABORT);
	refused = genl->ack.text[0];
	return commit(genl) == (refused ? -EINVAL : 0) ? 0 : -EPROTO;
}

TEST_F_TIMEOUT(spoiled, by_a_change_without_memory, 60)
{
	struct genl genl;
	int left = 0, nth;

	for (nth = 1; !left; nth++) {
		ASSERT_GT(NTH_MAX, nth);
		ASSERT_EQ(0, start_over(&genl));
		ASSERT_EQ(0, commit_without_one(&genl, self->fail_nth, nth,
						&left)) {
			TH_LOG("allocation %d: %s", nth, genl.ack.text);
		}
		genl_close(&genl);
	}
}

MODULE_HARNESS_MAIN
