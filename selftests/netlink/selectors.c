// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who meets which mapping: each variant is a set of mappings and says which of
 * them each owner meets.  Every owner sends every kind of packet, in both
 * families; which mapping counts it, and what becomes of the packet, is the
 * answer.
 */
#include <grp.h>
#include <sched.h>

#include <kselftest_harness.h>

#include "cgroups.h"
#include "mappings.h"
#include "module.h"
#include "sender.h"
#include "sniffer.h"
#include "traffic.h"

/* Cgroups; a mapping has one of these numbers until the id is known. */
enum {
	HERE = 1,	/* all are in it */
	OWN,
	CHILD,		/* in OWN */
	LEAF,		/* in CHILD */
	SIBLING,	/* of OWN */
	CGROUPS
};

static const char *const cgroups[CGROUPS] = {
	[HERE] = "",
	[OWN] = "own",
	[CHILD] = "own/child",
	[LEAF] = "own/child/leaf",
	[SIBLING] = "sibling",
};

enum { ROOT, ALICE, BOB, CAROL, DAVE, FSGID, LAST, OWNERS };

static const char *const owner_names[OWNERS] = {
	"root", "alice", "bob", "carol", "dave", "fsgid", "last",
};

/* The last has a group too whose ping sockets the kernel allows. */
static const struct sender_owner owners[OWNERS] = {
	[ROOT] = { .uid = 0, .gid = 0, .cgroup = "" },
	[ALICE] = { .uid = 1001, .gid = 2001, .cgroup = "own" },
	[BOB] = {
		.uid = 1002, .gid = 2001, .cgroup = "own/child",
		.groups = { 2002, 2003 }, .group_count = 2,
	},
	[CAROL] = { .uid = 1003, .gid = 2003, .cgroup = "sibling" },
	[DAVE] = { .uid = 1001, .gid = 2002, .cgroup = "own/child/leaf" },
	[FSGID] = { .uid = 1001, .gid = 2001, .fsgid = 2003, .cgroup = "own" },
	[LAST] = {
		.uid = 4294967294, .gid = 4294967294, .cgroup = "sibling",
		.groups = { 9 }, .group_count = 1,
	},
};

static const char *const packet_names[PACKET_TYPES] = {
	[PACKET_TCP] = "TCP",
	[PACKET_UDP] = "UDP",
	[PACKET_CONNECTED_UDP] = "connected UDP",
	[PACKET_PING] = "ping",
	[PACKET_RAW] = "raw",
};

#define MAPPINGS_MAX	3

#define UIDS(_min, _max)	.uid_min = (_min), .uid_max = (_max)
#define GIDS(_min, _max)	.gid_min = (_min), .gid_max = (_max)
#define CGROUP(_cgroup)		.cgroup = (_cgroup)
#define SUPPL			.flags = OWNROUTE_FLAG_SUPPL
#define PRIORITY(_priority)	.priority = (_priority)
#define BYPASS			.action = OWNROUTE_ACTION_BYPASS
#define BLOCK			.action = OWNROUTE_ACTION_BLOCK

/* The match bits, and what the id and the action say, are added in install(). */
#define RULE(_id, ...)							      \
	{								      \
		.size = sizeof(struct ownroute_mapping),		      \
		.id = (_id),						      \
		.priority = 1000,					      \
		__VA_ARGS__						      \
	}

#define U	.match = OWNROUTE_MATCH_UID
#define G	.match = OWNROUTE_MATCH_GID
#define C	.match = OWNROUTE_MATCH_CGROUP
#define UG	.match = OWNROUTE_MATCH_UID | OWNROUTE_MATCH_GID
#define UC	.match = OWNROUTE_MATCH_UID | OWNROUTE_MATCH_CGROUP
#define GC	.match = OWNROUTE_MATCH_GID | OWNROUTE_MATCH_CGROUP
#define UGC	.match = OWNROUTE_MATCH_UID | OWNROUTE_MATCH_GID |	      \
			 OWNROUTE_MATCH_CGROUP

FIXTURE(selectors) {
	struct genl genl;
	int sniffer;
	struct sender senders[OWNERS];
};

/*
 * @mappings: what there is; one with id 0 ends them
 * @meets: id of the mapping that each owner meets, 0 for none
 */
FIXTURE_VARIANT(selectors) {
	struct ownroute_mapping mappings[MAPPINGS_MAX];
	__u32 meets[OWNERS];
};

