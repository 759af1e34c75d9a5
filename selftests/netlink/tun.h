/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A device whose other end is the test: what it writes there comes in from the
 * network, and the kernel's own answers go out by it.
 */
#ifndef TUN_H
#define TUN_H

int tun_open(void);
int tun_be_pinged(int fd, int family);

#endif
