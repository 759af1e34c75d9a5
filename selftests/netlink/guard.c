// SPDX-License-Identifier: LGPL-2.1-or-later
/* Guards: what they drop is counted and told, and they hold the module. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"

#define USER	1001

/* The user's packets are to leave by @_device. */
#define GUARD(_device)							      \
	((const struct object) {					      \
		.attrs = 1U << OWNROUTE_A_DEVICE,			      \
		.mapping = MAPPING_INIT(.id = 1, .mark = 0,		      \
					.flags = OWNROUTE_FLAG_GUARD),	      \
		.device = _device,					      \
	})

FIXTURE(guard) {
	struct genl genl;
};

FIXTURE_SETUP(guard)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, traffic_device());
}

FIXTURE_TEARDOWN(guard)
{
	genl_close(&self->genl);
}

static int guard_new(struct genl *genl, const struct object *wanted)
{
	struct object made;

	return mapping_new_with(genl, wanted, &made);
}

static int run_ip(const char *words)
{
	char command[128];

	snprintf(command, sizeof(command), "ip %s", words);
	return system(command);
}

TEST_F(guard, lets_pass_what_leaves_by_its_device)
{
	struct object got;

	ASSERT_EQ(0, guard_new(&self->genl, &GUARD(TRAFFIC_DEVICE)));
	EXPECT_EQ(0, traffic_send(USER, 2));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(OWNROUTE_FLAG_GUARD, got.mapping.flags);
	EXPECT_EQ(2, got.stats.packets);
	EXPECT_EQ(0, got.stats.guarded);
}

TEST_F(guard, drops_what_leaves_by_another)
{
	struct object got;

	ASSERT_EQ(0, guard_new(&self->genl, &GUARD("tun0")));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	EXPECT_EQ(0, traffic_send(USER + 1, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(2, got.stats.packets);
	EXPECT_EQ(2, got.stats.guarded);
	EXPECT_EQ(0, got.stats.drops);
}

/* Its first mapping is another one. */
TEST_F(guard, is_for_those_whom_its_mapping_matches)
{
	ASSERT_EQ(0, guard_new(&self->genl, &GUARD("tun0")));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(
				 .id = 2, .priority = 1, .mark = 0, .mask = 0,
				 .action = OWNROUTE_ACTION_BYPASS), NULL));
	EXPECT_EQ(0, traffic_send(USER, 1));
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
}

TEST_F(guard, comes_and_goes_with_a_replacement)
{
	struct object wanted = GUARD("tun0");

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1, .mark = 0),
				 NULL));
	EXPECT_EQ(0, traffic_send(USER, 1));
	ASSERT_EQ(0, mapping_set_with(&self->genl, &wanted));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	strcpy(wanted.device, TRAFFIC_DEVICE);
	ASSERT_EQ(0, mapping_set_with(&self->genl, &wanted));
	EXPECT_EQ(0, traffic_send(USER, 1));
	strcpy(wanted.device, "tun0");
	ASSERT_EQ(0, mapping_set_with(&self->genl, &wanted));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 0)));
	EXPECT_EQ(0, traffic_send(USER, 1));
}

TEST_F(guard, goes_with_a_transaction)
{
	ASSERT_EQ(0, guard_new(&self->genl, &GUARD("tun0")));
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.mark = 0)));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_EQ(0, traffic_send(USER, 1));
}

/* The name counts, whichever device has it, and whatever its index is. */
TEST_F(guard, follows_the_name)
{
	ASSERT_EQ(0, guard_new(&self->genl, &GUARD("tun0")));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));

	ASSERT_EQ(0, run_ip("link set " TRAFFIC_DEVICE " down"));
	ASSERT_EQ(0, run_ip("link set " TRAFFIC_DEVICE " name tun0 up"));
	EXPECT_EQ(0, traffic_send(USER, 1));

	ASSERT_EQ(0, run_ip("link set tun0 down"));
	ASSERT_EQ(0, run_ip("link set tun0 name tun1 up"));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));

	/* An alternative name is none. */
	ASSERT_EQ(0, run_ip("link property add dev tun1 altname tun0"));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	ASSERT_EQ(0, run_ip("link property del dev tun1 altname tun0"));

	ASSERT_EQ(0, run_ip("link del tun1"));
	ASSERT_EQ(0, traffic_device());
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
}

