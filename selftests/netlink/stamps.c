// SPDX-License-Identifier: LGPL-2.1-or-later
/* Stamps: the mark is on the socket from its first packet on, and goes with its mapping. */
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>

#include <kselftest_harness.h>

#include "cgroups.h"
#include "mappings.h"
#include "module.h"
#include "sender.h"
#include "sniffer.h"
#include "traffic.h"

#define USER		1001
#define GROUP		2001
#define MARK		0x1100
#define OTHER_MARK	0x2200
#define MASK		0xff00
/* What others have set outside of our mask. */
#define FOREIGN		0x7
/* A TCP socket sends its SYN again after a second. */
#define AGAIN_MS	20000

#define USERS_MAPPING(...)						      \
	MAPPING(.id = 1, .mark = MARK, .mask = MASK, __VA_ARGS__)
FIXTURE(stamp) {
	struct genl genl;
	struct sender sender;
	struct packet packet;
	int sniffer;
};

FIXTURE_VARIANT(stamp) {
	int family;
	enum packet_type type;
};

#define VARIANT(_name, _family, _type)					      \
	FIXTURE_VARIANT_ADD(stamp, _name) {				      \
		.family = _family, .type = _type,			      \
	}
VARIANT(tcp4, AF_INET, PACKET_TCP);
VARIANT(tcp6, AF_INET6, PACKET_TCP);
VARIANT(udp4, AF_INET, PACKET_UDP);
VARIANT(udp6, AF_INET6, PACKET_UDP);
VARIANT(connected_udp4, AF_INET, PACKET_CONNECTED_UDP);
VARIANT(connected_udp6, AF_INET6, PACKET_CONNECTED_UDP);
VARIANT(ping4, AF_INET, PACKET_PING);
VARIANT(ping6, AF_INET6, PACKET_PING);
VARIANT(raw4, AF_INET, PACKET_RAW);
VARIANT(raw6, AF_INET6, PACKET_RAW);

FIXTURE_SETUP(stamp)
{
	static const struct sender_owner owner = { .uid = USER, .gid = GROUP };

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, allow_ping_sockets());
	ASSERT_EQ(0, traffic_device());
	self->sniffer = sniffer_open(TRAFFIC_DEVICE);
	ASSERT_LE(0, self->sniffer);
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, sender_start(&self->sender, &owner));
	self->packet.family = variant->family;
	self->packet.type = variant->type;
	ASSERT_EQ(0, sender_do(&self->sender, socket_keep, &self->packet));
}

FIXTURE_TEARDOWN(stamp)
{
	EXPECT_EQ(0, sender_stop(&self->sender));
	close(self->sniffer);
	genl_close(&self->genl);
}

/* The mark that the next packet leaves with; waits for it. */
static __u32 next_mark(int sniffer)
{
	struct pollfd pollfd = { .fd = sniffer, .events = POLLIN };
	struct sniffer_packet packet;
	int found;

	do {
		if (poll(&pollfd, 1, AGAIN_MS) != 1)
			return -1;
		found = sniffer_next(sniffer, &packet);
	} while (!found);
	return found < 0 ? found : (int)packet.mark;
}

/* The kernel itself sends a SYN again. */
static int send_again(struct sender *sender, const struct packet *packet)
{
	return packet->type == PACKET_TCP ? 0 :
	       sender_do(sender, socket_send, packet);
}

#define EXPECT_NEXT(_mark)						      \
	do {								      \
		ASSERT_EQ(0, send_again(&self->sender, &self->packet));	      \
		EXPECT_EQ((__u32)(_mark), next_mark(self->sniffer));	      \
		EXPECT_EQ((_mark), sender_do(&self->sender, socket_mark,      \
					     &self->packet));		      \
	} while (0)

#define EXPECT_FIRST(_mark)						      \
	do {								      \
		ASSERT_EQ(0, sender_do(&self->sender, socket_send,	      \
				       &self->packet));			      \
		EXPECT_EQ((__u32)(_mark), next_mark(self->sniffer));	      \
		EXPECT_EQ((_mark), sender_do(&self->sender, socket_mark,      \
					     &self->packet));		      \
	} while (0)

static struct ownroute_stats stats_of(struct genl *genl, __u32 id)
{
	struct object got = {};

	mapping_get(genl, id, &got);
	return got.stats;
}

TEST_F_TIMEOUT(stamp, is_there_from_the_first_packet_on, 60)
{
	struct ownroute_stats stats;

	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	EXPECT_NEXT(MARK);
	stats = stats_of(&self->genl, 1);
	EXPECT_EQ(2, stats.packets);
	EXPECT_EQ(1, stats.stamped);
	/* What else than the mark has chosen the route of a datagram, nobody can see. */
	EXPECT_EQ(self->packet.type == PACKET_TCP ? 1 : 2, stats.reroutes);
}

