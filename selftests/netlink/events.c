// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What listeners hear of.  None of the tests waits to see whether nothing comes:
 * they make a change that is told for sure, and see that nothing came before.
 */
#include <sched.h>
#include <sys/socket.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"

FIXTURE(events) {
	struct genl genl;
	struct genl listener;
};

FIXTURE_SETUP(events)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, ownroute_open(&self->listener));
	ASSERT_EQ(0, genl_join(&self->listener));
}

FIXTURE_TEARDOWN(events)
{
	genl_close(&self->genl);
	genl_close(&self->listener);
}

static const struct object commented = {
	.attrs = 1U << OWNROUTE_A_COMMENT | 1U << OWNROUTE_A_USERDATA,
	.mapping = MAPPING_INIT(.id = 42),
	.comment = "for people",
	.userdata = "for programs",
	.userdata_len = 12,
};

/* As a mapping is shown by a get, apart from the command. */
static int shows_same(const struct object *event, const struct object *got)
{
	struct object expected = *got;

	expected.cmd = event->cmd;
	return !memcmp(&expected, event, sizeof(expected));
}

TEST_F(events, new_carries_the_mapping)
{
	struct object made, got, event;

	ASSERT_EQ(0, mapping_new_with(&self->genl, &commented, &made));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_TRUE(shows_same(&event, &got));
}

TEST_F(events, new_carries_the_id_that_was_chosen)
{
	struct object made, event;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), &made));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);
	EXPECT_EQ(made.mapping.id, event.mapping.id);
}

TEST_F(events, set_carries_the_new_mapping_and_its_counters)
{
	struct object got, event;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42, .mark = 1),
				 NULL));
	ASSERT_EQ(0, traffic_send(1001, 2));
	ASSERT_EQ(0, mapping_set_with(&self->genl, &commented));

	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);
	EXPECT_EQ(1, event.mapping.mark);
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_SET_NTF, event.cmd);
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(2, got.stats.packets);
	EXPECT_TRUE(shows_same(&event, &got));
}

TEST_F(events, del_carries_the_mapping_with_its_last_counters)
{
	struct object got, event;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_new_with(&self->genl, &commented, &got));
	ASSERT_EQ(0, traffic_send(1001, 2));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	ASSERT_EQ(0, mapping_del(&self->genl, 42));

	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_DEL_NTF, event.cmd);
	EXPECT_EQ(2, event.stats.packets);
	EXPECT_EQ(2 * TRAFFIC_PACKET_LEN, event.stats.bytes);
	EXPECT_TRUE(shows_same(&event, &got));
}

TEST_F(events, flush_carries_info_once)
{
	struct ownroute_info info;
	struct object event;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, info_get(&self->genl, &info));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 3), NULL));

	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(1, event.mapping.id);
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(2, event.mapping.id);
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_FLUSH_NTF, event.cmd);
	EXPECT_EQ(1U << OWNROUTE_A_INFO, event.attrs);
	EXPECT_EQ(0, memcmp(&info, &event.info, sizeof(info)));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);
	EXPECT_EQ(3, event.mapping.id);
}

TEST_F(events, refused_requests_and_questions_are_not_told)
{
	struct ownroute_info info;
	struct object got, event;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, event_next(&self->listener, &event));

	EXPECT_EQ(-EEXIST, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	EXPECT_EQ(-EINVAL, mapping_new(&self->genl, &MAPPING(.flags = 8),
				       NULL));
	EXPECT_EQ(-EINVAL, mapping_set(&self->genl, &MAPPING(.id = 1,
							     .mask = 0)));
	EXPECT_EQ(-ENOENT, mapping_set(&self->genl, &MAPPING(.id = 2)));
	EXPECT_EQ(-ENOENT, mapping_del(&self->genl, 2));
	EXPECT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(1, mapping_dump(&self->genl, &got, 1));
	EXPECT_EQ(0, info_get(&self->genl, &info));

	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_DEL_NTF, event.cmd);
}

static int change_some(struct genl *genl)
{
	return transaction_new(genl, &MAPPING(.id = 1)) ?:
	       transaction_new(genl, &MAPPING(.id = 2)) ?:
	       mapping_set(genl, &MAPPING(.id = 2, .mark = 2)) ?:
	       mapping_del(genl, 1);
}

