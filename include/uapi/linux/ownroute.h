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

/**
 * enum ownroute_cmd - commands and notifications of the family
 *
 * @OWNROUTE_CMD_INFO_GET: ask what the module and the namespace have.  Answer:
 *	%OWNROUTE_A_INFO.
 * @OWNROUTE_CMD_MAPPING_NEW: make a mapping.  Needs %OWNROUTE_A_MAPPING; takes
 *	%OWNROUTE_A_COMMENT and %OWNROUTE_A_USERDATA.  An id of 0 takes the next
 *	free one, any other id must be free (-EEXIST).  Answer: the mapping as
 *	made, its id filled in.
 * @OWNROUTE_CMD_MAPPING_SET: replace the mapping that has this id, as a whole:
 *	a packet sees the old or the new one.  Takes what %OWNROUTE_CMD_MAPPING_NEW
 *	takes; what is not given is gone.  The counters go on.
 * @OWNROUTE_CMD_MAPPING_DEL: delete the mapping %OWNROUTE_A_ID.
 * @OWNROUTE_CMD_MAPPING_GET: ask for one mapping (%OWNROUTE_A_ID), or, as a
 *	dump without attributes, for all in the order in which they match.
 *	Answer: %OWNROUTE_A_MAPPING, %OWNROUTE_A_STATS, and %OWNROUTE_A_COMMENT and
 *	%OWNROUTE_A_USERDATA where the mapping has them.  A dump that was
 *	overtaken by a change carries NLM_F_DUMP_INTR.
 * @OWNROUTE_CMD_FLUSH: delete all mappings of the namespace.
 * @OWNROUTE_CMD_MAPPING_NEW_NTF: a mapping was made; carries it.
 * @OWNROUTE_CMD_MAPPING_SET_NTF: a mapping was replaced; carries the new one.
 * @OWNROUTE_CMD_MAPPING_DEL_NTF: a mapping was deleted; carries it with its
 *	counters, short of the packets that were under way.
 * @OWNROUTE_CMD_FLUSH_NTF: all mappings were deleted; carries %OWNROUTE_A_INFO.
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
 */
enum ownroute_attr {
	OWNROUTE_A_INFO = 1,
	OWNROUTE_A_ID,
	OWNROUTE_A_MAPPING,
	OWNROUTE_A_STATS,
	OWNROUTE_A_COMMENT,
	OWNROUTE_A_USERDATA,

	/* private: */
	__OWNROUTE_A_MAX,
	OWNROUTE_A_MAX = __OWNROUTE_A_MAX - 1
};

/**
 * enum ownroute_match - which selectors of a mapping count, a bitmap
 *
 * @OWNROUTE_MATCH_UID: @uid_min to @uid_max of struct ownroute_mapping
 */
enum ownroute_match {
	OWNROUTE_MATCH_UID	= 1 << 0
};

/**
 * enum ownroute_action - what happens to the packets of an owner
 *
 * @OWNROUTE_ACTION_MARK: mark = (mark & ~@mask) | @mark, then route again if
 *	that changed it
 */
enum ownroute_action {
	OWNROUTE_ACTION_MARK	= 0
};

/**
 * struct ownroute_mapping - who, and what happens to their packets
 *
 * @size: size of this struct as the sender knows it
 * @flags: none yet; an unknown one is refused
 * @id: name of the mapping within its network namespace
 * @priority: mappings are tried in order of (@priority, @id), lowest first; the
 *	first that matches decides
 * @match: %OWNROUTE_MATCH_UID …; all that are set must match, at least one is
 * @action: %OWNROUTE_ACTION_MARK …
 * @uid_min: first uid, as seen in the user namespace that owns the network
 *	namespace; 0 unless %OWNROUTE_MATCH_UID is set
 * @uid_max: last uid, at least @uid_min, at most 4294967294
 * @mark: bits to set, all of them within @mask
 * @mask: bits that the mapping may change, at least one
 *
 * Version 0 ends here.
 */
struct ownroute_mapping {
	__u32	size;
	__u32	flags;
	__u32	id;
	__u32	priority;
	__u32	match;
	__u32	action;
	__u32	uid_min;
	__u32	uid_max;
	__u32	mark;
	__u32	mask;
};

#define OWNROUTE_MAPPING_SIZE_VER0	40

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
 */
struct ownroute_stats {
	__u32		size;
	__u32		reserved;
	__aligned_u64	packets;
	__aligned_u64	bytes;
};

#define OWNROUTE_STATS_SIZE_VER0	24

/**
 * struct ownroute_info - what the module can do, what the namespace has
 *
 * @size: size of this struct as the sender knows it
 * @mappings: mappings in this namespace
 * @features: what the module has beyond version 0, a bitmap; no bit is defined
 *	yet
 * @generation: goes up with every change of this namespace's mappings
 *
 * Version 0 ends here.
 */
struct ownroute_info {
	__u32		size;
	__u32		mappings;
	__aligned_u64	features;
	__aligned_u64	generation;
};

#define OWNROUTE_INFO_SIZE_VER0		24

#endif /* _UAPI_LINUX_OWNROUTE_H */
