// SPDX-License-Identifier: LGPL-2.1-or-later
/* What each command does to the mappings, and what it answers. */
#include <sched.h>

#include <kselftest_harness.h>

#include "mappings.h"
#include "module.h"
#include "traffic.h"

FIXTURE(mapping) {
	struct genl genl;
};

FIXTURE_SETUP(mapping)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	ASSERT_EQ(0, ownroute_open(&self->genl));
}

FIXTURE_TEARDOWN(mapping)
{
	genl_close(&self->genl);
}

static int same_mapping(const struct ownroute_mapping *a,
			const struct ownroute_mapping *b)
{
	return !memcmp(a, b, sizeof(*a));
}

TEST_F(mapping, namespace_begins_empty)
{
	struct ownroute_info info;
	struct object none;

	ASSERT_EQ(0, info_get(&self->genl, &info));
	EXPECT_EQ(0, info.mappings);
	EXPECT_EQ(OWNROUTE_FEATURE_CGROUP, info.features);
	EXPECT_EQ(0, mapping_dump(&self->genl, &none, 1));
}

TEST_F(mapping, new_chooses_an_id)
{
	struct object made, got;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), &made));
	EXPECT_NE(0, made.mapping.id);
	EXPECT_TRUE(same_mapping(&MAPPING(.id = made.mapping.id),
				 &made.mapping));

	ASSERT_EQ(0, mapping_get(&self->genl, made.mapping.id, &got));
	EXPECT_TRUE(same_mapping(&made.mapping, &got.mapping));
}

TEST_F(mapping, new_keeps_what_is_about_marks)
{
	const struct ownroute_mapping wanted = MAPPING(
		.id = 1, .flags = OWNROUTE_FLAG_LAN, .mark = 0x100,
		.mask = 0xff00, .inbound = 0x200);
	struct object made, got;

	ASSERT_EQ(0, mapping_new(&self->genl, &wanted, &made));
	EXPECT_TRUE(same_mapping(&wanted, &made.mapping));
	ASSERT_EQ(0, mapping_get(&self->genl, 1, &got));
	EXPECT_TRUE(same_mapping(&wanted, &got.mapping));
}

TEST_F(mapping, new_takes_the_id_that_it_is_given)
{
	static const __u32 ids[] = { 42, 1, 0x7fffffff, 0x80000000, 0xffffffff };
	struct object made, got;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = ids[i]),
					 &made));
		EXPECT_EQ(ids[i], made.mapping.id);
	}
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		ASSERT_EQ(0, mapping_get(&self->genl, ids[i], &got));
		EXPECT_EQ(ids[i], got.mapping.id);
		ASSERT_EQ(0, mapping_del(&self->genl, ids[i]));
	}
}

TEST_F(mapping, chosen_id_is_none_that_is_taken)
{
	struct object first, made;
	__u32 next;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), &first));
	next = first.mapping.id + 1;
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = next), NULL));

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), &made));
	EXPECT_NE(0, made.mapping.id);
	EXPECT_NE(first.mapping.id, made.mapping.id);
	EXPECT_NE(next, made.mapping.id);
}

/* An id that somebody still has in mind must not mean another mapping. */
TEST_F(mapping, id_of_a_deleted_one_does_not_come_back_at_once)
{
	struct object deleted, flushed, made;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), &deleted));
	ASSERT_EQ(0, mapping_del(&self->genl, deleted.mapping.id));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), &flushed));
	EXPECT_NE(deleted.mapping.id, flushed.mapping.id);

	ASSERT_EQ(0, mapping_flush(&self->genl));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), &made));
	EXPECT_NE(deleted.mapping.id, made.mapping.id);
	EXPECT_NE(flushed.mapping.id, made.mapping.id);
}

TEST_F(mapping, new_takes_the_extremes)
{
	static const struct ownroute_mapping extremes[] = {
		MAPPING_INIT(.id = 1, .priority = 0),
		MAPPING_INIT(.id = 2, .priority = 0xffffffff),
		MAPPING_INIT(.id = 3, .uid_min = 0, .uid_max = 0),
		MAPPING_INIT(.id = 4, .uid_min = 0, .uid_max = 4294967294),
		MAPPING_INIT(.id = 5, .uid_min = 4294967294,
			     .uid_max = 4294967294),
		MAPPING_INIT(.id = 6, .mark = 0, .mask = 1),
		MAPPING_INIT(.id = 7, .mark = 0x80000000, .mask = 0x80000000),
		MAPPING_INIT(.id = 8, .mark = 0xffffffff),
	};
	struct object got;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(extremes); i++) {
		ASSERT_EQ(0, mapping_new(&self->genl, &extremes[i], NULL));
	}
	for (i = 0; i < ARRAY_SIZE(extremes); i++) {
		ASSERT_EQ(0, mapping_get(&self->genl, extremes[i].id, &got));
		EXPECT_TRUE(same_mapping(&extremes[i], &got.mapping));
	}
}

