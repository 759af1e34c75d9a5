// SPDX-License-Identifier: LGPL-2.1-or-later
/* Changes that are made at once or not at all, and whose they are. */
#include <sched.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"

/* What is there when a test begins: ids 1 and 2, of uids 1001 and 1002. */
static const struct ownroute_mapping first =
	MAPPING_INIT(.id = 1, .uid_min = 1001, .uid_max = 1001);
static const struct ownroute_mapping second =
	MAPPING_INIT(.id = 2, .uid_min = 1002, .uid_max = 1002);

FIXTURE(transaction) {
	struct genl genl;
	struct genl other;
	struct snapshot before;
};

FIXTURE_SETUP(transaction)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
	ASSERT_EQ(0, ownroute_open(&self->other));
	ASSERT_EQ(0, mapping_new(&self->genl, &first, NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &second, NULL));
	ASSERT_EQ(0, snapshot_take(&self->genl, &self->before));
}

FIXTURE_TEARDOWN(transaction)
{
	genl_close(&self->genl);
	genl_close(&self->other);
}

/* As they were when the test began, the generation and the counters too. */
#define EXPECT_UNCHANGED()						      \
	do {								      \
		struct snapshot _now;					      \
									      \
		ASSERT_EQ(0, snapshot_take(&self->other, &_now));	      \
		EXPECT_EQ(0, memcmp(&self->before, &_now, sizeof(_now)));     \
	} while (0)

/* The ids that there are, up to 3. */
#define EXPECT_IDS(...)							      \
	do {								      \
		const __u32 _ids[] = { __VA_ARGS__ };			      \
		struct snapshot _now;					      \
		unsigned int _i;					      \
									      \
		ASSERT_EQ(0, snapshot_take(&self->other, &_now));	      \
		ASSERT_EQ(ARRAY_SIZE(_ids), _now.count);		      \
		EXPECT_EQ(ARRAY_SIZE(_ids), _now.info.mappings);	      \
		for (_i = 0; _i < ARRAY_SIZE(_ids); _i++)		      \
			EXPECT_EQ(_ids[_i], _now.mappings[_i].mapping.id);    \
	} while (0)

#define EXPECT_TEXT(_text)						      \
	EXPECT_NE(NULL, strstr(self->genl.ack.text, _text))		      \
		TH_LOG("said: '%s'", self->genl.ack.text)

/* Some of each kind. */
static int send_changes(struct genl *genl)
{
	return transaction_new(genl, &MAPPING(.id = 3)) ?:
	       mapping_set(genl, &MAPPING(.id = 2, .mark = 2)) ?:
	       mapping_del(genl, 1);
}

/* A change that is not kept is made at once. */
static int has_no_transaction(struct genl *genl)
{
	struct object got;

	return transaction_commit(genl) == -ESRCH &&
	       !mapping_new(genl, &MAPPING(.id = 99), &got) &&
	       !mapping_get(genl, 99, &got);
}

TEST_F(transaction, shows_nothing_before_the_commit)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	EXPECT_UNCHANGED();
	ASSERT_EQ(0, send_changes(&self->genl));
	EXPECT_UNCHANGED();
	ASSERT_EQ(0, mapping_flush(&self->genl));
	EXPECT_UNCHANGED();
}

TEST_F(transaction, shows_all_at_the_commit)
{
	struct ownroute_info info;
	struct object got;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, transaction_commit(&self->genl));

	EXPECT_IDS(2, 3);
	ASSERT_EQ(0, mapping_get(&self->other, 2, &got));
	EXPECT_EQ(2, got.mapping.mark);
	ASSERT_EQ(0, info_get(&self->other, &info));
	EXPECT_LT(self->before.info.generation, info.generation);
	EXPECT_TRUE(has_no_transaction(&self->genl));
}

TEST_F(transaction, is_forgotten_by_an_abort)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, transaction_abort(&self->genl));
	EXPECT_UNCHANGED();
	EXPECT_EQ(-ESRCH, transaction_abort(&self->genl));
	EXPECT_TRUE(has_no_transaction(&self->genl));
}

TEST_F(transaction, can_follow_another)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, transaction_abort(&self->genl));
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(1, 2, 3);
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3);
}

TEST_F(transaction, without_changes_is_no_change)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_UNCHANGED();
}