TEST_F(guard, follows_the_name_to_another_index)
{
	unsigned int before = if_nametoindex(TRAFFIC_DEVICE);

	ASSERT_EQ(0, guard_new(&self->genl, &GUARD(TRAFFIC_DEVICE)));
	EXPECT_EQ(0, traffic_send(USER, 1));
	ASSERT_EQ(0, run_ip("link del " TRAFFIC_DEVICE));
	ASSERT_EQ(0, traffic_device());
	EXPECT_NE(before, if_nametoindex(TRAFFIC_DEVICE));
	EXPECT_EQ(0, traffic_send(USER, 1));
}

TEST_F(guard, tells_what_it_drops)
{
	struct object event;
	struct genl listener;

	ASSERT_EQ(0, ownroute_open(&listener));
	ASSERT_EQ(0, guard_new(&self->genl, &GUARD("tun0")));
	ASSERT_EQ(0, genl_join(&listener));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));

	ASSERT_EQ(0, event_next(&listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_GUARDED_NTF, event.cmd);
	EXPECT_EQ(1U << OWNROUTE_A_ID | 1U << OWNROUTE_A_OWNER |
		  1U << OWNROUTE_A_DEVICE | 1U << OWNROUTE_A_DESTINATION,
		  event.attrs);
	EXPECT_EQ(1, event.id);
	EXPECT_EQ(USER, event.owner.uid);
	EXPECT_EQ((__u32)-1, event.owner.gid);
	EXPECT_STREQ(TRAFFIC_DEVICE, event.device);
	EXPECT_EQ(4, event.destination_len);
	EXPECT_EQ(inet_addr("192.0.2.2"), *(__u32 *)event.destination);
	genl_close(&listener);
}

TEST_F(guard, tells_of_ipv6_too)
{
	struct in6_addr destination;
	struct object event;
	struct genl listener;

	ASSERT_EQ(1, inet_pton(AF_INET6, "2001:db8::2", &destination));
	ASSERT_EQ(0, ownroute_open(&listener));
	ASSERT_EQ(0, guard_new(&self->genl, &GUARD("tun0")));
	ASSERT_EQ(0, genl_join(&listener));
	EXPECT_EQ(-EPERM, traffic_send_in(AF_INET6, USER, 1));

	ASSERT_EQ(0, event_next(&listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_GUARDED_NTF, event.cmd);
	EXPECT_EQ(USER, event.owner.uid);
	EXPECT_EQ(sizeof(destination), event.destination_len);
	EXPECT_EQ(0, memcmp(&destination, event.destination,
			    sizeof(destination)));
	genl_close(&listener);
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ten in a second, whatever it drops; and those that come later are told again. */
TEST_F(guard, tells_not_too_often)
{
	struct object event = {};
	struct genl listener;
	int i, told = 0;
	long begin;

	ASSERT_EQ(0, ownroute_open(&listener));
	ASSERT_EQ(0, guard_new(&self->genl, &GUARD("tun0")));
	ASSERT_EQ(0, genl_join(&listener));
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(-EPERM, traffic_send(USER, 1));
		ASSERT_EQ(0, event_next(&listener, &event));
		EXPECT_EQ(OWNROUTE_CMD_GUARDED_NTF, event.cmd);
	}

	begin = milliseconds();
	for (i = 0; i < 40; i++) {
		EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	}
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	for (;;) {
		ASSERT_EQ(0, event_next(&listener, &event));
		if (event.cmd != OWNROUTE_CMD_GUARDED_NTF)
			break;
		told++;
	}
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_DEL_NTF, event.cmd);
	/* A jiffy less than the tenth, for where they are long */
	EXPECT_GE((milliseconds() - begin) / 90 + 1, told);
	genl_close(&listener);
}