TEST_F(mapping, new_may_overlap_what_is_there)
{
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
	EXPECT_EQ(0, mapping_new(&self->genl, &MAPPING(), NULL));
	EXPECT_EQ(0, mapping_new(&self->genl, &MAPPING(.uid_min = 0), NULL));
}

TEST_F(mapping, get_shows_all_that_new_was_given)
{
	struct object wanted = {
		.attrs = 1U << OWNROUTE_A_COMMENT | 1U << OWNROUTE_A_USERDATA,
		.mapping = MAPPING(.id = 42, .uid_max = 1010),
		.userdata_len = OWNROUTE_USERDATA_MAX,
	};
	struct object made, got;
	unsigned int i;

	for (i = 0; i < OWNROUTE_USERDATA_MAX; i++)
		wanted.userdata[i] = i;
	memset(wanted.comment, 0xfe, OWNROUTE_COMMENT_MAX);

	ASSERT_EQ(0, mapping_new_with(&self->genl, &wanted, &made));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(1U << OWNROUTE_A_MAPPING | 1U << OWNROUTE_A_STATS |
		  1U << OWNROUTE_A_COMMENT | 1U << OWNROUTE_A_USERDATA,
		  got.attrs);
	EXPECT_TRUE(same_mapping(&wanted.mapping, &got.mapping));
	EXPECT_STREQ(wanted.comment, got.comment);
	EXPECT_EQ(wanted.userdata_len, got.userdata_len);
	EXPECT_EQ(0, memcmp(wanted.userdata, got.userdata,
			    sizeof(got.userdata)));
	EXPECT_EQ(0, got.stats.reserved);
	EXPECT_EQ(0, got.stats.packets);
	EXPECT_EQ(0, got.stats.bytes);
}

TEST_F(mapping, get_shows_only_what_new_was_given)
{
	struct object got;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(1U << OWNROUTE_A_MAPPING | 1U << OWNROUTE_A_STATS, got.attrs);
}

TEST_F(mapping, userdata_may_be_a_single_byte)
{
	const struct object wanted = {
		.attrs = 1U << OWNROUTE_A_USERDATA,
		.mapping = MAPPING(.id = 42),
		.userdata_len = 1,
	};
	struct object made, got;

	ASSERT_EQ(0, mapping_new_with(&self->genl, &wanted, &made));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(1, got.userdata_len);
	EXPECT_EQ(0, got.userdata[0]);
}

TEST_F(mapping, set_replaces_it_as_a_whole)
{
	const struct object wanted = {
		.attrs = 1U << OWNROUTE_A_COMMENT | 1U << OWNROUTE_A_USERDATA,
		.mapping = MAPPING(.id = 42),
		.comment = "old",
		.userdata = "old",
		.userdata_len = 3,
	};
	const struct ownroute_mapping replacement =
		MAPPING(.id = 42, .priority = 7, .uid_min = 5, .uid_max = 6,
			.mark = 0x2200, .mask = 0xff00);
	struct object made, got;

	ASSERT_EQ(0, mapping_new_with(&self->genl, &wanted, &made));
	ASSERT_EQ(0, mapping_set(&self->genl, &replacement));

	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_TRUE(same_mapping(&replacement, &got.mapping));
	EXPECT_EQ(1U << OWNROUTE_A_MAPPING | 1U << OWNROUTE_A_STATS, got.attrs);
}

TEST_F(mapping, set_gives_it_a_comment_and_userdata)
{
	const struct object wanted = {
		.attrs = 1U << OWNROUTE_A_COMMENT | 1U << OWNROUTE_A_USERDATA,
		.mapping = MAPPING(.id = 42),
		.comment = "new",
		.userdata = "new",
		.userdata_len = 3,
	};
	struct object got;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));
	ASSERT_EQ(0, mapping_set_with(&self->genl, &wanted));

	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_STREQ("new", got.comment);
	EXPECT_EQ(3, got.userdata_len);
	EXPECT_EQ(0, memcmp("new", got.userdata, 3));
}

