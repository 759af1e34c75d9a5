/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Packets for the counters to count. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <sys/socket.h>
#include <sys/types.h>

/* Length of a packet of traffic_send(), from the IP header on. */
#define TRAFFIC_PACKET_LEN	46

#define TRAFFIC_DEVICE		"dummy0"

int traffic_device(void);
socklen_t traffic_neighbour(int family, struct sockaddr_storage *addr);
int traffic_send(uid_t uid, int packets);
int traffic_send_in(int family, uid_t uid, int packets);

#endif
