/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers to the outside: what an owner says to somebody who has called at an address that
 * isn't the mapping's device's.  They get another mark than all that the owner begins.
 */
#ifndef _OWN_INBOUND_H
#define _OWN_INBOUND_H

#include <linux/types.h>

struct inet_request_sock;
struct own_mapping;
struct own_net;
struct sk_buff;
struct sock;

bool own_answers(const struct own_mapping *mapping, const struct sk_buff *skb,
		 u8 pf, const struct sock *sk,
		 const struct inet_request_sock *request);
bool own_replies(const struct own_net *on, const struct own_mapping *mapping,
		 const struct sk_buff *skb, u8 pf, const struct sock *sk);

#endif
