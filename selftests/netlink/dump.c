// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Dumps that need many datagrams, and what happens to them when the mappings
 * change half-way.
 */
#include <sched.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"

/*
 * With the userdata that each has, they need ten datagrams of the largest size.
 * The kernel prepares a datagram ahead of each that is received.
 */
#define MAPPINGS	300

/* Ids are even, so that there is room between them. */
#define ID(_n)		(2 * ((_n) + 1))

/* A dump under way: how often each id was seen, and the last of them. */
struct dump {
	__u8	seen[ID(MAPPINGS) + 1];
	__u32	count;
	__u32	last_id;
	bool	disordered;
};

FIXTURE(dump) {
	struct genl genl;	/* for the dump */
	struct genl other;	/* for the changes */
	struct dump dump;
};

FIXTURE_SETUP(dump)
{
	struct object wanted = {
		.attrs = 1U << OWNROUTE_A_USERDATA,
		.mapping = MAPPING(),
		.userdata_len = OWNROUTE_USERDATA_MAX,
	};
	struct object made;
	int i;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, ownroute_open(&self->other));
	for (i = 0; i < MAPPINGS; i++) {
		wanted.mapping.id = ID(i);
		ASSERT_EQ(0, mapping_new_with(&self->other, &wanted, &made));
	}
}

FIXTURE_TEARDOWN(dump)
{
	genl_close(&self->genl);
	genl_close(&self->other);
}

static int dump_add(const struct nlmsghdr *nlh, void *data)
{
	struct dump *dump = data;
	struct object got;
	__u32 id;
	int err;

	err = object_read(nlh, &got);
	if (err)
		return err;
	id = got.mapping.id;
	if (id >= ARRAY_SIZE(dump->seen))
		return -ERANGE;

	if (id <= dump->last_id)
		dump->disordered = true;
	dump->last_id = id;
	dump->seen[id]++;
	/* A dump that goes round in circles is to fail, not to go on for ever. */
	return ++dump->count > 2 * MAPPINGS ? -EOVERFLOW : 0;
}

/* Asks, and receives the first datagram: 1 if there is more, as it should be. */
static int dump_begin(struct genl *genl, struct dump *dump)
{
	struct genl_msg msg;
	int err;

	memset(dump, 0, sizeof(*dump));
	genl_msg_init(&msg, genl, OWNROUTE_CMD_MAPPING_GET, NLM_F_DUMP);
	err = genl_send(genl, &msg);
	return err ? err : genl_recv_some(genl, dump_add, dump);
}

static int dump_finish(struct genl *genl, struct dump *dump)
{
	int err;

	do
		err = genl_recv_some(genl, dump_add, dump);
	while (err > 0);
	return err;
}

/* How many of the mappings, apart from @from to @to, weren't seen just once. */
static int dump_missed(const struct dump *dump, __u32 from, __u32 to)
{
	int missed = 0;
	__u32 i;

	for (i = 0; i < MAPPINGS; i++)
		if ((ID(i) < from || ID(i) > to) && dump->seen[ID(i)] != 1)
			missed++;
	return missed;
}

TEST_F(dump, is_whole_and_in_order)
{
	struct dump *dump = &self->dump;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	EXPECT_LT(0, dump->count);
	EXPECT_LT(dump->count, MAPPINGS / 3);
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_FALSE(self->genl.ack.interrupted);
	EXPECT_EQ(MAPPINGS, dump->count);
	EXPECT_EQ(0, dump_missed(dump, 0, 0));
	EXPECT_FALSE(dump->disordered);
}