/* A mapping's mark says which one it was. */
static __u32 mark_of(__u32 id)
{
	return id << 8;
}

static int install(struct genl *genl, struct ownroute_mapping mapping)
{
	if (mapping.action == OWNROUTE_ACTION_MARK) {
		mapping.mark = mark_of(mapping.id);
		mapping.mask = 0xff00;
	}
	if (mapping.cgroup)
		mapping.cgroup = cgroup_id(cgroups[mapping.cgroup]);
	return mapping_new(genl, &mapping, NULL);
}

static int make_cgroups(void)
{
	int i, err;

	for (i = OWN; i < CGROUPS; i++) {
		err = cgroup_make(cgroups[i]);
		if (err && err != -EEXIST)
			return err;
	}
	return 0;
}

static void remove_cgroups(void)
{
	int i;

	for (i = CGROUPS - 1; i >= OWN; i--)
		cgroup_remove(cgroups[i]);
}

FIXTURE_SETUP(selectors)
{
	int i;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, allow_ping_sockets());
	ASSERT_EQ(0, make_cgroups());
	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, ownroute_open(&self->genl));
	self->sniffer = sniffer_open(TRAFFIC_DEVICE);
	ASSERT_LE(0, self->sniffer);
	for (i = 0; i < OWNERS; i++) {
		ASSERT_EQ(0, sender_start(&self->senders[i], &owners[i]));
	}
	for (i = 0; i < MAPPINGS_MAX && variant->mappings[i].id; i++) {
		ASSERT_EQ(0, install(&self->genl, variant->mappings[i]));
	}
}

FIXTURE_TEARDOWN(selectors)
{
	int i;

	for (i = 0; i < OWNERS; i++) {
		EXPECT_EQ(0, sender_stop(&self->senders[i]));
	}
	remove_cgroups();
	close(self->sniffer);
	genl_close(&self->genl);
}

/*
 * What became of a packet
 *
 * @met: id of the mapping that counted it, 0 for none
 * @dropped: that mapping counted a drop
 * @error: what the sender was told
 * @left: how many left by the device
 * @mark: mark of the one that did
 */
struct fate {
	__u32	met;
	__u32	dropped;
	int	error;
	int	left;
	__u32	mark;
};

#define MET_MANY	0xffffffff

static int see_fate(struct genl *genl, int sniffer, struct sender *sender,
		    const struct packet *packet, struct fate *fate)
{
	struct object before[MAPPINGS_MAX], after[MAPPINGS_MAX];
	struct sniffer_packet seen;
	int i, count, more;

	memset(fate, 0, sizeof(*fate));
	count = mapping_dump(genl, before, MAPPINGS_MAX);
	fate->error = sender_do(sender, packet_send, packet);
	if (mapping_dump(genl, after, MAPPINGS_MAX) != count || count < 0)
		return -1;

	for (i = 0; i < count; i++) {
		const struct ownroute_stats *old = &before[i].stats;
		const struct ownroute_stats *new = &after[i].stats;

		fate->dropped += new->drops - old->drops;
		if (new->packets == old->packets)
			continue;
		fate->met = fate->met || new->packets != old->packets + 1 ?
			    MET_MANY : after[i].mapping.id;
	}
	while ((more = sniffer_next(sniffer, &seen)) > 0) {
		if (seen.family != packet->family)
			return -1;
		fate->left++;
		fate->mark = seen.mark;
	}
	return more;
}

/* The kernel lets neither a SYN's nor an ICMPv6 socket's sender know. */
static int told_of_drops(const struct packet *packet)
{
	return packet->type != PACKET_TCP &&
	       (packet->type != PACKET_PING || packet->family == AF_INET);
}

static struct fate expected_fate(const struct ownroute_mapping *mapping,
				 const struct packet *packet)
{
	struct fate fate = { .left = 1 };

	if (!mapping)
		return fate;
	fate.met = mapping->id;
	if (mapping->action == OWNROUTE_ACTION_MARK)
		fate.mark = mark_of(mapping->id);
	if (mapping->action == OWNROUTE_ACTION_BLOCK) {
		fate.left = 0;
		fate.dropped = 1;
		fate.error = told_of_drops(packet) ? -EPERM : 0;
	}
	return fate;
}

