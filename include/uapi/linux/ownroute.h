/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * ownroute - routing by socket owner: the generic netlink family
 *
 * Family "ownroute", multicast group "events".  Every command needs
 * CAP_NET_ADMIN over the user namespace that owns the network namespace of the
 * socket it is sent on; so does joining the group.
 *
 * Fixed fields travel in one struct per object, as one binary attribute.  The
 * first member of each is its own size, equal to the attribute's payload:
 *
 *  - longer than the receiver knows, with only zeros beyond: accepted;
 *  - longer, with anything else there: -E2BIG, because it asks for something
 *    that the receiver doesn't have;
 *  - shorter: the rest counts as zero, and zero always means what was meant
 *    before the field existed;
 *  - shorter than version 0: -EINVAL.
 *
 * The layout is the same for 64-bit, 32-bit and x32 programs.  Numbers are in
 * host byte order.
 */
#ifndef _UAPI_LINUX_OWNROUTE_H
#define _UAPI_LINUX_OWNROUTE_H

#include <linux/types.h>

#define OWNROUTE_GENL_NAME	"ownroute"
#define OWNROUTE_GENL_VERSION	1
#define OWNROUTE_MCGRP_EVENTS	"events"

/* Longest comment, in bytes, without the terminating NUL. */
#define OWNROUTE_COMMENT_MAX	255
/* Longest userdata, in bytes. */
#define OWNROUTE_USERDATA_MAX	1024
/* Most supplementary groups in a question about an owner. */
#define OWNROUTE_GROUPS_MAX	1024
/* How many mappings a namespace may have unless told otherwise, and at most. */
#define OWNROUTE_LIMIT_DEFAULT	131072
#define OWNROUTE_LIMIT_MAX	1048576

/**
 * enum ownroute_cmd - commands and notifications of the family
 *
 * @OWNROUTE_CMD_INFO_GET: ask what the module and the namespace have.  Answer:
 *	%OWNROUTE_A_INFO.
 * @OWNROUTE_CMD_MAPPING_NEW: make a mapping.  Needs %OWNROUTE_A_MAPPING; takes
 *	%OWNROUTE_A_COMMENT, %OWNROUTE_A_USERDATA, %OWNROUTE_A_DEVICE and
 *	%OWNROUTE_A_NAT.  An id of 0 takes the next free one, any other id must be
 *	free (-EEXIST).  Answer: the mapping as made, its id filled in.
 * @OWNROUTE_CMD_MAPPING_SET: replace the mapping that has this id, as a whole:
 *	a packet sees the old or the new one.  Takes what %OWNROUTE_CMD_MAPPING_NEW
 *	takes; what is not given is gone.  The counters go on.
 * @OWNROUTE_CMD_MAPPING_DEL: delete the mapping %OWNROUTE_A_ID.
 * @OWNROUTE_CMD_MAPPING_GET: ask for one mapping (%OWNROUTE_A_ID), or, as a
 *	dump without attributes, for all in the order of their ids.
 *	Answer: %OWNROUTE_A_MAPPING, %OWNROUTE_A_STATS, and what else of the
 *	attributes that %OWNROUTE_CMD_MAPPING_NEW takes the mapping has.  A dump that
 *	was overtaken by a change carries NLM_F_DUMP_INTR.
 * @OWNROUTE_CMD_FLUSH: delete all mappings of the namespace.
 * @OWNROUTE_CMD_MAPPING_NEW_NTF: a mapping was made; carries it.
 * @OWNROUTE_CMD_MAPPING_SET_NTF: a mapping was replaced; carries the new one.
 * @OWNROUTE_CMD_MAPPING_DEL_NTF: a mapping was deleted; carries it with its
 *	counters, short of the packets that were under way.
 * @OWNROUTE_CMD_FLUSH_NTF: all mappings were deleted; carries %OWNROUTE_A_INFO.
 * @OWNROUTE_CMD_BEGIN: begin a transaction.  It belongs to the socket that sends
 *	this: until it commits or aborts, changes sent on that socket are kept
 *	and not made.  When the socket is closed the transaction is aborted.
 *	-EBUSY: this socket has begun one already.
 * @OWNROUTE_CMD_COMMIT: make all changes of the transaction at once, or none: a
 *	packet sees the mappings before all of them or after.  -EAGAIN: they have
 *	changed since the transaction began; begin again.  -ESRCH: this socket
 *	has begun none.  -EINVAL: one of the changes was refused when it came
 *	(but for what generic netlink refuses before it asks the family: look at
 *	all answers).  -EEXIST, -ENOENT, -ENOSPC ...: one of them can't be made.
 *	Whatever the answer, the transaction is over.
 * @OWNROUTE_CMD_ABORT: forget the transaction.  -ESRCH: there is none.
 * @OWNROUTE_CMD_LIMIT_SET: set how many mappings the namespace may have, to
 *	@limit of %OWNROUTE_A_INFO; the rest of that struct must be 0.  At once,
 *	transaction or not; mappings beyond the limit stay.
 * @OWNROUTE_CMD_STATS_GET: ask for the namespace's counters.  Answer:
 *	%OWNROUTE_A_NET_STATS.
 * @OWNROUTE_CMD_LOOKUP: ask which mapping an owner's packets meet.  Needs
 *	%OWNROUTE_A_OWNER, takes %OWNROUTE_A_GROUPS.  Answers as
 *	%OWNROUTE_CMD_MAPPING_GET; -ENOENT: none, or no such cgroup.  It is no
 *	packet: the counters don't change.
 * @OWNROUTE_CMD_REPLACED_NTF: a transaction was committed; carries
 *	%OWNROUTE_A_INFO as it is now.
 * @OWNROUTE_CMD_LIMIT_NTF: a mapping was refused because there are too many;
 *	carries %OWNROUTE_A_INFO.
 * @OWNROUTE_CMD_GUARDED_NTF: a guard has dropped a packet; carries %OWNROUTE_A_ID of
 *	the mapping, %OWNROUTE_A_OWNER (only its uid is known), %OWNROUTE_A_DEVICE that
 *	the packet was leaving by, and %OWNROUTE_A_DESTINATION.  Not every drop is told:
 *	@guarded of struct ownroute_stats has them all.
 */
