/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sees what leaves by a device, and the marks that it leaves with. */
#ifndef SNIFFER_H
#define SNIFFER_H

#include <linux/types.h>

/**
 * struct sniffer_packet - a packet that went to the neighbour
 *
 * @family: AF_INET or AF_INET6
 * @mark: its mark
 */
struct sniffer_packet {
	int	family;
	__u32	mark;
};

int sniffer_open(const char *device);
int sniffer_next(int fd, struct sniffer_packet *packet);

#endif