TEST_F(transaction, may_make_the_first_mapping_and_delete_the_last)
{
	struct ownroute_info info;
	struct object none;

	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(3);

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 3));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_EQ(0, mapping_dump(&self->other, &none, 1));
	ASSERT_EQ(0, info_get(&self->other, &info));
	EXPECT_EQ(0, info.mappings);
}

/* One that begins twice has lost nothing of the first. */
TEST_F(transaction, begins_once)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	EXPECT_EQ(-EBUSY, transaction_begin(&self->genl));
	EXPECT_NE(0, self->genl.ack.text[0]);
	EXPECT_UNCHANGED();
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3);
}

TEST_F(transaction, must_begin_before_it_ends)
{
	EXPECT_EQ(-ESRCH, transaction_commit(&self->genl));
	EXPECT_NE(0, self->genl.ack.text[0]);
	EXPECT_EQ(-ESRCH, transaction_abort(&self->genl));
	EXPECT_NE(0, self->genl.ack.text[0]);
	EXPECT_UNCHANGED();
}

/* What it is refused for at the commit */

TEST_F(transaction, names_the_id_that_was_taken)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 2)));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 4)));
	EXPECT_EQ(-EEXIST, transaction_commit(&self->genl));
	EXPECT_TEXT("id 2 ");
	EXPECT_UNCHANGED();
	EXPECT_TRUE(has_no_transaction(&self->genl));
}

TEST_F(transaction, names_the_id_that_is_missing_for_a_set)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 77)));
	EXPECT_EQ(-ENOENT, transaction_commit(&self->genl));
	EXPECT_TEXT("id 77");
	EXPECT_UNCHANGED();
	EXPECT_TRUE(has_no_transaction(&self->genl));
}

TEST_F(transaction, names_the_id_that_is_missing_for_a_del)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 78));
	EXPECT_EQ(-ENOENT, transaction_commit(&self->genl));
	EXPECT_TEXT("id 78");
	EXPECT_UNCHANGED();
	EXPECT_TRUE(has_no_transaction(&self->genl));
}

/* Changes see those before them. */
TEST_F(transaction, may_not_delete_twice)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	EXPECT_EQ(-ENOENT, transaction_commit(&self->genl));
	EXPECT_UNCHANGED();
}

TEST_F(transaction, may_not_set_what_it_has_deleted)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, mapping_set(&self->genl, &first));
	EXPECT_EQ(-ENOENT, transaction_commit(&self->genl));
	EXPECT_UNCHANGED();
}

/* A commit must not make some of what was asked for. */
TEST_F(transaction, fails_when_one_of_its_changes_was_refused)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	EXPECT_EQ(-EINVAL, transaction_new(&self->genl, &MAPPING(.mask = 0)));
	EXPECT_EQ(-EINVAL, transaction_commit(&self->genl));
	EXPECT_NE(0, self->genl.ack.text[0]);
	EXPECT_UNCHANGED();
	EXPECT_TRUE(has_no_transaction(&self->genl));
}

TEST_F(transaction, fails_when_a_set_was_refused)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	EXPECT_EQ(-EINVAL, mapping_set(&self->genl, &MAPPING(.id = 1,
							     .mask = 0)));
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_EQ(-EINVAL, transaction_commit(&self->genl));
	EXPECT_UNCHANGED();
}

/* A question is no change. */
TEST_F(transaction, does_not_mind_a_question_that_has_no_answer)
{
	struct object got;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	EXPECT_EQ(-ENOENT, mapping_get(&self->genl, 3, &got));
	EXPECT_EQ(2, mapping_dump(&self->genl, (struct object[2]){}, 2));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3);
}

/* What changes make of each other */

TEST_F(transaction, may_make_the_same_ids_after_a_flush)
{
	struct object got;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 1,
							   .mark = 7)));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(1, 3);
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(7, got.mapping.mark);
}

TEST_F(transaction, may_flush_what_it_has_made)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 5)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(5);
}

TEST_F(transaction, may_delete_what_it_has_made)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3)));
	ASSERT_EQ(0, mapping_del(&self->genl, 3));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(1, 2);
}

TEST_F(transaction, may_make_what_it_has_deleted)
{
	struct object got;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 1,
							   .mark = 7)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(1, 2);
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(7, got.mapping.mark);
}

TEST_F(transaction, may_set_twice_and_the_last_counts)
{
	struct object got;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 7)));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 8)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(1, 2);
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(8, got.mapping.mark);
}

TEST_F(transaction, may_delete_what_it_has_set)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 7)));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2);
}

