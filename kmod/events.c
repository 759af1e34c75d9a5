// SPDX-License-Identifier: GPL-2.0-only
#include <linux/ownroute.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "events.h"
#include "guard.h"
#include "message.h"
#include "net.h"
#include "netlink.h"
#include "owner.h"

static struct sk_buff *own_event_new(struct own_net *on, u8 cmd, size_t size,
				     void **hdr)
{
	struct sk_buff *event;

	if (!genl_has_listeners(&own_genl_family, on->net, OWN_MCGRP_EVENTS))
		return NULL;

	event = genlmsg_new(size, GFP_KERNEL);
	if (event)
		*hdr = genlmsg_put(event, 0, 0, &own_genl_family, 0, cmd);
	if (event && *hdr)
		return event;

	atomic64_inc(&on->nomem);
	/* The listener reads ENOBUFS and knows that it has to ask for all. */
	nlmsg_free(event);
	genl_set_err(&own_genl_family, on->net, 0, OWN_MCGRP_EVENTS, -ENOBUFS);
	return NULL;
}

/**
 * own_event_of_mapping() - build a notification about a mapping
 * @on: the namespace's mappings, locked
 * @cmd: which
 * @mapping: the mapping
 *
 * Return: the notification; NULL if nobody listens, or if those who do have been
 * told that they miss something.
 */
struct sk_buff *own_event_of_mapping(struct own_net *on, u8 cmd,
				     const struct own_mapping *mapping)
{
	struct sk_buff *event;
	void *hdr;

	event = own_event_new(on, cmd, own_mapping_msg_size(mapping), &hdr);
	if (!event)
		return NULL;
	/* It has the size for it. */
	WARN_ON_ONCE(own_put_mapping(event, mapping));
	genlmsg_end(event, hdr);
	return event;
}

/**
 * own_event_send() - tell the listeners
 * @on: the namespace's mappings, locked, so that the order is that of the changes
 * @event: the notification, or NULL
 */
void own_event_send(struct own_net *on, struct sk_buff *event)
{
	if (event)
		genlmsg_multicast_netns(&own_genl_family, on->net, event, 0,
					OWN_MCGRP_EVENTS, GFP_KERNEL);
}

/**
 * own_event_send_mapping() - tell the listeners about a mapping
 * @on: the namespace's mappings, locked
 * @cmd: which notification
 * @mapping: the mapping
 */
void own_event_send_mapping(struct own_net *on, u8 cmd,
			    const struct own_mapping *mapping)
{
	own_event_send(on, own_event_of_mapping(on, cmd, mapping));
}

/**
 * own_event_send_info() - tell the listeners what the namespace has now
 * @on: the namespace's mappings, locked
 * @cmd: which notification
 */
void own_event_send_info(struct own_net *on, u8 cmd)
{
	struct sk_buff *event;
	void *hdr;

	event = own_event_new(on, cmd,
			      nla_total_size(sizeof(struct ownroute_info)),
			      &hdr);
	if (!event)
		return;
	/* It has the size for it. */
	WARN_ON_ONCE(own_put_info(event, on));
	genlmsg_end(event, hdr);
	own_event_send(on, event);
}

/**
 * own_event_send_guarded() - tell the listeners what a guard has dropped
 * @on: the namespace's mappings; not locked, it is no change
 * @drop: the packet
 */
void own_event_send_guarded(struct own_net *on,
			    const struct own_guard_drop *drop)
{
	const struct ownroute_owner owner = {
		.size	= sizeof(owner),
		.uid	= drop->uid,
		.gid	= OWN_NOBODY,
	};
	struct sk_buff *event;
	void *hdr;

	event = own_event_new(on, OWNROUTE_CMD_GUARDED_NTF,
			      nla_total_size(sizeof(drop->id)) +
			      nla_total_size(sizeof(owner)) +
			      nla_total_size(sizeof(drop->device)) +
			      nla_total_size(drop->destination_len), &hdr);
	if (!event)
		return;
	/* It has the size for it. */
	WARN_ON_ONCE(nla_put_u32(event, OWNROUTE_A_ID, drop->id) ||
		     nla_put(event, OWNROUTE_A_OWNER, sizeof(owner), &owner) ||
		     nla_put_string(event, OWNROUTE_A_DEVICE, drop->device) ||
		     nla_put(event, OWNROUTE_A_DESTINATION,
			     drop->destination_len, &drop->destination));
	genlmsg_end(event, hdr);
	own_event_send(on, event);
}
