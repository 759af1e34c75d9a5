/* SPDX-License-Identifier: GPL-2.0-only */
/* sk_uid() came with 6.17 and was backported to stable branches. */
#ifndef _OWN_COMPAT_NET_SOCK_H
#define _OWN_COMPAT_NET_SOCK_H

#include_next <net/sock.h>

#ifndef OWN_HAS_SK_UID
static inline kuid_t sk_uid(const struct sock *sk)
{
	/* fchown() on the socket may change it meanwhile. */
	return READ_ONCE(sk->sk_uid);
}
#endif

#endif