enum ownroute_cmd {
	OWNROUTE_CMD_INFO_GET = 1,
	OWNROUTE_CMD_MAPPING_NEW,
	OWNROUTE_CMD_MAPPING_SET,
	OWNROUTE_CMD_MAPPING_DEL,
	OWNROUTE_CMD_MAPPING_GET,
	OWNROUTE_CMD_FLUSH,
	OWNROUTE_CMD_MAPPING_NEW_NTF,
	OWNROUTE_CMD_MAPPING_SET_NTF,
	OWNROUTE_CMD_MAPPING_DEL_NTF,
	OWNROUTE_CMD_FLUSH_NTF,
	OWNROUTE_CMD_BEGIN,
	OWNROUTE_CMD_COMMIT,
	OWNROUTE_CMD_ABORT,
	OWNROUTE_CMD_LIMIT_SET,
	OWNROUTE_CMD_STATS_GET,
	OWNROUTE_CMD_LOOKUP,
	OWNROUTE_CMD_REPLACED_NTF,
	OWNROUTE_CMD_LIMIT_NTF,
	OWNROUTE_CMD_GUARDED_NTF,

	/* private: */
	__OWNROUTE_CMD_MAX,
	OWNROUTE_CMD_MAX = __OWNROUTE_CMD_MAX - 1
};

/**
 * enum ownroute_attr - attributes of all commands
 *
 * @OWNROUTE_A_INFO: binary, struct ownroute_info
 * @OWNROUTE_A_ID: u32, id of a mapping, not 0
 * @OWNROUTE_A_MAPPING: binary, struct ownroute_mapping
 * @OWNROUTE_A_STATS: binary, struct ownroute_stats
 * @OWNROUTE_A_COMMENT: NUL-terminated text for people, at most
 *	%OWNROUTE_COMMENT_MAX bytes; the kernel keeps it and makes nothing of it
 * @OWNROUTE_A_USERDATA: binary, 1 to %OWNROUTE_USERDATA_MAX bytes that belong to
 *	the program that made the mapping; the kernel keeps them and makes
 *	nothing of them
 * @OWNROUTE_A_NET_STATS: binary, struct ownroute_net_stats
 * @OWNROUTE_A_OWNER: binary, struct ownroute_owner
 * @OWNROUTE_A_GROUPS: binary, supplementary groups of an owner, u32 each, at most
 *	%OWNROUTE_GROUPS_MAX
 * @OWNROUTE_A_DEVICE: NUL-terminated name of a network device, of a mapping that marks: the
 *	one that its packets are to leave by.  It need not exist; whichever device of
 *	the namespace has this name is meant.  Packets that no socket sends, from an
 *	address of that device, get the mapping's mark
 * @OWNROUTE_A_DESTINATION: binary, an IPv4 (4 bytes) or IPv6 (16 bytes) address, network
 *	byte order
 * @OWNROUTE_A_NAT: binary, struct ownroute_nat, of a mapping that marks, with
 *	another mark than 0, and has %OWNROUTE_A_DEVICE: what else than the mark is changed.
 *	Connections of such a mapping keep its mark as with %OWNROUTE_FLAG_CONNMARK
 */