static int users_mapping_for(struct genl *genl, const char *device)
{
	struct object made, wanted = {
		.mapping = USERS_MAPPING(),
		.attrs	 = 1U << OWNROUTE_A_DEVICE,
	};

	snprintf(wanted.device, sizeof(wanted.device), "%s", device);
	return mapping_new_with(genl, &wanted, &made);
}

TEST_F_TIMEOUT(stamp, spares_another_look_up_if_the_device_is_right, 60)
{
	struct ownroute_stats stats;

	ASSERT_EQ(0, users_mapping_for(&self->genl, TRAFFIC_DEVICE));
	EXPECT_FIRST(MARK);
	EXPECT_NEXT(MARK);
	stats = stats_of(&self->genl, 1);
	EXPECT_EQ(1, stats.reroutes);
}

/* It may not exist yet, or no more: then where the mark leads is looked up each time. */
TEST_F_TIMEOUT(stamp, spares_none_if_the_device_is_another, 60)
{
	struct ownroute_stats stats;

	ASSERT_EQ(0, users_mapping_for(&self->genl, "other0"));
	EXPECT_FIRST(MARK);
	EXPECT_NEXT(MARK);
	stats = stats_of(&self->genl, 1);
	EXPECT_EQ(2, stats.reroutes);
}

TEST_F_TIMEOUT(stamp, can_be_left_out, 60)
{
	struct ownroute_stats stats;

	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(
				 .flags = OWNROUTE_FLAG_NOSTAMP), NULL));
	ASSERT_EQ(0, sender_do(&self->sender, socket_send, &self->packet));
	EXPECT_EQ(MARK, next_mark(self->sniffer));
	ASSERT_EQ(0, send_again(&self->sender, &self->packet));
	EXPECT_EQ(MARK, next_mark(self->sniffer));
	EXPECT_EQ(0, sender_do(&self->sender, socket_mark, &self->packet));
	stats = stats_of(&self->genl, 1);
	EXPECT_EQ(0, stats.stamped);
	EXPECT_EQ(2, stats.reroutes);
}

TEST_F_TIMEOUT(stamp, leaves_the_bits_outside_of_the_mask, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	self->packet.mark = FOREIGN;
	ASSERT_EQ(0, sender_do(&self->sender, socket_set_mark, &self->packet));
	EXPECT_FIRST(MARK | FOREIGN);
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	EXPECT_NEXT(FOREIGN);
}

TEST_F_TIMEOUT(stamp, is_put_back_when_the_program_takes_it_away, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	self->packet.mark = OTHER_MARK | FOREIGN;
	ASSERT_EQ(0, sender_do(&self->sender, socket_set_mark, &self->packet));
	EXPECT_NEXT(MARK | FOREIGN);
	EXPECT_EQ(2, stats_of(&self->genl, 1).stamped);
}

/* A mapping that comes finds the sockets that are there. */
TEST_F_TIMEOUT(stamp, comes_with_its_mapping, 60)
{
	EXPECT_FIRST(0);
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_NEXT(MARK);
}

TEST_F_TIMEOUT(stamp, goes_with_its_mapping, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	EXPECT_NEXT(0);
}

TEST_F_TIMEOUT(stamp, goes_when_all_are_flushed, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_flush(&self->genl));
	EXPECT_NEXT(0);
}

TEST_F_TIMEOUT(stamp, goes_when_all_are_replaced, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &USERS_MAPPING(
				     .uid_min = 7, .uid_max = 7)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_NEXT(0);
}

TEST_F_TIMEOUT(stamp, changes_with_its_mapping, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_set(&self->genl, &USERS_MAPPING(
				 .mark = FOREIGN, .mask = 0xf)));
	EXPECT_NEXT(FOREIGN);
}

TEST_F_TIMEOUT(stamp, goes_when_the_mapping_bypasses, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_set(&self->genl, &USERS_MAPPING(
				 .action = OWNROUTE_ACTION_BYPASS,
				 .mark = 0, .mask = 0)));
	EXPECT_NEXT(0);
}

TEST_F_TIMEOUT(stamp, goes_when_a_mapping_comes_before, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(
				 .id = 2, .priority = 1,
				 .mark = OTHER_MARK), NULL));
	EXPECT_NEXT(OTHER_MARK);
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_NEXT(0);
}

TEST_F_TIMEOUT(stamp, goes_when_a_bypass_comes_before, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(
				 .id = 2, .priority = 1,
				 .action = OWNROUTE_ACTION_BYPASS,
				 .mark = 0, .mask = 0), NULL));
	EXPECT_NEXT(0);
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_NEXT(MARK);
}