TEST_F(mapping, counters_count_and_go_on_through_a_set)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));
	ASSERT_EQ(0, traffic_send(1001, 3));
	ASSERT_EQ(0, traffic_send(1002, 1));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(3, got.stats.packets);
	EXPECT_EQ(3 * TRAFFIC_PACKET_LEN, got.stats.bytes);

	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 42,
						       .uid_min = 1002,
						       .uid_max = 1002)));
	ASSERT_EQ(0, traffic_send(1001, 1));
	ASSERT_EQ(0, traffic_send(1002, 2));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(5, got.stats.packets);
	EXPECT_EQ(5 * TRAFFIC_PACKET_LEN, got.stats.bytes);
}

TEST_F(mapping, counters_begin_anew_with_a_new_mapping_of_the_same_id)
{
	struct object got;

	ASSERT_EQ(0, traffic_device());
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));
	ASSERT_EQ(0, traffic_send(1001, 1));
	ASSERT_EQ(0, mapping_del(&self->genl, 42));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 42), NULL));

	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_EQ(0, got.stats.packets);
	EXPECT_EQ(0, got.stats.bytes);
}

TEST_F(mapping, del_deletes_that_one)
{
	struct object left[2];

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 3), NULL));
	ASSERT_EQ(0, mapping_del(&self->genl, 2));

	EXPECT_EQ(-ENOENT, mapping_get(&self->genl, 2, &left[0]));
	EXPECT_EQ(-ENOENT, mapping_del(&self->genl, 2));
	ASSERT_EQ(2, mapping_dump(&self->genl, left, 2));
	EXPECT_EQ(1, left[0].mapping.id);
	EXPECT_EQ(3, left[1].mapping.id);
}

/* As in all families: netlink parses into one slot for each type. */
TEST_F(mapping, del_takes_the_last_of_two_ids)
{
	const __u32 ids[] = { 1, 2 };
	struct genl_msg msg;
	struct object left;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	genl_msg_init(&msg, &self->genl, OWNROUTE_CMD_MAPPING_DEL, 0);
	genl_msg_put(&msg, OWNROUTE_A_ID, &ids[0], sizeof(ids[0]));
	genl_msg_put(&msg, OWNROUTE_A_ID, &ids[1], sizeof(ids[1]));
	ASSERT_EQ(0, genl_talk(&self->genl, &msg, NULL, NULL));
	ASSERT_EQ(1, mapping_dump(&self->genl, &left, 1));
	EXPECT_EQ(1, left.mapping.id);
}

TEST_F(mapping, flush_deletes_all)
{
	struct ownroute_info info;
	struct object none;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	ASSERT_EQ(0, mapping_flush(&self->genl));

	EXPECT_EQ(0, mapping_dump(&self->genl, &none, 1));
	EXPECT_EQ(-ENOENT, mapping_get(&self->genl, 1, &none));
	ASSERT_EQ(0, info_get(&self->genl, &info));
	EXPECT_EQ(0, info.mappings);
	EXPECT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
}

TEST_F(mapping, dump_is_in_the_order_of_ids)
{
	static const struct ownroute_mapping made[] = {
		MAPPING_INIT(.id = 5, .priority = 1000),
		MAPPING_INIT(.id = 9, .priority = 0),
		MAPPING_INIT(.id = 1, .priority = 0xffffffff),
		MAPPING_INIT(.id = 4, .priority = 1000),
		MAPPING_INIT(.id = 6, .priority = 1000),
		MAPPING_INIT(.id = 0x80000000, .priority = 0),
		MAPPING_INIT(.id = 0xffffffff, .priority = 0x80000000),
	};
	static const __u32 order[] = { 1, 4, 5, 6, 9, 0x80000000, 0xffffffff };
	struct object got[ARRAY_SIZE(order)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(made); i++) {
		ASSERT_EQ(0, mapping_new(&self->genl, &made[i], NULL));
	}

	ASSERT_EQ(ARRAY_SIZE(order),
		  mapping_dump(&self->genl, got, ARRAY_SIZE(order)));
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		EXPECT_EQ(order[i], got[i].mapping.id);
	}
}

TEST_F(mapping, new_priority_leaves_it_at_its_place_in_a_dump)
{
	static const __u32 order[] = { 1, 2, 3 };
	struct object got[ARRAY_SIZE(order)];
	unsigned int i;

	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 1), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	ASSERT_EQ(0, mapping_new(&self->genl, &MAPPING(.id = 3), NULL));
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 3,
						       .priority = 999)));

	ASSERT_EQ(ARRAY_SIZE(order),
		  mapping_dump(&self->genl, got, ARRAY_SIZE(order)));
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		EXPECT_EQ(order[i], got[i].mapping.id);
	}
}