static const struct ownroute_mapping *
mapping_met(const struct ownroute_mapping *mappings, __u32 id)
{
	int i;

	for (i = 0; i < MAPPINGS_MAX; i++)
		if (id && mappings[i].id == id)
			return &mappings[i];
	return NULL;
}

TEST_F(selectors, are_met_by_those_who_match)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct fate fate, expected;
	struct packet packet;
	unsigned int i;
	int owner;

	for (owner = 0; owner < OWNERS; owner++) {
		for (i = 0; i < ARRAY_SIZE(families) * PACKET_TYPES; i++) {
			packet.family = families[i / PACKET_TYPES];
			packet.type = i % PACKET_TYPES;
			expected = expected_fate(mapping_met(variant->mappings,
							     variant->meets[owner]),
						 &packet);
			ASSERT_EQ(0, see_fate(&self->genl, self->sniffer,
					      &self->senders[owner], &packet,
					      &fate));
			EXPECT_EQ(0, memcmp(&expected, &fate, sizeof(fate)))
				TH_LOG("%s, IPv%d %s: met %u (not %u), mark 0x%x, %d left, %u dropped, error %d",
				       owner_names[owner],
				       packet.family == AF_INET ? 4 : 6,
				       packet_names[packet.type], fate.met,
				       expected.met, fate.mark, fate.left,
				       fate.dropped, fate.error);
		}
	}
}

#define CASE(_name, _meets, ...)					      \
	FIXTURE_VARIANT_ADD(selectors, _name) {				      \
		.mappings = { __VA_ARGS__ },				      \
		.meets = _meets,					      \
	}
#define MEETS(...)	{ __VA_ARGS__ }
#define ALL(_id)							      \
	MEETS((_id), (_id), (_id), (_id), (_id), (_id), (_id))

/* Each MEETS() is in the order      root alice bob carol dave fsgid last. */

CASE(nothing, MEETS(0));

/* Each selector alone */

CASE(uid, MEETS(0, 1, 0, 0, 1, 1, 0), RULE(1, U, UIDS(1001, 1001)));
CASE(uid_range, MEETS(0, 1, 1, 0, 1, 1, 0), RULE(1, U, UIDS(1001, 1002)));
CASE(uid_0, MEETS(1), RULE(1, U, UIDS(0, 0)));
CASE(uid_last, MEETS(0, 0, 0, 0, 0, 0, 1),
     RULE(1, U, UIDS(4294967294, 4294967294)));
CASE(uid_all, ALL(1), RULE(1, U, UIDS(0, 4294967294)));
CASE(uid_from_one_on, MEETS(0, 0, 0, 1, 0, 0, 1),
     RULE(1, U, UIDS(1003, 4294967294)));
CASE(uid_up_to_one, MEETS(1, 1, 1, 0, 1, 1, 0), RULE(1, U, UIDS(0, 1002)));
CASE(gid, MEETS(0, 1, 1, 0, 0, 0, 0), RULE(1, G, GIDS(2001, 2001)));
CASE(gid_range, MEETS(0, 1, 1, 0, 1, 0, 0), RULE(1, G, GIDS(2001, 2002)));
CASE(gid_0, MEETS(1), RULE(1, G, GIDS(0, 0)));
CASE(gid_last, MEETS(0, 0, 0, 0, 0, 0, 1),
     RULE(1, G, GIDS(4294967294, 4294967294)));
CASE(gid_all, ALL(1), RULE(1, G, GIDS(0, 4294967294)));
CASE(gid_of_the_file, MEETS(0, 0, 0, 1, 0, 1, 0),
     RULE(1, G, GIDS(2003, 2003)));
CASE(gid_not_suppl, MEETS(0, 0, 0, 0, 1, 0, 0), RULE(1, G, GIDS(2002, 2002)));
CASE(suppl, MEETS(0, 0, 1, 0, 1, 0, 0), RULE(1, G, GIDS(2002, 2002), SUPPL));
CASE(suppl_range, MEETS(0, 0, 1, 1, 0, 1, 0),
     RULE(1, G, GIDS(2003, 3000), SUPPL));
