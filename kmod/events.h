/* SPDX-License-Identifier: GPL-2.0-only */
/* Notifications: built only if somebody listens. */
#ifndef _OWN_EVENTS_H
#define _OWN_EVENTS_H

#include <linux/types.h>

struct own_guard_drop;
struct own_mapping;
struct own_net;
struct sk_buff;

enum own_mcgrp {
	OWN_MCGRP_EVENTS,
};

struct sk_buff *own_event_of_mapping(struct own_net *on, u8 cmd,
				     const struct own_mapping *mapping);
void own_event_send(struct own_net *on, struct sk_buff *event);
void own_event_send_mapping(struct own_net *on, u8 cmd,
			    const struct own_mapping *mapping);
void own_event_send_info(struct own_net *on, u8 cmd);
void own_event_send_guarded(struct own_net *on,
			    const struct own_guard_drop *drop);

#endif