enum ownroute_attr {
	OWNROUTE_A_INFO = 1,
	OWNROUTE_A_ID,
	OWNROUTE_A_MAPPING,
	OWNROUTE_A_STATS,
	OWNROUTE_A_COMMENT,
	OWNROUTE_A_USERDATA,
	OWNROUTE_A_NET_STATS,
	OWNROUTE_A_OWNER,
	OWNROUTE_A_GROUPS,
	OWNROUTE_A_DEVICE,
	OWNROUTE_A_DESTINATION,
	OWNROUTE_A_NAT,

	/* private: */
	__OWNROUTE_A_MAX,
	OWNROUTE_A_MAX = __OWNROUTE_A_MAX - 1
};

/**
 * enum ownroute_match - which selectors of a mapping count, a bitmap
 *
 * @OWNROUTE_MATCH_UID: @uid_min to @uid_max of struct ownroute_mapping
 * @OWNROUTE_MATCH_GID: @gid_min to @gid_max
 * @OWNROUTE_MATCH_CGROUP: @cgroup
 */
enum ownroute_match {
	OWNROUTE_MATCH_UID	= 1 << 0,
	OWNROUTE_MATCH_GID	= 1 << 1,
	OWNROUTE_MATCH_CGROUP	= 1 << 2
};

/**
 * enum ownroute_action - what happens to the packets of an owner
 *
 * @OWNROUTE_ACTION_MARK: mark = (mark & ~@mask) | @mark, of the packet and of the
 *	socket that sends it; the packet is routed again if its route was chosen without
 *	it.  The mark on the socket (the stamp) stays until a change of the mappings
 *	takes it away, even when the socket is closed
 * @OWNROUTE_ACTION_BYPASS: nothing; no later mapping is looked at
 * @OWNROUTE_ACTION_BLOCK: they are dropped, and the sender of a datagram is told
 *	(EPERM); TCP tries again until it gives up
 */
enum ownroute_action {
	OWNROUTE_ACTION_MARK	= 0,
	OWNROUTE_ACTION_BYPASS	= 1,
	OWNROUTE_ACTION_BLOCK	= 2
};

/**
 * enum ownroute_flag - properties of a mapping, a bitmap
 *
 * @OWNROUTE_FLAG_KERNEL: matches the kernel's own sockets too (a tunnel's, NFS'
 *	...), which otherwise match nothing
 * @OWNROUTE_FLAG_SUPPL: the gid range also matches supplementary groups; needs
 *	%OWNROUTE_MATCH_GID
 * @OWNROUTE_FLAG_NOSTAMP: the mark is put on packets alone, not on their socket;
 *	only with %OWNROUTE_ACTION_MARK
 * @OWNROUTE_FLAG_GUARD: what the mapping matches leaves by %OWNROUTE_A_DEVICE, by loopback,
 *	or not at all; only with %OWNROUTE_ACTION_MARK
 * @OWNROUTE_FLAG_CONNMARK: the mark is also kept in the conntrack mark of the connection, and
 *	put on what comes back; only with %OWNROUTE_ACTION_MARK and another mark than 0
 * @OWNROUTE_FLAG_LAN: the guard spares what goes where a route of the main table leads that is
 *	none for everything (longer than /1 in IPv4, than /7 in IPv6), by its device; only with
 *	%OWNROUTE_ACTION_MARK
 */
enum ownroute_flag {
	OWNROUTE_FLAG_KERNEL	= 1 << 0,
	OWNROUTE_FLAG_SUPPL	= 1 << 1,
	OWNROUTE_FLAG_NOSTAMP	= 1 << 2,
	OWNROUTE_FLAG_GUARD	= 1 << 3,
	OWNROUTE_FLAG_CONNMARK	= 1 << 4,
	OWNROUTE_FLAG_LAN	= 1 << 5
};

