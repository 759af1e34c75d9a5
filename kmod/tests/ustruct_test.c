// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/string.h>
#include <net/netlink.h>

#include "../ustruct.h"

/* A struct in its second version, of three */
struct thing {
	u32	size;
	u32	old;
	u32	new;
};

#define THING_SIZE_VER0	(2 * sizeof(u32))
#define THING_POISON	0x5a5a5a5a

/*
 * @sent: what is sent, first the size that it says it has
 * @len: bytes that are sent
 * @err: what comes back
 * @got: what is read, if that is 0
 */
struct thing_case {
	const char	*name;
	u32		sent[5];
	size_t		len;
	int		err;
	struct thing	got;
};

static const struct thing_case thing_cases[] = {
	{
		.name	= "nothing",
		.len	= 0,
		.err	= -EINVAL,
	},
	{
		.name	= "half a size",
		.sent	= { 2 },
		.len	= 2,
		.err	= -EINVAL,
	},
	{
		.name	= "size and nothing else",
		.sent	= { 4 },
		.len	= 4,
		.err	= -EINVAL,
	},
	{
		.name	= "a byte less than version 0",
		.sent	= { 7, 1 },
		.len	= 7,
		.err	= -EINVAL,
	},
	{
		.name	= "version 0",
		.sent	= { 8, 1 },
		.len	= 8,
		.got	= { .old = 1 },
	},
	{
		.name	= "in the middle of a member",
		.sent	= { 10, 1, (__force u32)cpu_to_le32(0xffff0002) },
		.len	= 10,
		.got	= { .old = 1, .new = 2 },
	},
	{
		.name	= "the same version",
		.sent	= { 12, 1, 2 },
		.len	= 12,
		.got	= { .old = 1, .new = 2 },
	},
	{
		.name	= "longer with a zero byte",
		.sent	= { 13, 1, 2, 0 },
		.len	= 13,
		.got	= { .old = 1, .new = 2 },
	},
	{
		.name	= "longer with zeros",
		.sent	= { 20, 1, 2, 0, 0 },
		.len	= 20,
		.got	= { .old = 1, .new = 2 },
	},
	{
		.name	= "longer, and it matters",
		.sent	= { 20, 1, 2, 3, 0 },
		.len	= 20,
		.err	= -E2BIG,
	},
	{
		.name	= "longer, and its last byte matters",
		.sent	= { 20, 1, 2, 0, (__force u32)cpu_to_le32(0x01000000) },
		.len	= 20,
		.err	= -E2BIG,
	},
	{
		.name	= "says less than it has",
		.sent	= { 8, 1, 2 },
		.len	= 12,
		.err	= -EINVAL,
	},
	{
		.name	= "says more than it has",
		.sent	= { 12, 1 },
		.len	= 8,
		.err	= -EINVAL,
	},
	{
		.name	= "says nothing",
		.sent	= { 0, 1, 2 },
		.len	= 12,
		.err	= -EINVAL,
	},
};

KUNIT_ARRAY_PARAM_DESC(thing, thing_cases, name);

static void own_ustruct_test_get(struct kunit *test)
{
	const struct thing_case *param = test->param_value;
	struct thing got = { THING_POISON, THING_POISON, THING_POISON };
	struct netlink_ext_ack extack = {};
	struct nlattr *attr;
	int err;

	/* No longer than it must be, so that KASAN sees a look beyond. */
	attr = kunit_kzalloc(test, NLA_HDRLEN + param->len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, attr);
	attr->nla_len = nla_attr_size(param->len);
	memcpy(nla_data(attr), param->sent, param->len);

	err = own_ustruct_get(attr, &got, sizeof(got), THING_SIZE_VER0, &extack);
	KUNIT_ASSERT_EQ(test, param->err, err);
	if (err) {
		KUNIT_EXPECT_NOT_NULL(test, extack._msg);
		KUNIT_EXPECT_PTR_EQ(test, attr, extack.bad_attr);
		return;
	}
	KUNIT_EXPECT_NULL(test, extack._msg);
	KUNIT_EXPECT_EQ(test, param->got.old, got.old);
	KUNIT_EXPECT_EQ(test, param->got.new, got.new);
}

static struct kunit_case own_ustruct_test_cases[] = {
	KUNIT_CASE_PARAM(own_ustruct_test_get, thing_gen_params),
	{}
};

static struct kunit_suite own_ustruct_test_suite = {
	.name		= "ownroute_ustruct",
	.test_cases	= own_ustruct_test_cases,
};

kunit_test_suite(own_ustruct_test_suite);
