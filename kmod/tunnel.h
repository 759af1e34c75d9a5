/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VXLAN, GENEVE and bareudp ask for the way to their far end by the mark of the packet that
 * they carry.  By a mapping's mark that way leads into the tunnel again, and the tunnel drops
 * what would go round.  So the mark, which has brought the packet to the device, ends
 * there.
 */
#ifndef _OWN_TUNNEL_H
#define _OWN_TUNNEL_H

struct net;

int own_tunnels_register(struct net *net);
void own_tunnels_unregister(struct net *net);

#endif