TEST_F(mapping, dump_shows_what_get_shows)
{
	const struct object wanted = {
		.attrs = 1U << OWNROUTE_A_COMMENT | 1U << OWNROUTE_A_USERDATA,
		.mapping = MAPPING(.id = 42),
		.comment = "for people",
		.userdata = "for programs",
		.userdata_len = 12,
	};
	struct object got, dumped;

	ASSERT_EQ(0, mapping_new_with(&self->genl, &wanted, &got));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	ASSERT_EQ(1, mapping_dump(&self->genl, &dumped, 1));
	EXPECT_EQ(0, memcmp(&got, &dumped, sizeof(got)));
}

TEST_F(mapping, info_follows_every_change_and_nothing_else)
{
	struct ownroute_info last, info;
	struct object got[2];

#define EXPECT_CHANGE(_change, _mappings)				      \
	do {								      \
		ASSERT_EQ(0, _change);					      \
		last = info;						      \
		ASSERT_EQ(0, info_get(&self->genl, &info));		      \
		EXPECT_LT(last.generation, info.generation);		      \
		EXPECT_EQ(_mappings, info.mappings);			      \
	} while (0)
#define EXPECT_NO_CHANGE(_result, _request)				      \
	do {								      \
		EXPECT_EQ(_result, _request);				      \
		last = info;						      \
		ASSERT_EQ(0, info_get(&self->genl, &info));		      \
		EXPECT_EQ(last.generation, info.generation);		      \
		EXPECT_EQ(last.mappings, info.mappings);		      \
	} while (0)

	ASSERT_EQ(0, info_get(&self->genl, &info));
	EXPECT_NO_CHANGE(0, mapping_flush(&self->genl));
	EXPECT_CHANGE(mapping_new(&self->genl, &MAPPING(.id = 1), NULL), 1);
	EXPECT_CHANGE(mapping_new(&self->genl, &MAPPING(.id = 2), NULL), 2);
	EXPECT_NO_CHANGE(-EEXIST,
			 mapping_new(&self->genl, &MAPPING(.id = 2), NULL));
	EXPECT_NO_CHANGE(0, mapping_get(&self->genl, 1, got));
	EXPECT_NO_CHANGE(2, mapping_dump(&self->genl, got, 2));
	EXPECT_CHANGE(mapping_set(&self->genl, &MAPPING(.id = 1, .mark = 2)),
		      2);
	EXPECT_NO_CHANGE(-ENOENT,
			 mapping_set(&self->genl, &MAPPING(.id = 3)));
	EXPECT_CHANGE(mapping_del(&self->genl, 1), 1);
	EXPECT_NO_CHANGE(-ENOENT, mapping_del(&self->genl, 1));
	EXPECT_CHANGE(mapping_new(&self->genl, &MAPPING(), NULL), 2);
	EXPECT_CHANGE(mapping_flush(&self->genl), 0);
	EXPECT_NO_CHANGE(0, mapping_flush(&self->genl));
}

static const struct object with_device = {
	.attrs = 1U << OWNROUTE_A_DEVICE,
	.mapping = MAPPING_INIT(.id = 42),
	.device = "123456789abcdef",
};

/* Whether there is such a device or not. */
TEST_F(mapping, device_is_shown)
{
	struct object made, got;

	ASSERT_EQ(0, mapping_new_with(&self->genl, &with_device, &made));
	EXPECT_STREQ(with_device.device, made.device);
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_STREQ(with_device.device, got.device);
	ASSERT_EQ(1, mapping_dump(&self->genl, &got, 1));
	EXPECT_STREQ(with_device.device, got.device);
}

TEST_F(mapping, set_replaces_the_device)
{
	struct object wanted = with_device, got;

	ASSERT_EQ(0, mapping_new_with(&self->genl, &wanted, &got));
	strcpy(wanted.device, "lo");
	ASSERT_EQ(0, mapping_set_with(&self->genl, &wanted));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_STREQ("lo", got.device);
	ASSERT_EQ(0, mapping_set(&self->genl, &MAPPING(.id = 42)));
	ASSERT_EQ(0, mapping_get(&self->genl, 42, &got));
	EXPECT_FALSE(HAS(&got, OWNROUTE_A_DEVICE));
}

/* One name, many mappings: the last takes it along. */
TEST_F(mapping, many_have_one_device)
{
	struct object wanted = with_device, got;
	int round, i;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 100; i++) {
			wanted.mapping.id = 0;
			ASSERT_EQ(0, mapping_new_with(&self->genl, &wanted,
						      &got));
			EXPECT_STREQ(wanted.device, got.device);
		}
		ASSERT_EQ(0, mapping_flush(&self->genl));
	}
}

MODULE_HARNESS_MAIN