CASE(suppl_all, ALL(1), RULE(1, G, GIDS(0, 4294967294), SUPPL));
CASE(suppl_low, MEETS(1, 0, 0, 0, 0, 0, 1), RULE(1, G, GIDS(0, 9), SUPPL));
CASE(cgroup_of_all, ALL(1), RULE(1, C, CGROUP(HERE)));
CASE(cgroup, MEETS(0, 1, 1, 0, 1, 1, 0), RULE(1, C, CGROUP(OWN)));
CASE(cgroup_child, MEETS(0, 0, 1, 0, 1, 0, 0), RULE(1, C, CGROUP(CHILD)));
CASE(cgroup_leaf, MEETS(0, 0, 0, 0, 1, 0, 0), RULE(1, C, CGROUP(LEAF)));
CASE(cgroup_sibling, MEETS(0, 0, 0, 1, 0, 0, 1),
     RULE(1, C, CGROUP(SIBLING)));

/* All that are given must match */

CASE(uid_gid, MEETS(0, 1, 0, 0, 0, 0, 0),
     RULE(1, UG, UIDS(1001, 1001), GIDS(2001, 2001)));
CASE(uid_gid_ranges, MEETS(0, 1, 1, 0, 1, 0, 0),
     RULE(1, UG, UIDS(1001, 1002), GIDS(2001, 2002)));
CASE(uid_suppl, MEETS(0, 0, 1, 0, 0, 1, 0),
     RULE(1, UG, UIDS(1001, 1002), GIDS(2003, 2003), SUPPL));
CASE(uid_cgroup, MEETS(0, 1, 0, 0, 1, 1, 0),
     RULE(1, UC, UIDS(1001, 1001), CGROUP(OWN)));
CASE(uid_cgroup_child, MEETS(0, 0, 1, 0, 1, 0, 0),
     RULE(1, UC, UIDS(1001, 1003), CGROUP(CHILD)));
CASE(uid_cgroup_sibling, MEETS(0, 0, 0, 1, 0, 0, 0),
     RULE(1, UC, UIDS(1001, 1003), CGROUP(SIBLING)));
CASE(gid_cgroup, MEETS(0, 0, 1, 0, 0, 0, 0),
     RULE(1, GC, GIDS(2001, 2001), CGROUP(CHILD)));
CASE(gid_cgroup_sibling, MEETS(0, 0, 0, 1, 0, 0, 0),
     RULE(1, GC, GIDS(2001, 2003), CGROUP(SIBLING)));
CASE(suppl_cgroup, MEETS(0, 0, 1, 0, 0, 1, 0),
     RULE(1, GC, GIDS(2003, 2003), CGROUP(OWN), SUPPL));
CASE(uid_gid_cgroup, MEETS(0, 1, 1, 0, 0, 0, 0),
     RULE(1, UGC, UIDS(1001, 1002), GIDS(2001, 2001), CGROUP(OWN)));
CASE(uid_gid_cgroup_child, MEETS(0, 0, 0, 0, 1, 0, 0),
     RULE(1, UGC, UIDS(1001, 1002), GIDS(2002, 2002), CGROUP(CHILD)));
CASE(uid_suppl_cgroup, MEETS(0, 0, 1, 0, 1, 0, 0),
     RULE(1, UGC, UIDS(1001, 1002), GIDS(2002, 2002), CGROUP(CHILD), SUPPL));
CASE(uid_gid_of_different_owners, MEETS(0),
     RULE(1, UG, UIDS(1003, 1003), GIDS(2001, 2001)));
CASE(uid_gid_cgroup_of_different_owners, MEETS(0),
     RULE(1, UGC, UIDS(1001, 1001), GIDS(2001, 2001), CGROUP(CHILD)));

/* Each action by each selector, a later mapping matching all */

#define REST	RULE(9, U, UIDS(0, 4294967294), PRIORITY(5000))

CASE(bypass_uid, MEETS(9, 1, 9, 9, 1, 1, 9),
     RULE(1, U, UIDS(1001, 1001), BYPASS), REST);
CASE(bypass_gid, MEETS(9, 1, 1, 9, 9, 9, 9),
     RULE(1, G, GIDS(2001, 2001), BYPASS), REST);
CASE(bypass_suppl, MEETS(9, 9, 1, 9, 1, 9, 9),
     RULE(1, G, GIDS(2002, 2002), SUPPL, BYPASS), REST);
CASE(bypass_cgroup, MEETS(9, 9, 1, 9, 1, 9, 9),
     RULE(1, C, CGROUP(CHILD), BYPASS), REST);
CASE(block_uid, MEETS(9, 1, 9, 9, 1, 1, 9),
     RULE(1, U, UIDS(1001, 1001), BLOCK), REST);
