/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Packets for the counters to count. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <sys/types.h>

/* Length of a packet of traffic_send(), from the IP header on. */
#define TRAFFIC_PACKET_LEN	46

int traffic_device(void);
int traffic_send(uid_t uid, int packets);

#endif
