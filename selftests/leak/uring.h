/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef URING_H
#define URING_H

#include <stddef.h>

int uring_send(int fd, const void *data, size_t len);

#endif