CASE(block_gid, MEETS(9, 1, 1, 9, 9, 9, 9),
     RULE(1, G, GIDS(2001, 2001), BLOCK), REST);
CASE(block_suppl, MEETS(9, 9, 1, 9, 1, 9, 9),
     RULE(1, G, GIDS(2002, 2002), SUPPL, BLOCK), REST);
CASE(block_cgroup, MEETS(9, 9, 1, 9, 1, 9, 9),
     RULE(1, C, CGROUP(CHILD), BLOCK), REST);
CASE(block_uid_suppl_cgroup, MEETS(9, 9, 1, 9, 1, 9, 9),
     RULE(1, UGC, UIDS(1001, 1002), GIDS(2002, 2002), CGROUP(CHILD), SUPPL,
	  BLOCK), REST);
CASE(bypass_then_block, MEETS(2, 1, 2, 2, 1, 1, 2),
     RULE(1, U, UIDS(1001, 1001), PRIORITY(1), BYPASS),
     RULE(2, C, CGROUP(HERE), PRIORITY(2), BLOCK), REST);

/* Order, where more than one matches */

CASE(lower_priority_comes_first, MEETS(0, 5, 5, 5, 5, 5, 0),
     RULE(1, U, UIDS(1001, 1001), PRIORITY(1000)),
     RULE(5, U, UIDS(1001, 1003), PRIORITY(10)));
CASE(highest_priority_comes_last, MEETS(1, 2, 1, 1, 2, 2, 1),
     RULE(1, U, UIDS(0, 4294967294), PRIORITY(0xffffffff)),
     RULE(2, U, UIDS(1001, 1001), PRIORITY(0x80000000)));
CASE(equal_priority_lower_id, MEETS(0, 3, 3, 7, 3, 3, 0),
     RULE(7, U, UIDS(1001, 1003)), RULE(3, U, UIDS(1001, 1002)));
CASE(equal_ranges_lower_id, MEETS(0, 3, 0, 0, 3, 3, 0),
     RULE(7, U, UIDS(1001, 1001)), RULE(3, U, UIDS(1001, 1001)),
     RULE(5, U, UIDS(1001, 1001)));
CASE(exception_in_a_range, MEETS(0, 9, 8, 9, 9, 9, 0),
     RULE(9, U, UIDS(1001, 1010), PRIORITY(1000)),
     RULE(8, U, UIDS(1002, 1002), PRIORITY(500), BYPASS));
CASE(exception_by_group, MEETS(0, 9, 8, 9, 8, 9, 0),
     RULE(9, U, UIDS(1001, 1010), PRIORITY(1000)),
     RULE(8, G, GIDS(2002, 2002), PRIORITY(500), SUPPL, BYPASS));
CASE(inner_ranges_first, MEETS(1, 2, 3, 2, 2, 2, 1),
     RULE(1, U, UIDS(0, 4294967294), PRIORITY(30)),
     RULE(2, U, UIDS(1001, 1003), PRIORITY(20)),
     RULE(3, U, UIDS(1002, 1002), PRIORITY(10)));
CASE(outer_ranges_first, ALL(1),
     RULE(1, U, UIDS(0, 4294967294), PRIORITY(10)),
     RULE(2, U, UIDS(1001, 1003), PRIORITY(20)),
     RULE(3, U, UIDS(1002, 1002), PRIORITY(30)));
CASE(ranges_that_overlap, MEETS(1, 1, 2, 2, 1, 1, 0),
     RULE(1, U, UIDS(0, 1001), PRIORITY(20)),
     RULE(2, U, UIDS(1002, 1023), PRIORITY(20)),
     RULE(3, U, UIDS(1001, 1024), PRIORITY(30)));
CASE(gid_ranges_that_overlap, MEETS(0, 1, 1, 3, 2, 3, 0),
     RULE(1, G, GIDS(1500, 2001), PRIORITY(20)),
     RULE(2, G, GIDS(2000, 2002), PRIORITY(30)),
     RULE(3, G, GIDS(2001, 2047), PRIORITY(40)));
CASE(what_fails_elsewhere_is_passed_by, MEETS(0, 2, 0, 0, 1, 2, 0),
     RULE(1, UG, UIDS(1001, 1001), GIDS(2002, 2002), PRIORITY(10)),
     RULE(2, U, UIDS(1001, 1001), PRIORITY(20)));
