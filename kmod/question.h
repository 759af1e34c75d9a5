/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _OWN_QUESTION_H
#define _OWN_QUESTION_H

#include <linux/types.h>

struct sk_buff;

#define OWN_DNS_PORT	53

bool own_is_question(const struct sk_buff *skb, u8 pf);

#endif