TEST_F(transaction, may_set_what_it_has_made)
{
	struct object got;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3)));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 3, .mark = 7)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(1, 2, 3);
	ASSERT_EQ(0, mapping_get(&self->genl, 3, &got));
	EXPECT_EQ(7, got.mapping.mark);
}

/* An id that is chosen in it is none that it gives later: that one is refused. */
TEST_F(transaction, chooses_ids_at_the_commit)
{
	struct snapshot now;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING()));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING()));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	ASSERT_EQ(0, snapshot_take(&self->genl, &now));
	ASSERT_EQ(4, now.count);
	EXPECT_EQ(1, now.mappings[0].mapping.id);
	EXPECT_EQ(2, now.mappings[1].mapping.id);
	EXPECT_LT(2, now.mappings[2].mapping.id);
	EXPECT_LT(now.mappings[2].mapping.id, now.mappings[3].mapping.id);
}

/* Counters */

TEST_F(transaction, leaves_the_counters_of_what_stays)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, traffic_send(1001, 3));
	ASSERT_EQ(0, traffic_send(1002, 2));

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 7)));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 8)));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3,
							   .uid_max = 1002)));
	ASSERT_EQ(0, traffic_send(1001, 1));
	ASSERT_EQ(0, transaction_commit(&self->genl));

	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(8, got.mapping.mark);
	EXPECT_EQ(4, got.stats.packets);
	EXPECT_EQ(4 * TRAFFIC_PACKET_LEN, got.stats.bytes);
	ASSERT_EQ(0, traffic_send(1001, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(5, got.stats.packets);
	ASSERT_EQ(0, mapping_get(&self->genl, 2, &got));
	EXPECT_EQ(2, got.stats.packets);
	ASSERT_EQ(0, mapping_get(&self->genl, 3, &got));
	EXPECT_EQ(0, got.stats.packets);
}

TEST_F(transaction, leaves_the_counters_when_it_is_refused)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, traffic_send(1001, 3));
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 7)));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 8)));
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	ASSERT_EQ(0, mapping_del(&self->genl, 2));
	EXPECT_EQ(-ENOENT, transaction_commit(&self->genl));

	ASSERT_EQ(0, traffic_send(1001, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(first.mark, got.mapping.mark);
	EXPECT_EQ(4, got.stats.packets);
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 7)));
	ASSERT_EQ(0, traffic_send(1001, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(5, got.stats.packets);
}

TEST_F(transaction, begins_the_counters_of_what_was_deleted_anew)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, traffic_send(1001, 3));
	ASSERT_EQ(0, traffic_send(1002, 2));
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, mapping_set(&self->genl, &first));
	ASSERT_EQ(0, mapping_del(&self->genl, 1));
	ASSERT_EQ(0, transaction_new(&self->genl, &first));
	ASSERT_EQ(0, transaction_commit(&self->genl));

	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(0, got.stats.packets);
	EXPECT_EQ(0, got.stats.bytes);
	ASSERT_EQ(0, mapping_get(&self->genl, 2, &got));
	EXPECT_EQ(2, got.stats.packets);
	ASSERT_EQ(0, traffic_send(1001, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_EQ(1, got.stats.packets);
}

/* Others */

TEST_F(transaction, of_one_socket_is_not_anothers)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	EXPECT_EQ(-ESRCH, transaction_commit(&self->other));
	EXPECT_NE(0, self->other.ack.text[0]);
	EXPECT_EQ(-ESRCH, transaction_abort(&self->other));
	EXPECT_UNCHANGED();
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3);
}

/* And the one that didn't know of them mustn't undo them. */
TEST_F(transaction, does_not_keep_the_changes_of_others)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, mapping_new(&self->other, &MAPPING(.id = 9), NULL));
	EXPECT_IDS(1, 2, 9);
	EXPECT_EQ(-EAGAIN, transaction_commit(&self->genl));
	EXPECT_NE(0, self->genl.ack.text[0]);
	EXPECT_IDS(1, 2, 9);
	EXPECT_TRUE(has_no_transaction(&self->genl));
}

TEST_F(transaction, is_told_that_all_were_deleted)
{
	struct object none;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 3)));
	ASSERT_EQ(0, mapping_flush(&self->other));
	EXPECT_EQ(-EAGAIN, transaction_commit(&self->genl));
	EXPECT_EQ(0, mapping_dump(&self->other, &none, 1));
}

