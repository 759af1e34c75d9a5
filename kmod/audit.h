/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes are recorded like any other of netfilter's configuration. */
#ifndef _OWN_AUDIT_H
#define _OWN_AUDIT_H

#include <linux/audit.h>
#include <linux/netfilter.h>
#include <linux/ownroute.h>

static inline void own_audit(enum audit_nfcfgop op, unsigned int count)
{
	audit_log_nfcfg(OWNROUTE_GENL_NAME, NFPROTO_INET, count, op,
			GFP_KERNEL);
}

#endif
