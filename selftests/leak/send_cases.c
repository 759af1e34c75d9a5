// SPDX-License-Identifier: LGPL-2.1-or-later
/* The ways of data into a connection */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "leak.h"
#include "uring.h"

#define BULK	20000

static char bulk[BULK];

/* The data is still on its way when the owner closes. */
static void close_at_once(struct leak *l, struct pair *p)
{
	let_go(l, &p->client);
	swallow(l, p->far);
}

static int bulk_file(struct leak *l)
{
	int fd = keep(l, memfd_create("bulk", MFD_CLOEXEC));

	need(l, fd >= 0 && !ftruncate(fd, BULK), "a file in memory: %s",
	     strerror(errno));
	return fd;
}

static void send_file(struct leak *l)
{
	int file = bulk_file(l);
	struct pair p;

	pair_open(l, &p);
	need(l, sendfile(p.client, file, NULL, BULK) == BULK, "sendfile: %s",
	     strerror(errno));
	close_at_once(l, &p);
}

static void splice_file(struct leak *l)
{
	int file = bulk_file(l), ends[2];
	struct pair p;
	ssize_t len;

	pair_open(l, &p);
	need(l, !pipe2(ends, O_CLOEXEC), "a pipe: %s", strerror(errno));
	keep(l, ends[0]);
	keep(l, ends[1]);
	len = splice(file, NULL, ends[1], NULL, BULK, 0);
	need(l, len > 0 && splice(ends[0], NULL, p.client, NULL, len, 0) == len,
	     "splice: %s", strerror(errno));
	close_at_once(l, &p);
}

static void io_uring(struct leak *l)
{
	struct pair p;
	int sent;

	pair_open(l, &p);
	sent = uring_send(p.client, bulk, BULK);
	if (sent == -ENOSYS)
		skip_case(l, "the kernel has no io_uring");
	need(l, sent == BULK, "io_uring: %d", sent);
	close_at_once(l, &p);
}

static void zerocopy(struct leak *l)
{
	const int one = 1;
	struct pair p;

	pair_open(l, &p);
	need(l, !setsockopt(p.client, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)) &&
		send(p.client, bulk, BULK, MSG_ZEROCOPY) == BULK,
	     "MSG_ZEROCOPY: %s", strerror(errno));
	close_at_once(l, &p);
}

const struct leak_case send_cases[] = {
	{ "sendfile", send_file, 0 },
	{ "splice", splice_file, 0 },
	{ "io_uring", io_uring, 0 },
	{ "MSG_ZEROCOPY", zerocopy, 0 },
	{ }
};
