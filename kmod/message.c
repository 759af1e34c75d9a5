// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ownroute.h>
#include <linux/string.h>
#include <net/netlink.h>

#include "device.h"
#include "index.h"
#include "message.h"
#include "net.h"

static_assert(sizeof(struct ownroute_mapping) == OWNROUTE_MAPPING_SIZE_VER2);
static_assert(sizeof(struct ownroute_nat) == OWNROUTE_NAT_SIZE_VER0);
static_assert(sizeof(struct ownroute_stats) == OWNROUTE_STATS_SIZE_VER2);
static_assert(sizeof(struct ownroute_info) == OWNROUTE_INFO_SIZE_VER1);
static_assert(sizeof(struct ownroute_net_stats) ==
	      OWNROUTE_NET_STATS_SIZE_VER0);
static_assert(sizeof(struct ownroute_owner) == OWNROUTE_OWNER_SIZE_VER0);

#define OWN_FEATURES							\
	(IS_ENABLED(CONFIG_SOCK_CGROUP_DATA) ? OWNROUTE_FEATURE_CGROUP : 0)

/**
 * own_mapping_msg_size() - room that a mapping takes in a message
 * @mapping: the mapping
 *
 * Return: bytes behind the generic netlink header.
 */
size_t own_mapping_msg_size(const struct own_mapping *mapping)
{
	size_t size = nla_total_size(sizeof(struct ownroute_mapping)) +
		      nla_total_size(sizeof(struct ownroute_stats));

	if (mapping->comment)
		size += nla_total_size(strlen(mapping->comment) + 1);
	if (mapping->userdata)
		size += nla_total_size(mapping->userdata_len);
	if (mapping->device)
		size += nla_total_size(strlen(mapping->device->name) + 1);
	if (mapping->nat)
		size += nla_total_size(sizeof(*mapping->nat));
	return size;
}

/**
 * own_put_mapping() - put a mapping into a message
 * @skb: the message
 * @mapping: the mapping
 *
 * Return: 0 or -EMSGSIZE.
 */
int own_put_mapping(struct sk_buff *skb, const struct own_mapping *mapping)
{
	struct ownroute_stats stats;

	own_mapping_stats(mapping, &stats);
	if (nla_put(skb, OWNROUTE_A_MAPPING, sizeof(mapping->desc),
		    &mapping->desc) ||
	    nla_put(skb, OWNROUTE_A_STATS, sizeof(stats), &stats))
		return -EMSGSIZE;
	if (mapping->comment &&
	    nla_put_string(skb, OWNROUTE_A_COMMENT, mapping->comment))
		return -EMSGSIZE;
	if (mapping->userdata &&
	    nla_put(skb, OWNROUTE_A_USERDATA, mapping->userdata_len,
		    mapping->userdata))
		return -EMSGSIZE;
	if (mapping->device &&
	    nla_put_string(skb, OWNROUTE_A_DEVICE, mapping->device->name))
		return -EMSGSIZE;
	if (mapping->nat &&
	    nla_put(skb, OWNROUTE_A_NAT, sizeof(*mapping->nat), mapping->nat))
		return -EMSGSIZE;
	return 0;
}

/**
 * own_put_info() - put what a namespace has into a message
 * @skb: the message
 * @on: the namespace's mappings, locked
 *
 * Return: 0 or -EMSGSIZE.
 */
int own_put_info(struct sk_buff *skb, const struct own_net *on)
{
	const struct own_set *set = own_set_of(on);
	struct ownroute_info info = {
		.size		= sizeof(info),
		.mappings	= set ? set->count : 0,
		.features	= OWN_FEATURES,
		.generation	= on->generation,
		.limit		= on->limit,
	};

	return nla_put(skb, OWNROUTE_A_INFO, sizeof(info), &info);
}

/**
 * own_put_net_stats() - put a namespace's counters into a message
 * @skb: the message
 * @on: the namespace's mappings
 *
 * Return: 0 or -EMSGSIZE.
 */
int own_put_net_stats(struct sk_buff *skb, const struct own_net *on)
{
	struct ownroute_net_stats stats = { .size = sizeof(stats) };
	u64 matches, misses, ownerless;
	unsigned int start;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct own_net_counters *counters;

		counters = per_cpu_ptr(on->counters, cpu);
		do {
			start = u64_stats_fetch_begin(&counters->syncp);
			matches = u64_stats_read(&counters->matches);
			misses = u64_stats_read(&counters->misses);
			ownerless = u64_stats_read(&counters->ownerless);
		} while (u64_stats_fetch_retry(&counters->syncp, start));

		stats.lookups += matches + misses;
		stats.misses += misses;
		stats.ownerless += ownerless;
	}

	stats.nomem = atomic64_read(&on->nomem);
	stats.refused_invalid = atomic64_read(&on->refused[OWN_REFUSED_INVALID]);
	stats.refused_exists = atomic64_read(&on->refused[OWN_REFUSED_EXISTS]);
	stats.refused_missing = atomic64_read(&on->refused[OWN_REFUSED_MISSING]);
	stats.refused_limit = atomic64_read(&on->refused[OWN_REFUSED_LIMIT]);
	stats.refused_busy = atomic64_read(&on->refused[OWN_REFUSED_BUSY]);
	stats.refused_other = atomic64_read(&on->refused[OWN_REFUSED_OTHER]);
	return nla_put(skb, OWNROUTE_A_NET_STATS, sizeof(stats), &stats);
}
