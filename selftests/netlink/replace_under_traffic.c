// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * All mappings are replaced, again and again, while somebody sends whose packets
 * all of the sets mark.  Without the mark they leave by another device: one that
 * met a set half made would.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "sender.h"
#include "sniffer.h"
#include "traffic.h"

#define MAPPINGS	1000
#define COMMITS		60
/* The debug kernel looks at each step, and takes a minute for a few. */
#define COMMITS_DEBUG	6

/* The user who sends, and the mark that leads to the right device. */
#define USER		5000
#define MARK		0x1100
#define MASK		0xff00

/* Of the user's mapping, where it keeps its id. */
#define KEPT_ID		500

/* The right one is that of traffic_device(). */
#define WRONG_DEVICE	"dummy1"

FIXTURE(replace) {
	struct genl genl;
	int right;
	int wrong;
};

static int make_the_wrong_way(void)
{
	return system("ip -batch - <<-end\n"
		      "link add " WRONG_DEVICE " type dummy\n"
		      "link set " WRONG_DEVICE " up\n"
		      "route add 192.0.2.2 dev " WRONG_DEVICE "\n"
		      "route add default dev " TRAFFIC_DEVICE " table 100\n"
		      "rule add fwmark 0x1100/0xff00 table 100\n"
		      "end\n") ||
	       system("ip -6 -batch - <<-end\n"
		      "route add 2001:db8::2 dev " WRONG_DEVICE "\n"
		      "route add default dev " TRAFFIC_DEVICE " table 100\n"
		      "rule add fwmark 0x1100/0xff00 table 100\n"
		      "end\n");
}

FIXTURE_SETUP(replace)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, make_the_wrong_way());
	ASSERT_EQ(0, ownroute_open(&self->genl));
	self->right = sniffer_open(TRAFFIC_DEVICE);
	ASSERT_LE(0, self->right);
	self->wrong = sniffer_open(WRONG_DEVICE);
	ASSERT_LE(0, self->wrong);
}

FIXTURE_TEARDOWN(replace)
{
	close(self->right);
	close(self->wrong);
	genl_close(&self->genl);
}

/* The traffic: one process, a thread for each family */

static atomic_bool enough;

/* Returns how many it sent, -1 if one was refused. */
static void *send_until_enough(void *data)
{
	const int *family = data;
	const struct packet packet = { .family = *family, .type = PACKET_UDP };
	int fd = packet_socket(&packet);
	long sent = 0;

	while (!enough) {
		if (packet_send_on(fd, &packet))
			return (void *)-1;
		sent++;
		/* Whoever replaces has to have a share of the machine. */
		sched_yield();
	}
	close(fd);
	return (void *)sent;
}

static int send_until_told(int fd)
{
	int families[2] = { AF_INET, AF_INET6 };
	pthread_t threads[2];
	long sent[2];
	void *result;
	char byte;
	int i;

	if (setresuid(USER, USER, USER))
		return -1;
	for (i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, send_until_enough,
				   &families[i]))
			return -1;
	if (read(fd, &byte, 1) != 1)
		return -1;
	enough = true;
	for (i = 0; i < 2; i++) {
		pthread_join(threads[i], &result);
		sent[i] = (long)result;
	}
	return write(fd, sent, sizeof(sent)) == sizeof(sent) ? 0 : -1;
}

