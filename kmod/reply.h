/* SPDX-License-Identifier: GPL-2.0-only */
/* How requests are answered, and refused. */
#ifndef _OWN_REPLY_H
#define _OWN_REPLY_H

#include <linux/types.h>

struct genl_info;
struct own_net;
struct sk_buff;

struct sk_buff *own_reply_new(struct genl_info *info, size_t size, u8 cmd,
			      void **hdr);
int own_reply_send(struct sk_buff *reply, struct genl_info *info, void *hdr,
		   int err);
int own_done(struct own_net *on, int err);

#endif