CASE(cgroup_gid_uid, MEETS(0, 2, 3, 0, 3, 1, 0),
     RULE(1, U, UIDS(1001, 1001), PRIORITY(30)),
     RULE(2, G, GIDS(2001, 2001), PRIORITY(20)),
     RULE(3, C, CGROUP(CHILD), PRIORITY(10)));
CASE(uid_gid_cgroup_in_order, MEETS(0, 1, 2, 0, 1, 1, 0),
     RULE(1, U, UIDS(1001, 1001), PRIORITY(10)),
     RULE(2, G, GIDS(2001, 2001), PRIORITY(20)),
     RULE(3, C, CGROUP(CHILD), PRIORITY(30)));
CASE(gid_uid_cgroup, MEETS(0, 2, 2, 0, 1, 1, 0),
     RULE(1, U, UIDS(1001, 1001), PRIORITY(20)),
     RULE(2, G, GIDS(2001, 2001), PRIORITY(10)),
     RULE(3, C, CGROUP(OWN), PRIORITY(30)));
CASE(equal_priority_lower_id_cgroup, MEETS(0, 1, 1, 0, 1, 1, 0),
     RULE(3, U, UIDS(1001, 1001)), RULE(2, G, GIDS(2001, 2001)),
     RULE(1, C, CGROUP(OWN)));
CASE(equal_priority_lower_id_gid, MEETS(0, 1, 1, 0, 2, 2, 0),
     RULE(3, U, UIDS(1001, 1001)), RULE(1, G, GIDS(2001, 2001)),
     RULE(2, C, CGROUP(OWN)));
CASE(inner_cgroups_first, MEETS(0, 3, 2, 0, 1, 3, 0),
     RULE(1, C, CGROUP(LEAF), PRIORITY(10)),
     RULE(2, C, CGROUP(CHILD), PRIORITY(20)),
     RULE(3, C, CGROUP(OWN), PRIORITY(30)));
CASE(outer_cgroups_first, MEETS(0, 3, 3, 0, 3, 3, 0),
     RULE(1, C, CGROUP(LEAF), PRIORITY(30)),
     RULE(2, C, CGROUP(CHILD), PRIORITY(20)),
     RULE(3, C, CGROUP(OWN), PRIORITY(10)));
CASE(suppl_before_primary, MEETS(0, 1, 2, 0, 2, 0, 0),
     RULE(1, G, GIDS(2001, 2001), PRIORITY(20)),
     RULE(2, G, GIDS(2002, 2002), PRIORITY(10), SUPPL));
CASE(primary_before_suppl, MEETS(0, 1, 1, 0, 2, 0, 0),
     RULE(1, G, GIDS(2001, 2001), PRIORITY(10)),
     RULE(2, G, GIDS(2002, 2002), PRIORITY(20), SUPPL));
CASE(same_gid_with_and_without_suppl, MEETS(0, 0, 2, 0, 1, 0, 0),
     RULE(1, G, GIDS(2002, 2002), PRIORITY(10)),
     RULE(2, G, GIDS(2002, 2002), PRIORITY(20), SUPPL));
CASE(first_of_two_suppl, MEETS(0, 0, 2, 2, 1, 2, 0),
     RULE(1, G, GIDS(2002, 2002), PRIORITY(20), SUPPL),
     RULE(2, G, GIDS(2003, 2003), PRIORITY(10), SUPPL));

/* What a socket keeps from when it was made */

FIXTURE(socket_of_before) {
	struct genl genl;
	struct sender sender;
};

FIXTURE_SETUP(socket_of_before)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, allow_ping_sockets());
	ASSERT_EQ(0, make_cgroups());
	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, sender_start(&self->sender, &owners[ALICE]));
}

FIXTURE_TEARDOWN(socket_of_before)
{
	EXPECT_EQ(0, sender_stop(&self->sender));
	remove_cgroups();
	genl_close(&self->genl);
}

static int move_to_sibling(const struct packet *packet)
{
	(void)packet;
	return cgroup_join(cgroups[SIBLING]);
}

static int move_back(const struct packet *packet)
{
	(void)packet;
	return cgroup_join(cgroups[OWN]);
}

static int become_dave(const struct packet *packet)
{
	(void)packet;
	return setresgid(2002, 2002, 2002) || setgroups(1, (gid_t[]){ 2003 }) ||
	       setresuid(1002, 1002, 1002);
}

static int become_alice(const struct packet *packet)
{
	(void)packet;
	return setresuid(1001, 1001, 1001) || setgroups(0, NULL) ||
	       setresgid(2001, 2001, 2001);
}

