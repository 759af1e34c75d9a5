/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NL_SET_ERR_MSG_ATTR_FMT() came with 6.2, together with a buffer in struct
 * netlink_ext_ack.  Before that a message must be a string that outlives the
 * answer, so the texts go to a ring.  The answer is built soon after, by the
 * same task: for a text to be overwritten, it would have to stand still while
 * OWN_EXTACK_RING others are refused.  Even then nothing but the text is wrong:
 * the core measures it twice, so all have the same length, padded with blanks,
 * and the last byte is never written.
 */
#ifndef _OWN_COMPAT_LINUX_NETLINK_H
#define _OWN_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

#ifndef OWN_HAS_ERR_MSG_FMT
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define NETLINK_MAX_FMTMSG_LEN	80
#define OWN_EXTACK_RING		64

struct own_extack_ring {
	atomic_t next;
	char text[OWN_EXTACK_RING][NETLINK_MAX_FMTMSG_LEN];
};

#define NL_SET_ERR_MSG_ATTR_FMT(extack, attr, fmt, args...) do {	\
	static struct own_extack_ring __ring;				\
	struct netlink_ext_ack *__ack = (extack);			\
	char __text[NETLINK_MAX_FMTMSG_LEN];				\
	unsigned int __slot;						\
	int __len;							\
									\
	if (__ack) {							\
		__len = scnprintf(__text, sizeof(__text), fmt, ##args);	\
		memset(__text + __len, ' ', sizeof(__text) - __len);	\
		__slot = atomic_inc_return(&__ring.next);		\
		__slot %= OWN_EXTACK_RING;				\
		memcpy(__ring.text[__slot], __text,			\
		       sizeof(__text) - 1);				\
		__ack->_msg = __ring.text[__slot];			\
		__ack->bad_attr = (attr);				\
		__ack->policy = NULL;					\
	}								\
} while (0)
#endif

#endif