/**
 * struct ownroute_mapping - who, and what happens to their packets
 *
 * @size: size of this struct as the sender knows it
 * @flags: %OWNROUTE_FLAG_KERNEL ...; an unknown one is refused
 * @id: name of the mapping within its network namespace
 * @priority: mappings are tried in order of (@priority, @id), lowest first; the
 *	first that matches decides
 * @match: %OWNROUTE_MATCH_UID ...; all that are set must match, at least one is.
 *	The fields of a selector that is not set must be 0
 * @action: %OWNROUTE_ACTION_MARK ...
 * @uid_min: first uid, as seen in the user namespace that owns the network
 *	namespace
 * @uid_max: last uid, at least @uid_min, at most 4294967294
 * @mark: bits to set, all of them within @mask; 0 unless the action is mark
 * @mask: bits that the mapping may change, at least one; 0 unless the action is
 *	mark
 *
 * Version 0 ends here.
 *
 * @gid_min: first gid, in the same user namespace.  It is compared with the
 *	fsgid that the socket's file was made with; a socket that has no file any
 *	more matches if it has the mapping's stamp
 * @gid_max: last gid, at least @gid_min, at most 4294967294
 * @cgroup: id of a cgroup (v2); sockets of this one and of all below it match
 *
 * Version 1 ends here.
 *
 * @inbound: mark, under @mask, of TCP connections that somebody else has begun, to an address
 *	which isn't one of %OWNROUTE_A_DEVICE: their packets and their sockets get it instead of
 *	@mark, and no guard minds them, so that a rule can lead them back the way that the first
 *	one came. With %OWNROUTE_FLAG_CONNMARK so do the answers of other protocols. Another one
 *	than @mark, which must not be 0 then; not with %OWNROUTE_FLAG_NOSTAMP. 0: these are like
 *	all others
 * @reserved: 0
 *
 * Version 2 ends here.
 */
struct ownroute_mapping {
	__u32		size;
	__u32		flags;
	__u32		id;
	__u32		priority;
	__u32		match;
	__u32		action;
	__u32		uid_min;
	__u32		uid_max;
	__u32		mark;
	__u32		mask;
	__u32		gid_min;
	__u32		gid_max;
	__aligned_u64	cgroup;
	__u32		inbound;
	__u32		reserved;
};

#define OWNROUTE_MAPPING_SIZE_VER0	40
#define OWNROUTE_MAPPING_SIZE_VER1	56
#define OWNROUTE_MAPPING_SIZE_VER2	64

/**
 * enum ownroute_nat_flag - properties of struct ownroute_nat, a bitmap
 *
 * @OWNROUTE_NAT_MASQUERADE: new connections that leave by the mapping's device get the address
 *	as source that the kernel chooses there: one of the device, if it has any
 */
enum ownroute_nat_flag {
	OWNROUTE_NAT_MASQUERADE	= 1 << 0
};

/**
 * struct ownroute_nat - addresses that are changed, for the owner's new connections
 *
 * Addresses are in network byte order, 0 if there is none; one of the fields behind @size is set.
 * Each is the address of one host: loopback, multicast and broadcast addresses, and link-local
 * ones of IPv6, are refused.  Connections that conntrack knows before the mapping keep theirs.
 *
 * @size: size of this struct as the sender knows it
 * @flags: %OWNROUTE_NAT_MASQUERADE
 * @source_ipv4: source address of what leaves by the mapping's device; not with
 *	%OWNROUTE_NAT_MASQUERADE
 * @dns_ipv4: where what is sent to port 53 goes, UDP and TCP, to whatever address, one of this host
 *	included.  If there is one of the other family only, such questions to this host are dropped
 * @source_ipv6: as @source_ipv4
 * @dns_ipv6: as @dns_ipv4
 *
 * Version 0 ends here.
 */
struct ownroute_nat {
	__u32	size;
	__u32	flags;
	__be32	source_ipv4;
	__be32	dns_ipv4;
	__u8	source_ipv6[16];
	__u8	dns_ipv6[16];
};

#define OWNROUTE_NAT_SIZE_VER0		48

