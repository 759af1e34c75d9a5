// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uring.h"

static void *ring_map(int ring, size_t size, off_t what)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
		    ring, what);
}

/* The one request of a ring, which is done when this returns. */
static int uring_request(int ring, const struct io_uring_params *params,
			 int fd, const void *data, size_t len)
{
	size_t sq_size = params->sq_off.array +
			 params->sq_entries * sizeof(uint32_t);
	size_t cq_size = params->cq_off.cqes +
			 params->cq_entries * sizeof(struct io_uring_cqe);
	const struct io_uring_cqe *cqe;
	struct io_uring_sqe *sqe;
	char *sq, *cq;

	sq = ring_map(ring, sq_size, IORING_OFF_SQ_RING);
	cq = ring_map(ring, cq_size, IORING_OFF_CQ_RING);
	sqe = ring_map(ring, params->sq_entries * sizeof(*sqe), IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED)
		return -ENOMEM;

	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = IORING_OP_SEND;
	sqe->flags = IOSQE_ASYNC;
	sqe->fd = fd;
	sqe->addr = (uintptr_t)data;
	sqe->len = len;
	sqe->msg_flags = MSG_WAITALL | MSG_NOSIGNAL;
	*(uint32_t *)(sq + params->sq_off.array) = 0;
	__atomic_store_n((uint32_t *)(sq + params->sq_off.tail), 1,
			 __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL,
		    0) != 1)
		return -errno;
	cqe = (const void *)(cq + params->cq_off.cqes);
	return cqe->res;
}

/**
 * uring_send() - send() by io_uring, from a thread of the kernel
 * @fd: socket
 * @data: what to send
 * @len: of @data
 *
 * Return: as send(), or a negative errno; -ENOSYS if the kernel has no io_uring. The mappings
 * stay until the process ends.
 */
int uring_send(int fd, const void *data, size_t len)
{
	struct io_uring_params params = { };
	int ring = syscall(SYS_io_uring_setup, 1, &params);
	int sent;

	if (ring < 0)
		return -errno;
	sent = uring_request(ring, &params, fd, data, len);
	close(ring);
	return sent;
}