/* What the one before has left to tell doesn't keep the next from telling. */
TEST_F(guard, tells_after_another)
{
	struct object wanted = GUARD("tun0"), event = {};
	struct genl listener;

	ASSERT_EQ(0, guard_new(&self->genl, &wanted));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	ASSERT_EQ(0, mapping_flush(&self->genl));

	ASSERT_EQ(0, ownroute_open(&listener));
	ASSERT_EQ(0, genl_join(&listener));
	wanted.mapping.id = 2;
	ASSERT_EQ(0, guard_new(&self->genl, &wanted));
	ASSERT_EQ(0, event_next(&listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	ASSERT_EQ(0, event_next(&listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_GUARDED_NTF, event.cmd);
	EXPECT_EQ(2, event.id);
	genl_close(&listener);
}

TEST_F(guard, counts_no_alternative_name)
{
	ASSERT_EQ(0, run_ip("link property add dev " TRAFFIC_DEVICE
			    " altname tun0"));
	ASSERT_EQ(0, guard_new(&self->genl, &GUARD("tun0")));
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
}

/* As many as a hook can have, in POST_ROUTING: a guard finds no place. */
static int fill_post_routing(void)
{
	return system("{ echo table ip full '{'; "
		      "for i in $(seq 1023); do echo chain c$i '{ type filter "
		      "hook postrouting priority 0; }'; done; echo '}'; } | "
		      "nft -f -");
}

/* What can't become a guard stays what it is. */
TEST_F(guard, that_is_refused_changes_nothing)
{
	struct object got;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	EXPECT_EQ(0, traffic_send(USER, 1));
	ASSERT_EQ(0, fill_post_routing());
	EXPECT_EQ(-E2BIG, mapping_set_with(&self->genl, &GUARD("tun0")));
	EXPECT_EQ(0, traffic_send(USER, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(0, got.mapping.flags);
	EXPECT_EQ(2, got.stats.stamped);
}

FIXTURE(holds) {
	struct genl genl;
};

FIXTURE_SETUP(holds)
{
	if (!getenv("OWNROUTE_KO"))
		SKIP(return, "can't load it again: $OWNROUTE_KO must name it");
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, guard_new(&self->genl, &GUARD("tun0")));
}

FIXTURE_TEARDOWN(holds)
{
	genl_close(&self->genl);
}

/* Namespaces of the tests before may still be on their way. */
#define EXPECT_GOES()							      \
	do {								      \
		EXPECT_EQ(0, module_unload_when_unused());		      \
		ASSERT_EQ(0, module_load());				      \
	} while (0)

TEST_F(holds, the_module_until_it_is_deleted)
{
	struct object second = GUARD("tun0");

	second.mapping.id = 2;
	ASSERT_EQ(0, guard_new(&self->genl, &second));
	EXPECT_EQ(-EAGAIN, module_unload());
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	EXPECT_EQ(-EAGAIN, module_unload());
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_GOES();
}

TEST_F(holds, the_module_until_all_are_flushed)
{
	EXPECT_EQ(-EAGAIN, module_unload());
	ASSERT_EQ(0, mapping_flush(&self->genl));
	EXPECT_GOES();
}

TEST_F(holds, the_module_until_it_is_replaced)
{
	EXPECT_EQ(-EAGAIN, module_unload());
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1)));
	EXPECT_GOES();
}

/* With drops that nobody has been told of yet. */
TEST_F(holds, nothing_when_drops_were_to_be_told)
{
	ASSERT_EQ(0, traffic_device());
	EXPECT_EQ(-EPERM, traffic_send(USER, 1));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	EXPECT_GOES();
}

/* A change that fails changes nothing of it. */
TEST_F(holds, the_module_when_a_transaction_fails)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 7));
	EXPECT_EQ(-ENOENT, transaction_commit(&self->genl));
	EXPECT_EQ(-EAGAIN, module_unload());
	ASSERT_EQ(0, mapping_flush(&self->genl));
	EXPECT_GOES();
}

TEST_F(holds, the_module_until_its_namespace_is_gone)
{
	pid_t pid;
	int status;

	ASSERT_EQ(0, mapping_flush(&self->genl));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		struct genl genl;

		_exit(unshare(CLONE_NEWNET) || ownroute_open(&genl) ||
		      guard_new(&genl, &GUARD("tun0")) || traffic_device() ||
		      traffic_send(USER, 1) != -EPERM ||
		      module_unload() != -EAGAIN);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, module_unload_when_unused());
	ASSERT_EQ(0, module_load());
}

MODULE_HARNESS_MAIN