#define EXPECT_KEPT(_change, _undo)					      \
	do {								      \
		static const int _families[] = { AF_INET, AF_INET6 };	      \
		unsigned int _i;					      \
									      \
		for (_i = 0; _i < 2 * PACKET_TYPES; _i++) {		      \
			const struct packet _packet = {			      \
				.family = _families[_i / PACKET_TYPES],	      \
				.type = _i % PACKET_TYPES,		      \
			};						      \
									      \
			ASSERT_EQ(0, sender_do(&self->sender, socket_keep,    \
					       &_packet));		      \
			ASSERT_EQ(0, sender_do(&self->sender, _change,	      \
					       &_packet));		      \
			ASSERT_EQ(0, sender_do(&self->sender, socket_send,    \
					       &_packet));		      \
			ASSERT_EQ(0, sender_do(&self->sender, socket_close,   \
					       &_packet));		      \
			EXPECT_EQ(2 * (int)_i + 1,			      \
				  mapping_packets(&self->genl, 1));	      \
			EXPECT_EQ((int)_i, mapping_packets(&self->genl, 2));  \
			ASSERT_EQ(0, sender_do(&self->sender, packet_send,    \
					       &_packet));		      \
			EXPECT_EQ((int)_i + 1, mapping_packets(&self->genl, 2));\
			ASSERT_EQ(0, sender_do(&self->sender, _undo,	      \
					       &_packet));		      \
			ASSERT_EQ(0, sender_do(&self->sender, packet_send,    \
					       &_packet));		      \
			EXPECT_EQ(2 * (int)_i + 2,			      \
				  mapping_packets(&self->genl, 1));	      \
		}							      \
	} while (0)

TEST_F(socket_of_before, stays_with_its_cgroup)
{
	ASSERT_EQ(0, install(&self->genl, (struct ownroute_mapping)
			     RULE(1, C, CGROUP(OWN))));
	ASSERT_EQ(0, install(&self->genl, (struct ownroute_mapping)
			     RULE(2, C, CGROUP(SIBLING))));
	EXPECT_KEPT(move_to_sibling, move_back);
}

TEST_F(socket_of_before, stays_with_its_uid)
{
	ASSERT_EQ(0, install(&self->genl, (struct ownroute_mapping)
			     RULE(1, U, UIDS(1001, 1001))));
	ASSERT_EQ(0, install(&self->genl, (struct ownroute_mapping)
			     RULE(2, U, UIDS(1002, 1002))));
	EXPECT_KEPT(become_dave, become_alice);
}

TEST_F(socket_of_before, stays_with_its_gid)
{
	ASSERT_EQ(0, install(&self->genl, (struct ownroute_mapping)
			     RULE(1, G, GIDS(2001, 2001))));
	ASSERT_EQ(0, install(&self->genl, (struct ownroute_mapping)
			     RULE(2, G, GIDS(2002, 2002))));
	EXPECT_KEPT(become_dave, become_alice);
}

TEST_F(socket_of_before, stays_with_its_groups)
{
	ASSERT_EQ(0, install(&self->genl, (struct ownroute_mapping)
			     RULE(1, G, GIDS(2000, 2001), SUPPL)));
	ASSERT_EQ(0, install(&self->genl, (struct ownroute_mapping)
			     RULE(2, G, GIDS(2003, 2003), SUPPL)));
	EXPECT_KEPT(become_dave, become_alice);
}

/* Its id is not used again, so nobody is in it any more. */
TEST_F(socket_of_before, meets_nothing_in_a_cgroup_that_is_gone)
{
	const struct packet packet = { .family = AF_INET, .type = PACKET_UDP };

	ASSERT_EQ(0, cgroup_make("own/gone"));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1, .uid_min = 0,
				 .uid_max = 0, .match = OWNROUTE_MATCH_CGROUP,
				 .cgroup = cgroup_id("own/gone")), NULL));
	ASSERT_EQ(0, cgroup_remove("own/gone"));
	ASSERT_EQ(0, cgroup_make("own/gone"));
	ASSERT_EQ(0, sender_do(&self->sender, packet_send, &packet));
	EXPECT_EQ(0, mapping_packets(&self->genl, 1));
	ASSERT_EQ(0, cgroup_remove("own/gone"));
}

MODULE_HARNESS_MAIN