TEST_F(dump, notices_a_new_one_behind)
{
	struct dump *dump = &self->dump;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(0, mapping_new(&self->other, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_TRUE(self->genl.ack.interrupted);
	EXPECT_EQ(0, dump->seen[1]);
	EXPECT_EQ(0, dump_missed(dump, 0, 0));
	EXPECT_FALSE(dump->disordered);
}

TEST_F(dump, notices_a_new_one_ahead)
{
	struct dump *dump = &self->dump;
	__u32 id = ID(MAPPINGS - 1) + 1;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(0, mapping_new(&self->other, &MAPPING(.id = id), NULL));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_TRUE(self->genl.ack.interrupted);
	EXPECT_EQ(1, dump->seen[id]);
	EXPECT_EQ(0, dump_missed(dump, 0, 0));
	EXPECT_FALSE(dump->disordered);
}

TEST_F(dump, notices_a_set)
{
	struct dump *dump = &self->dump;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(0, mapping_set(&self->other, &MAPPING(.id = ID(0),
							.mark = 2)));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_TRUE(self->genl.ack.interrupted);
	EXPECT_EQ(0, dump_missed(dump, 0, 0));
	EXPECT_FALSE(dump->disordered);
}

/* It is another place in the order of matching, but the same in the dump. */
TEST_F(dump, notices_new_priorities)
{
	struct dump *dump = &self->dump;
	__u32 last = ID(MAPPINGS - 1);

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(1, dump->seen[ID(0)]);
	ASSERT_EQ(0, mapping_set(&self->other, &MAPPING(.id = ID(0),
							.priority = 2000)));
	ASSERT_EQ(0, mapping_set(&self->other, &MAPPING(.id = last,
							.priority = 0)));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_TRUE(self->genl.ack.interrupted);
	EXPECT_EQ(0, dump_missed(dump, 0, 0));
	EXPECT_FALSE(dump->disordered);
}

TEST_F(dump, notices_a_deletion)
{
	struct dump *dump = &self->dump;
	__u32 last = ID(MAPPINGS - 1);

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(0, mapping_del(&self->other, last));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_TRUE(self->genl.ack.interrupted);
	EXPECT_EQ(0, dump->seen[last]);
	EXPECT_EQ(0, dump_missed(dump, last, last));
	EXPECT_FALSE(dump->disordered);
}

/*
 * The place where the dump goes on is somewhere in the datagram that was
 * prepared and not yet received: delete all that may be it, and its neighbours.
 */
TEST_F(dump, goes_on_when_its_place_is_deleted)
{
	struct dump *dump = &self->dump;
	__u32 from, to, id;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	from = dump->last_id;
	to = ID(3 * dump->count);
	ASSERT_LT(to, ID(MAPPINGS - 1));
	for (id = from; id <= to; id += 2) {
		ASSERT_EQ(0, mapping_del(&self->other, id));
	}

	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_TRUE(self->genl.ack.interrupted);
	EXPECT_EQ(0, dump->seen[to]);
	EXPECT_EQ(0, dump_missed(dump, from, to));
	EXPECT_FALSE(dump->disordered);
}

TEST_F(dump, ends_when_all_are_deleted)
{
	struct dump *dump = &self->dump;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(0, mapping_flush(&self->other));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_TRUE(self->genl.ack.interrupted);
	EXPECT_GT(MAPPINGS, dump->count);
}

TEST_F(dump, notices_that_all_were_replaced)
{
	struct dump *dump = &self->dump;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(0, mapping_flush(&self->other));
	ASSERT_EQ(0, mapping_new(&self->other, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_TRUE(self->genl.ack.interrupted);
	EXPECT_FALSE(dump->disordered);
}

TEST_F(dump, does_not_mind_refused_changes)
{
	struct dump *dump = &self->dump;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(-EEXIST, mapping_new(&self->other, &MAPPING(.id = ID(0)),
				       NULL));
	ASSERT_EQ(-ENOENT, mapping_del(&self->other, 1));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_FALSE(self->genl.ack.interrupted);
	EXPECT_EQ(0, dump_missed(dump, 0, 0));
}

TEST_F(dump, does_not_mind_other_namespaces)
{
	struct dump *dump = &self->dump;
	struct genl elsewhere;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&elsewhere));
	ASSERT_EQ(0, mapping_new(&elsewhere, &MAPPING(), NULL));
	ASSERT_EQ(0, mapping_flush(&elsewhere));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	EXPECT_FALSE(self->genl.ack.interrupted);
	EXPECT_EQ(0, dump_missed(dump, 0, 0));
	genl_close(&elsewhere);
}

TEST_F(dump, does_not_mind_another_dump)
{
	struct dump *dump = &self->dump, other;

	ASSERT_EQ(1, dump_begin(&self->genl, dump));
	ASSERT_EQ(1, dump_begin(&self->other, &other));
	ASSERT_EQ(0, dump_finish(&self->genl, dump));
	ASSERT_EQ(0, dump_finish(&self->other, &other));
	EXPECT_EQ(0, dump_missed(dump, 0, 0));
	EXPECT_EQ(0, dump_missed(&other, 0, 0));
}

MODULE_HARNESS_MAIN