TEST_F_TIMEOUT(stamp, goes_when_other_bits_come_before, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(
				 .id = 2, .priority = 1,
				 .mark = FOREIGN, .mask = 0xf), NULL));
	EXPECT_NEXT(FOREIGN);
}

TEST_F_TIMEOUT(stamp, goes_when_one_that_leaves_none_comes_before, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(
				 .id = 2, .priority = 1,
				 .flags = OWNROUTE_FLAG_NOSTAMP,
				 .mark = OTHER_MARK), NULL));
	ASSERT_EQ(0, send_again(&self->sender, &self->packet));
	EXPECT_EQ(OTHER_MARK, next_mark(self->sniffer));
	EXPECT_EQ(0, sender_do(&self->sender, socket_mark, &self->packet));
}

/* The second mapping finds the stamp on the socket, and leaves it when it goes. */
TEST_F_TIMEOUT(stamp, of_two_goes_with_the_last, 60)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(.id = 2), NULL));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	EXPECT_NEXT(MARK);
	EXPECT_EQ(0, stats_of(&self->genl, 2).stamped);
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_NEXT(0);
}

/* The same mark, but somebody else's. */
TEST_F_TIMEOUT(stamp, of_others_stays, 60)
{
	static const struct sender_owner other = { .uid = 1002, .gid = 2002 };
	struct packet packet = self->packet;
	struct sender sender;

	ASSERT_EQ(0, sender_start(&sender, &other));
	packet.mark = MARK;
	ASSERT_EQ(0, sender_do(&sender, socket_keep, &packet));
	ASSERT_EQ(0, sender_do(&sender, socket_set_mark, &packet));

	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(), NULL));
	EXPECT_FIRST(MARK);
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, sender_do(&sender, socket_send, &packet));
	EXPECT_EQ(MARK, next_mark(self->sniffer));
	EXPECT_EQ(MARK, sender_do(&sender, socket_mark, &packet));
	EXPECT_EQ(0, sender_stop(&sender));
}

/* What the program has set itself, before there was a mapping that could have. */
TEST_F_TIMEOUT(stamp, that_never_was_ours_stays, 60)
{
	self->packet.mark = OTHER_MARK;
	ASSERT_EQ(0, sender_do(&self->sender, socket_set_mark, &self->packet));
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(
				 .uid_min = 7, .uid_max = 7), NULL));
	EXPECT_FIRST(OTHER_MARK);
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	EXPECT_NEXT(OTHER_MARK);
}

/* No tree but that of their cgroup leads to the withdrawn of it. */
TEST_F_TIMEOUT(stamp, of_a_cgroup_goes_with_its_mapping, 60)
{
	static const struct sender_owner member = {
		.uid = USER, .gid = GROUP, .cgroup = "own",
	};
	struct sender sender;

	ASSERT_EQ(0, cgroup_make("own"));
	ASSERT_EQ(0, sender_start(&sender, &member));
	ASSERT_EQ(0, sender_do(&sender, socket_keep, &self->packet));
	ASSERT_EQ(0, mapping_new(&self->genl, &USERS_MAPPING(
				 .match = OWNROUTE_MATCH_CGROUP,
				 .uid_min = 0, .uid_max = 0,
				 .cgroup = cgroup_id("own")), NULL));
	ASSERT_EQ(0, sender_do(&sender, socket_send, &self->packet));
	EXPECT_EQ(MARK, next_mark(self->sniffer));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, send_again(&sender, &self->packet));
	EXPECT_EQ(0, next_mark(self->sniffer));
	EXPECT_EQ(0, sender_do(&sender, socket_mark, &self->packet));
	EXPECT_EQ(0, sender_stop(&sender));
	cgroup_remove("own");
}

/* More of them than the namespace may have mappings: some are known by their bits alone. */
TEST_F_TIMEOUT(stamp, of_too_many_goes_too, 60)
{
	__u32 mark;

	ASSERT_EQ(0, limit_set(&self->genl, 2));
	for (mark = 0x100; mark <= 0x500; mark += 0x100) {
		static const struct sender_owner other = {
			.uid = USER, .gid = GROUP,
		};
		struct packet packet = {
			.family = AF_INET,
			.type = PACKET_UDP,
		};
		struct sender sender;

		ASSERT_EQ(0, mapping_new(&self->genl,
					 &USERS_MAPPING(.mark = mark), NULL));
		if (mark == 0x100) {
			EXPECT_FIRST(mark);
		} else {
			ASSERT_EQ(0, sender_start(&sender, &other));
			ASSERT_EQ(0, sender_do(&sender, packet_send, &packet));
			EXPECT_EQ(mark, next_mark(self->sniffer));
			EXPECT_EQ(0, sender_stop(&sender));
		}
		ASSERT_EQ(0, mapping_del(&self->genl, 1));
	}
	EXPECT_NEXT(0);
}

MODULE_HARNESS_MAIN
