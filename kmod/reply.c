// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bug.h>
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "net.h"
#include "netlink.h"
#include "reply.h"

/**
 * own_reply_new() - memory for an answer, and its header
 * @info: the request
 * @size: bytes behind the generic netlink header
 * @cmd: the command that is answered
 * @hdr: gets the header
 *
 * Return: the answer, NULL if there is no memory.
 */
struct sk_buff *own_reply_new(struct genl_info *info, size_t size, u8 cmd,
			      void **hdr)
{
	struct sk_buff *reply;

	reply = genlmsg_new(size, GFP_KERNEL);
	if (reply) {
		*hdr = genlmsg_put_reply(reply, info, &own_genl_family, 0, cmd);
		if (*hdr)
			return reply;
	}
	nlmsg_free(reply);
	NL_SET_ERR_MSG(info->extack, "no memory for the answer");
	return NULL;
}

/**
 * own_reply_send() - answer
 * @reply: the answer, gone afterwards
 * @info: the request
 * @hdr: header of @reply
 * @err: from putting into @reply what it has the size for
 *
 * Return: 0 or @err.
 */
int own_reply_send(struct sk_buff *reply, struct genl_info *info, void *hdr,
		   int err)
{
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, hdr);
	/* Should it not arrive, the asker's socket says so. */
	genlmsg_reply(reply, info);
	return 0;
}

static enum own_refusal own_refusal_of(int err)
{
	switch (err) {
	case -EINVAL:
	case -E2BIG:
		return OWN_REFUSED_INVALID;
	case -EEXIST:
		return OWN_REFUSED_EXISTS;
	case -ENOENT:
	case -ESRCH:
		return OWN_REFUSED_MISSING;
	case -ENOSPC:
		return OWN_REFUSED_LIMIT;
	case -EAGAIN:
	case -EBUSY:
		return OWN_REFUSED_BUSY;
	default:
		return OWN_REFUSED_OTHER;
	}
}

/**
 * own_done() - the last thing that every request does: refusals are counted
 * @on: the namespace's
 * @err: what became of the request
 *
 * Return: @err.
 */
int own_done(struct own_net *on, int err)
{
	if (err)
		atomic64_inc(&on->refused[own_refusal_of(err)]);
	if (err == -ENOMEM)
		atomic64_inc(&on->nomem);
	return err;
}
