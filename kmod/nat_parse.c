// SPDX-License-Identifier: GPL-2.0-only
/* What a request says of addresses that are changed: read, and checked. */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/ownroute.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "nat.h"
#include "ustruct.h"

/* What this kernel knows; an older program's header may know less. */
#define OWN_NAT_FLAGS_KNOWN	OWNROUTE_NAT_MASQUERADE

/* Is this an address of one host?  In IPv4 a name server of the link is common in clouds. */
static bool own_ipv4_is_of_one(__be32 addr)
{
	return !ipv4_is_loopback(addr) && !ipv4_is_multicast(addr) &&
	       !ipv4_is_lbcast(addr);
}

static bool own_ipv6_is_of_one(const struct in6_addr *addr)
{
	int type = ipv6_addr_type(addr);

	return type & IPV6_ADDR_UNICAST &&
	       !(type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL |
			 IPV6_ADDR_MAPPED));
}

static int own_check_addresses(const struct ownroute_nat *nat,
			       const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	const __be32 ipv4[] = { nat->source_ipv4, nat->dns_ipv4 };
	const u8 *ipv6[] = { nat->source_ipv6, nat->dns_ipv6 };
	struct in6_addr addr;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ipv4); i++) {
		if (ipv4[i] && !own_ipv4_is_of_one(ipv4[i])) {
			NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
						"nat: %pI4 is no host's address",
						&ipv4[i]);
			return -EINVAL;
		}
	}
	for (i = 0; i < ARRAY_SIZE(ipv6); i++) {
		memcpy(&addr, ipv6[i], sizeof(addr));
		if (!ipv6_addr_any(&addr) && !own_ipv6_is_of_one(&addr)) {
			NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
						"nat: %pI6c is no host's address",
						&addr);
			return -EINVAL;
		}
	}
	return 0;
}

static int own_check_nat(const struct ownroute_nat *nat,
			 const struct ownroute_mapping *desc,
			 const struct nlattr *attr, const struct nlattr *device,
			 struct netlink_ext_ack *extack)
{
	if (desc->action != OWNROUTE_ACTION_MARK || !desc->mark) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "nat with an action that doesn't mark, or with mark 0, which can't be told from none");
		return -EINVAL;
	}
	if (!device) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "OWNROUTE_A_NAT without OWNROUTE_A_DEVICE: say which device");
		return -EINVAL;
	}
	if (nat->flags & ~OWN_NAT_FLAGS_KNOWN) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "nat: unknown flags 0x%x",
					nat->flags & ~OWN_NAT_FLAGS_KNOWN);
		return -EINVAL;
	}
	if (nat->flags & OWNROUTE_NAT_MASQUERADE && own_nat_has_source(nat)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "OWNROUTE_NAT_MASQUERADE together with a source address: choose one");
		return -EINVAL;
	}
	if (!own_nat_changes_source(nat) && !own_nat_has_dns(nat)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "nat: nothing to change");
		return -EINVAL;
	}
	return own_check_addresses(nat, attr, extack);
}

/**
 * own_nat_parse() - read which addresses of a mapping's connections are changed
 * @nat: gets it, as this kernel knows it
 * @attr: attribute that carries it
 * @desc: the mapping, which was checked
 * @device: its device, NULL without
 * @extack: says why not
 *
 * Return: 0 or a negative error.
 */
int own_nat_parse(struct ownroute_nat *nat, const struct nlattr *attr,
		  const struct ownroute_mapping *desc,
		  const struct nlattr *device, struct netlink_ext_ack *extack)
{
	int err;

	err = own_ustruct_get(attr, nat, sizeof(*nat), OWNROUTE_NAT_SIZE_VER0,
			      extack);
	if (err)
		return err;
	nat->size = sizeof(*nat);
	return own_check_nat(nat, desc, attr, device, extack);
}
