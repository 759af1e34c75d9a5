// SPDX-License-Identifier: LGPL-2.1-or-later
/* Requests that are refused for what stands in struct ownroute_nat, or beside it. */
#include "refused.h"

/* Changes nothing, unless members are named. */
#define NAT(...)							      \
	((const struct ownroute_nat){ .size = sizeof(struct ownroute_nat),    \
				      __VA_ARGS__ })
#define ATTR_NAT(...)							      \
	ATTR(OWNROUTE_A_NAT, &NAT(__VA_ARGS__), sizeof(struct ownroute_nat))
#define ATTR_DEVICE	ATTR_TEXT(OWNROUTE_A_DEVICE, "tun0")

#define IPV4(a, b, c, d)						      \
	__builtin_bswap32((a) << 24 | (b) << 16 | (c) << 8 | (d))

#define REFUSED(...)							      \
	{								      \
		.cmd = OWNROUTE_CMD_MAPPING_NEW,			      \
		.error = EINVAL,					      \
		.fault = 3,						      \
		__VA_ARGS__						      \
	}

/* A sound mapping, and this; what the kernel must say comes first. */
#define NAT_REFUSED(_says, ...)						      \
	REFUSED(.says = (_says),					      \
		.attrs = { ATTR_MAPPING(), ATTR_DEVICE,			      \
			   ATTR_NAT(__VA_ARGS__) })

FIXTURE_VARIANT_ADD(refused, that_changes_nothing)
	NAT_REFUSED("nothing");
FIXTURE_VARIANT_ADD(refused, unknown_flag)
	NAT_REFUSED("0x2", .flags = OWNROUTE_NAT_MASQUERADE | 1 << 1);
FIXTURE_VARIANT_ADD(refused, highest_flag)
	NAT_REFUSED("0x80000000", .flags = 1u << 31);
FIXTURE_VARIANT_ADD(refused, masquerade_with_ipv4_source)
	NAT_REFUSED("MASQUERADE",
		    .flags = OWNROUTE_NAT_MASQUERADE,
		    .source_ipv4 = IPV4(10, 0, 0, 1));
FIXTURE_VARIANT_ADD(refused, masquerade_with_ipv6_source)
	NAT_REFUSED("MASQUERADE",
		    .flags = OWNROUTE_NAT_MASQUERADE,
		    .source_ipv6 = { 0xfd, [15] = 1 });

/* Addresses */

FIXTURE_VARIANT_ADD(refused, source_of_loopback)
	NAT_REFUSED("127.0.0.1", .source_ipv4 = IPV4(127, 0, 0, 1));
FIXTURE_VARIANT_ADD(refused, source_of_ipv6_loopback)
	NAT_REFUSED("::1", .source_ipv6 = { [15] = 1 });
FIXTURE_VARIANT_ADD(refused, multicast_source)
	NAT_REFUSED("224.0.0.1", .source_ipv4 = IPV4(224, 0, 0, 1));
FIXTURE_VARIANT_ADD(refused, ipv6_multicast_source)
	NAT_REFUSED("ff02::1", .source_ipv6 = { 0xff, 2, [15] = 1 });
FIXTURE_VARIANT_ADD(refused, broadcast_source)
	NAT_REFUSED("255.255.255.255",
		    .source_ipv4 = IPV4(255u, 255, 255, 255));
FIXTURE_VARIANT_ADD(refused, dns_of_loopback)
	NAT_REFUSED("127.0.0.53", .dns_ipv4 = IPV4(127, 0, 0, 53));
FIXTURE_VARIANT_ADD(refused, dns_of_ipv6_loopback)
	NAT_REFUSED("::1", .dns_ipv6 = { [15] = 1 });
FIXTURE_VARIANT_ADD(refused, multicast_dns)
	NAT_REFUSED("224.0.0.251", .dns_ipv4 = IPV4(224, 0, 0, 251));
FIXTURE_VARIANT_ADD(refused, ipv6_multicast_dns)
	NAT_REFUSED("ff02::fb", .dns_ipv6 = { 0xff, 2, [15] = 0xfb });
FIXTURE_VARIANT_ADD(refused, broadcast_dns)
	NAT_REFUSED("255.255.255.255", .dns_ipv4 = IPV4(255u, 255, 255, 255));
FIXTURE_VARIANT_ADD(refused, link_local_dns)
	NAT_REFUSED("fe80::1", .dns_ipv6 = { 0xfe, 0x80, [15] = 1 });
FIXTURE_VARIANT_ADD(refused, ipv4_dns_as_ipv6)
	NAT_REFUSED("::ffff:10.0.0.1",
		    .dns_ipv6 = { [10] = 0xff, 0xff, 10, 0, 0, 1 });
FIXTURE_VARIANT_ADD(refused, one_of_two_is_wrong)
	NAT_REFUSED("127.0.0.1",
		    .dns_ipv4 = IPV4(127, 0, 0, 1),
		    .dns_ipv6 = { 0xfd, [15] = 1 });

/* The struct's size */

FIXTURE_VARIANT_ADD(refused, struct_says_it_is_longer)
	NAT_REFUSED("bytes", .size = OWNROUTE_NAT_SIZE_VER0 + 4);

FIXTURE_VARIANT_ADD(refused, half_a_struct)
	REFUSED(.says = "version 0",
		.attrs = { ATTR_MAPPING(), ATTR_DEVICE,
			   ATTR(OWNROUTE_A_NAT, &NAT(.size = 24), 24) });

static const struct {
	struct ownroute_nat	nat;
	__u32			unknown;
} longer = {
	.nat = { .size = sizeof(longer), .flags = OWNROUTE_NAT_MASQUERADE },
	.unknown = 1,
};

FIXTURE_VARIANT_ADD(refused, unknown_member)
	REFUSED(.error = E2BIG,
		.attrs = { ATTR_MAPPING(), ATTR_DEVICE,
			   ATTR(OWNROUTE_A_NAT, &longer, sizeof(longer)) });

/* What it stands beside */

FIXTURE_VARIANT_ADD(refused, without_device)
	REFUSED(.fault = 2, .says = "DEVICE",
		.attrs = { ATTR_MAPPING(),
			   ATTR_NAT(.flags = OWNROUTE_NAT_MASQUERADE) });

FIXTURE_VARIANT_ADD(refused, mark_0)
	REFUSED(.says = "mark 0",
		.attrs = { ATTR_MAPPING(.mark = 0), ATTR_DEVICE,
			   ATTR_NAT(.flags = OWNROUTE_NAT_MASQUERADE) });

FIXTURE_VARIANT_ADD(refused, bypass)
	REFUSED(.fault = 2,
		.attrs = { ATTR_MAPPING(.action = OWNROUTE_ACTION_BYPASS,
					.mark = 0, .mask = 0),
			   ATTR_NAT(.flags = OWNROUTE_NAT_MASQUERADE) });

FIXTURE_VARIANT_ADD(refused, block)
	REFUSED(.fault = 2,
		.attrs = { ATTR_MAPPING(.action = OWNROUTE_ACTION_BLOCK,
					.mark = 0, .mask = 0),
			   ATTR_NAT(.flags = OWNROUTE_NAT_MASQUERADE) });

FIXTURE_VARIANT_ADD(refused, in_a_replacement)
	REFUSED(.cmd = OWNROUTE_CMD_MAPPING_SET, .says = "nothing",
		.attrs = { ATTR_MAPPING(.id = TAKEN_ID), ATTR_DEVICE, ATTR_NAT() });

MODULE_HARNESS_MAIN