/* It may be that what was changed is as it was. */
TEST_F(transaction, is_told_of_changes_that_were_undone)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, mapping_set(&self->other, &MAPPING(.id = 2, .mark = 3)));
	ASSERT_EQ(0, mapping_set(&self->other, &second));
	EXPECT_EQ(-EAGAIN, transaction_commit(&self->genl));
	EXPECT_IDS(1, 2);
}

TEST_F(transaction, does_not_mind_what_others_are_refused)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	EXPECT_EQ(-EEXIST, mapping_new(&self->other, &first, NULL));
	EXPECT_EQ(-ENOENT, mapping_del(&self->other, 3));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3);
}

TEST_F(transaction, that_comes_second_is_told_and_can_begin_again)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_begin(&self->other));
	ASSERT_EQ(0, send_changes(&self->other));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 4)));
	ASSERT_EQ(0, transaction_commit(&self->other));
	EXPECT_IDS(2, 3);

	EXPECT_EQ(-EAGAIN, transaction_commit(&self->genl));
	EXPECT_NE(0, self->genl.ack.text[0]);
	EXPECT_IDS(2, 3);

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, transaction_new(&self->genl, &MAPPING(.id = 4)));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3, 4);
}

TEST_F(transaction, does_not_mind_one_that_changed_nothing)
{
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, transaction_begin(&self->other));
	ASSERT_EQ(0, transaction_commit(&self->other));
	ASSERT_EQ(0, transaction_begin(&self->other));
	ASSERT_EQ(0, mapping_flush(&self->other));
	ASSERT_EQ(0, transaction_abort(&self->other));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3);
}

TEST_F(transaction, does_not_mind_other_namespaces)
{
	struct genl elsewhere;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&elsewhere));
	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, transaction_begin(&elsewhere));
	ASSERT_EQ(0, transaction_new(&elsewhere, &MAPPING(.id = 3)));
	ASSERT_EQ(0, transaction_commit(&elsewhere));
	EXPECT_UNCHANGED();
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3);
	genl_close(&elsewhere);
}

/* The end of the socket */

TEST_F(transaction, ends_with_its_socket)
{
	struct genl genl;

	ASSERT_EQ(0, ownroute_open(&genl));
	ASSERT_EQ(0, transaction_begin(&genl));
	ASSERT_EQ(0, send_changes(&genl));
	genl_close(&genl);
	EXPECT_UNCHANGED();
	EXPECT_EQ(-ESRCH, transaction_commit(&self->genl));

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3);
}

TEST_F(transaction, does_not_end_with_another_socket)
{
	struct genl genl;

	ASSERT_EQ(0, transaction_begin(&self->genl));
	ASSERT_EQ(0, send_changes(&self->genl));
	ASSERT_EQ(0, ownroute_open(&genl));
	ASSERT_EQ(0, transaction_begin(&genl));
	genl_close(&genl);
	ASSERT_EQ(0, transaction_commit(&self->genl));
	EXPECT_IDS(2, 3);
}

TEST_F(transaction, ends_with_the_last_that_has_its_socket)
{
	struct genl genl;
	int copy;

	ASSERT_EQ(0, ownroute_open(&genl));
	ASSERT_EQ(0, transaction_begin(&genl));
	ASSERT_EQ(0, send_changes(&genl));
	copy = dup(genl.fd);
	ASSERT_LE(0, copy);
	genl_close(&genl);
	genl.fd = copy;
	ASSERT_EQ(0, transaction_commit(&genl));
	EXPECT_IDS(2, 3);
	genl_close(&genl);
}

/* An address is not an owner: the next socket that has it, is another one. */
TEST_F(transaction, is_not_of_the_next_with_the_same_address)
{
	struct genl genl, heir;
	__u32 portid;

	ASSERT_EQ(0, ownroute_open(&genl));
	portid = genl.portid;
	ASSERT_EQ(0, transaction_begin(&genl));
	ASSERT_EQ(0, mapping_flush(&genl));
	genl_close(&genl);

	ASSERT_EQ(0, ownroute_open_at(&heir, portid));
	ASSERT_EQ(portid, heir.portid);
	EXPECT_EQ(-ESRCH, transaction_commit(&heir));
	EXPECT_UNCHANGED();
	ASSERT_EQ(0, transaction_begin(&heir));
	ASSERT_EQ(0, transaction_new(&heir, &MAPPING(.id = 3)));
	ASSERT_EQ(0, transaction_commit(&heir));
	EXPECT_IDS(1, 2, 3);
	genl_close(&heir);
}

MODULE_HARNESS_MAIN
