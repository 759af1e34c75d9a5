/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: why did this packet go there? */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ownroute

#if !defined(_OWN_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _OWN_TRACE_H

#include <linux/tracepoint.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>

DECLARE_EVENT_CLASS(ownroute_packet,
	TP_PROTO(const struct net *net, const struct sk_buff *skb,
		 u32 id, int value),
	TP_ARGS(net, skb, id, value),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(const void *, skbaddr)
		__field(u32, len)
		__field(u32, mark)
		__field(u32, id)
		__field(int, value)
	),
	TP_fast_assign(
		__entry->netns = net->ns.inum;
		__entry->skbaddr = skb;
		__entry->len = skb->len;
		__entry->mark = skb->mark;
		__entry->id = id;
		__entry->value = value;
	),
	TP_printk("netns=%u skbaddr=%p len=%u mark=0x%x id=%u value=%d",
		  __entry->netns, __entry->skbaddr, __entry->len, __entry->mark,
		  __entry->id, __entry->value)
);

/* A packet met a mapping; its mark is that from before.  value: the action. */
DEFINE_EVENT(ownroute_packet, ownroute_match,
	TP_PROTO(const struct net *net, const struct sk_buff *skb,
		 u32 id, int value),
	TP_ARGS(net, skb, id, value)
);

/*
 * A packet with a new mark was routed again.  id: 0 if the mark is that from before a
 * mapping that was deleted.  value: 0 or the error.
 */
DEFINE_EVENT(ownroute_packet, ownroute_reroute,
	TP_PROTO(const struct net *net, const struct sk_buff *skb,
		 u32 id, int value),
	TP_ARGS(net, skb, id, value)
);

/* A packet was dropped.  value: the error that its sender sees. */
DEFINE_EVENT(ownroute_packet, ownroute_drop,
	TP_PROTO(const struct net *net, const struct sk_buff *skb,
		 u32 id, int value),
	TP_ARGS(net, skb, id, value)
);

/* A guard has dropped a packet.  value: index of the device that it was leaving by. */
DEFINE_EVENT(ownroute_packet, ownroute_guard,
	TP_PROTO(const struct net *net, const struct sk_buff *skb,
		 u32 id, int value),
	TP_ARGS(net, skb, id, value)
);

/* A packet met no mapping.  uid: its owner's, 4294967295 if it has none. */
TRACE_EVENT(ownroute_miss,
	TP_PROTO(const struct net *net, const struct sk_buff *skb,
		 u32 uid),
	TP_ARGS(net, skb, uid),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(const void *, skbaddr)
		__field(u32, len)
		__field(u32, mark)
		__field(u32, uid)
	),
	TP_fast_assign(
		__entry->netns = net->ns.inum;
		__entry->skbaddr = skb;
		__entry->len = skb->len;
		__entry->mark = skb->mark;
		__entry->uid = uid;
	),
	TP_printk("netns=%u skbaddr=%p len=%u mark=0x%x uid=%u",
		  __entry->netns, __entry->skbaddr, __entry->len, __entry->mark,
		  __entry->uid)
);

/* The mappings changed. */
TRACE_EVENT(ownroute_change,
	TP_PROTO(const struct net *net, u64 generation, u32 mappings),
	TP_ARGS(net, generation, mappings),
	TP_STRUCT__entry(
		__field(u32, netns)
		__field(u64, generation)
		__field(u32, mappings)
	),
	TP_fast_assign(
		__entry->netns = net->ns.inum;
		__entry->generation = generation;
		__entry->mappings = mappings;
	),
	TP_printk("netns=%u generation=%llu mappings=%u", __entry->netns,
		  __entry->generation, __entry->mappings)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
