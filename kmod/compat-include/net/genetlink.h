/* SPDX-License-Identifier: GPL-2.0-only */
/* genl_info_dump() came with 6.6; what we want of it is ->attrs. */
#ifndef _OWN_COMPAT_NET_GENETLINK_H
#define _OWN_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

#ifndef OWN_HAS_GENL_INFO_DUMP
#define genl_info_dump(cb) genl_dumpit_info(cb)
#endif

#endif