/* Returns what traffic_end() needs, or -1. */
static int traffic_begin(void)
{
	int fds[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds))
		return -1;
	pid = fork();
	if (!pid) {
		close(fds[0]);
		_exit(send_until_told(fds[1]) ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	close(fds[1]);
	return pid < 0 ? -1 : fds[0];
}

/* @sent gets how many left by each family: all that were sent, or -1. */
static int traffic_end(int fd, long sent[2])
{
	int status, err = 0;

	if (write(fd, "", 1) != 1 ||
	    read(fd, sent, 2 * sizeof(*sent)) != 2 * sizeof(*sent))
		err = -1;
	close(fd);
	return wait(&status) < 0 || status ? -1 : err;
}

/* The sets */

/* Nobody waits for each answer: what is refused makes the commit fail. */
static int change(struct genl *genl, __u8 cmd,
		  const struct ownroute_mapping *mapping)
{
	struct genl_msg msg;

	genl_msg_init(&msg, genl, cmd, 0);
	msg.nlh.nlmsg_flags &= ~NLM_F_ACK;
	genl_msg_put(&msg, OWNROUTE_A_MAPPING, mapping, sizeof(*mapping));
	return genl_send(genl, &msg);
}

/* Before the others or after them, alone or in a range. */
static struct ownroute_mapping users_mapping(int n, __u32 id, __u32 flags)
{
	return MAPPING(.id = id, .flags = flags, .priority = n % 2 ? 10 : 3000,
		       .uid_min = USER - n % 3, .uid_max = USER + n % 5,
		       .mark = MARK, .mask = MASK);
}

/* Other users' in every other set. */
static struct ownroute_mapping others_mapping(int n, __u32 id)
{
	__u32 uid = 10000 + n % 2 * 100 + id;

	return MAPPING(.id = id, .priority = 1000 + id % 10,
		       .uid_min = uid, .uid_max = uid + id % 16,
		       .mark = 0x2200, .mask = MASK);
}

static int put_set(struct genl *genl, int n, __u8 cmd, __u32 users_id,
		   __u32 flags)
{
	struct ownroute_mapping mapping;
	int err = 0;
	__u32 id;

	for (id = 1; !err && id <= MAPPINGS; id++) {
		mapping = id == users_id ? users_mapping(n, id, flags) :
					   others_mapping(n, id);
		err = change(genl, cmd, &mapping);
	}
	return err;
}

/* All are deleted and made again, the user's with another id. */
static int replace_by_new(struct genl *genl, int n)
{
	return transaction_begin(genl) ?: mapping_flush(genl) ?:
	       put_set(genl, n, OWNROUTE_CMD_MAPPING_NEW,
		       n % 2 ? MAPPINGS - n : 1 + n, 0) ?:
	       transaction_commit(genl);
}

/* All keep their ids, and each packet has to be marked. */
static int replace_by_set(struct genl *genl, int n)
{
	return transaction_begin(genl) ?:
	       put_set(genl, n, n ? OWNROUTE_CMD_MAPPING_SET :
				    OWNROUTE_CMD_MAPPING_NEW, KEPT_ID,
		       OWNROUTE_FLAG_NOSTAMP) ?:
	       transaction_commit(genl);
}

static int commits(void)
{
	return access("/sys/kernel/debug/kmemleak", F_OK) ? COMMITS :
							    COMMITS_DEBUG;
}

/* Not one that left by the wrong device, and some by the right one. */
#define EXPECT_RIGHT_WAY(_families)					      \
	do {								      \
		struct sniffer_packet _packet;				      \
									      \
		EXPECT_EQ(0, sniffer_next(self->wrong, &_packet));	      \
		while (sniffer_next(self->right, &_packet) == 1) {	      \
			ASSERT_EQ(MARK, _packet.mark);			      \
			(_families) |= _packet.family == AF_INET ? 1 : 2;     \
		}							      \
	} while (0)

#define REPLACE(_replace, _sent)					      \
	do {								      \
		int _traffic, _n, _families = 0, _commits = commits();     \
									      \
		ASSERT_EQ(0, _replace(&self->genl, 0));			      \
		_traffic = traffic_begin();				      \
		ASSERT_LE(0, _traffic);					      \
		for (_n = 1; _n <= _commits; _n++) {			      \
			ASSERT_EQ(0, _replace(&self->genl, _n))		      \
				TH_LOG("commit %d: %s", _n,		      \
				       self->genl.ack.text);		      \
			EXPECT_RIGHT_WAY(_families);			      \
		}							      \
		ASSERT_EQ(0, traffic_end(_traffic, _sent));		      \
		EXPECT_RIGHT_WAY(_families);				      \
		EXPECT_EQ(3, _families);				      \
		EXPECT_LT(_commits, (_sent)[0]);				      \
		EXPECT_LT(_commits, (_sent)[1]);				      \
	} while (0)

TEST_F_TIMEOUT(replace, sends_nothing_the_wrong_way, 1000)
{
	long sent[2];

	REPLACE(replace_by_new, sent);
}

TEST_F_TIMEOUT(replace, counts_on_where_the_id_stays, 1000)
{
	struct object got;
	long sent[2];

	REPLACE(replace_by_set, sent);
	ASSERT_EQ(0, mapping_get(&self->genl, KEPT_ID, &got));
	EXPECT_EQ(sent[0] + sent[1], (long)got.stats.packets);
	EXPECT_EQ(sent[0] + sent[1], (long)got.stats.reroutes);
}

MODULE_HARNESS_MAIN