/**
 * struct ownroute_stats - what a mapping has done since it was made
 *
 * @size: size of this struct as the sender knows it
 * @reserved: 0
 * @packets: packets that matched.  One that is split on its way out, by GSO or
 *	as fragments, counts once
 * @bytes: their length from the IP header on
 *
 * Version 0 ends here.
 *
 * @stamped: times that a socket got the mark
 * @reroutes: packets that were routed again
 * @drops: packets that were dropped: by the action block, or because there was
 *	no route for them
 *
 * Version 1 ends here.
 *
 * @guarded: packets that were dropped because they were leaving by another device than
 *	a guarded mapping's.  Those of no socket count for the first mapping that guards
 *	the device whose address they have
 *
 * Version 2 ends here.
 */
struct ownroute_stats {
	__u32		size;
	__u32		reserved;
	__aligned_u64	packets;
	__aligned_u64	bytes;
	__aligned_u64	stamped;
	__aligned_u64	reroutes;
	__aligned_u64	drops;
	__aligned_u64	guarded;
};

#define OWNROUTE_STATS_SIZE_VER0	24
#define OWNROUTE_STATS_SIZE_VER1	48
#define OWNROUTE_STATS_SIZE_VER2	56

/**
 * enum ownroute_feature - what not every module has, a bitmap
 *
 * @OWNROUTE_FEATURE_CGROUP: mappings may have %OWNROUTE_MATCH_CGROUP: the kernel
 *	knows which cgroup a socket is in
 */
enum ownroute_feature {
	OWNROUTE_FEATURE_CGROUP	= 1 << 0
};

/**
 * struct ownroute_info - what the module can do, what the namespace has
 *
 * @size: size of this struct as the sender knows it
 * @mappings: mappings in this namespace
 * @features: %OWNROUTE_FEATURE_CGROUP ...
 * @generation: goes up with every change of this namespace's mappings
 *
 * Version 0 ends here.
 *
 * @limit: how many mappings the namespace may have
 * @reserved: 0
 *
 * Version 1 ends here.
 */
struct ownroute_info {
	__u32		size;
	__u32		mappings;
	__aligned_u64	features;
	__aligned_u64	generation;
	__u32		limit;
	__u32		reserved;
};

#define OWNROUTE_INFO_SIZE_VER0		24
#define OWNROUTE_INFO_SIZE_VER1		32

/**
 * struct ownroute_net_stats - what went on in the namespace
 *
 * Requests that generic netlink refuses before it asks the family aren't counted.
 *
 * @size: size of this struct as the sender knows it
 * @reserved: 0
 * @lookups: packets of which the owner was looked up
 * @misses: of these, packets that met no mapping
 * @ownerless: packets without a socket, or of a kernel socket that met no mapping
 * @nomem: times that memory for a request or a notification could not be had
 * @refused_invalid: requests refused because they made no sense (EINVAL, E2BIG)
 * @refused_exists: ... because the id was taken (EEXIST)
 * @refused_missing: ... because what they named isn't there (ENOENT, ESRCH)
 * @refused_limit: ... because there are too many mappings (ENOSPC)
 * @refused_busy: ... because of another transaction (EAGAIN, EBUSY)
 * @refused_other: ... for another reason
 *
 * Version 0 ends here.
 */
struct ownroute_net_stats {
	__u32		size;
	__u32		reserved;
	__aligned_u64	lookups;
	__aligned_u64	misses;
	__aligned_u64	ownerless;
	__aligned_u64	nomem;
	__aligned_u64	refused_invalid;
	__aligned_u64	refused_exists;
	__aligned_u64	refused_missing;
	__aligned_u64	refused_limit;
	__aligned_u64	refused_busy;
	__aligned_u64	refused_other;
};

#define OWNROUTE_NET_STATS_SIZE_VER0	88

/**
 * struct ownroute_owner - somebody to ask about
 *
 * @size: size of this struct as the sender knows it
 * @flags: %OWNROUTE_FLAG_KERNEL if it is a kernel socket
 * @uid: uid, 4294967295 for none that the namespace knows
 * @gid: gid, 4294967295 for none
 * @cgroup: id of its cgroup, 0 for none
 *
 * Version 0 ends here.
 */
struct ownroute_owner {
	__u32		size;
	__u32		flags;
	__u32		uid;
	__u32		gid;
	__aligned_u64	cgroup;
};

#define OWNROUTE_OWNER_SIZE_VER0	24

#endif /* _UAPI_LINUX_OWNROUTE_H */