TEST_F(events, commit_is_told_once)
{
	struct ownroute_info info;
	struct object event;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, change_some(&self->genl));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	ASSERT_EQ(0, info_get(&self->genl, &info));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 3), NULL));

	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_REPLACED_NTF, event.cmd);
	EXPECT_EQ(1U << OWNROUTE_A_INFO, event.attrs);
	EXPECT_EQ(1, event.info.mappings);
	EXPECT_EQ(0, memcmp(&info, &event.info, sizeof(info)));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);
	EXPECT_EQ(3, event.mapping.id);
}

TEST_F(events, what_is_not_committed_is_not_told)
{
	struct object event;
	struct genl closed;

	/* Aborted */
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, change_some(&self->genl));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, transaction_abort(&self->genl));

	/* Closed */
	ASSERT_EQ(0, ownroute_open(&closed));
	ASSERT_EQ(0, transaction_begin(&closed));
	ASSERT_EQ(0, change_some(&closed));
	genl_close(&closed);

	/* Refused */
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, change_some(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 77));
	ASSERT_EQ(-ENOENT, transaction_commit(&self->genl));

	/* Empty */
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_commit(&self->genl));

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 3), NULL));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);
	EXPECT_EQ(3, event.mapping.id);
}

TEST_F(events, limit_is_told_each_time_it_refuses)
{
	struct ownroute_info info;
	struct object event;
	int i;

	ASSERT_EQ(0, limit_set(&self->genl, 1));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);

	ASSERT_EQ(-ENOSPC, mapping_new(&self->genl, &MAPPING(), NULL));
	ASSERT_EQ(-ENOSPC, mapping_new(&self->genl, &MAPPING(), NULL));
	ASSERT_EQ(0, info_get(&self->genl, &info));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, event_next(&self->listener, &event));
		EXPECT_EQ(OWNROUTE_CMD_LIMIT_NTF, event.cmd);
		EXPECT_EQ(1U << OWNROUTE_A_INFO, event.attrs);
		EXPECT_EQ(0, memcmp(&info, &event.info, sizeof(info)));
	}
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_DEL_NTF, event.cmd);
}

TEST_F(events, flush_of_nothing_is_not_told)
{
	struct object event;

	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(OWNROUTE_CMD_MAPPING_NEW_NTF, event.cmd);
}

/* Who can't keep up is told, and asks for everything; nobody waits for them. */
TEST_F(events, slow_listener_learns_that_it_missed_some)
{
	struct genl_msg buf;
	int i, len;

	ASSERT_EQ(0, setsockopt(self->listener.fd, SOL_SOCKET, SO_RCVBUF,
				&(const int){ 4096 }, sizeof(int)));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
	}

	len = genl_recv(&self->listener, &buf);
	EXPECT_EQ(-ENOBUFS, len);
}

TEST_F(events, every_listener_hears_them)
{
	struct object event;
	struct genl other;

	ASSERT_EQ(0, ownroute_open(&other));
	ASSERT_EQ(0, genl_join(&other));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));

	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(42, event.mapping.id);
	ASSERT_EQ(0, event_next(&other, &event));
	EXPECT_EQ(42, event.mapping.id);
	genl_close(&other);
}

TEST_F(events, other_namespaces_are_not_told)
{
	struct object event;
	struct genl other, other_listener;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&other));
	ASSERT_EQ(0, ownroute_open(&other_listener));
	ASSERT_EQ(0, genl_join(&other_listener));
	ASSERT_EQ(0, mapping_new(&other, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_set(&other, &MAPPING(.id = 1, .mark = 2)));
	ASSERT_EQ(0, mapping_del(&other, 1));
	ASSERT_EQ(0, mapping_flush(&other));
	ASSERT_EQ(0, transaction_begin(&other));
	ASSERT_EQ(0, change_some(&other));
	ASSERT_EQ(0, transaction_commit(&other));
	ASSERT_EQ(0, limit_set(&other, 1));
	ASSERT_EQ(-ENOSPC, mapping_new(&other, &MAPPING(), NULL));

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));
	ASSERT_EQ(0, event_next(&self->listener, &event));
	EXPECT_EQ(42, event.mapping.id);
	ASSERT_EQ(0, event_next(&other_listener, &event));
	EXPECT_EQ(1, event.mapping.id);
	genl_close(&other);
	genl_close(&other_listener);
}

MODULE_HARNESS_MAIN
