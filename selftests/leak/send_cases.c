// SPDX-License-Identifier: LGPL-2.1-or-later
/* The ways of data into a connection */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "leak.h"
#include "uring.h"

/* More than the far end takes before it reads, less than the owner's end keeps */
#define BULK		32768
#define FAR_ROOM	8192
#define ROOM		131072

static char bulk[BULK];

static void open_slow(struct leak *l, struct pair *p)
{
	const int size = ROOM;

	l->receive_buffer = FAR_ROOM;
	pair_open(l, p);
	setsockopt(p->client, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

/* The data, or the end of it, is still to be sent when the owner closes. */
static void close_unsent(struct leak *l, struct pair *p)
{
	want(l, unsent(p->client), "all was sent before the end");
	let_go(l, &p->client);
}

static void finish(struct leak *l, struct pair *p)
{
	swallow(l, p->far);
	let_go(l, &p->far);
	wait_state(l, p->port, TCP_TIME_WAIT);
	late(l, TH_FIN);
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
	int i, file = bulk_file(l);
	struct pair p;
	off_t start;

	for (i = 0; i < ROUNDS; i++) {
		open_slow(l, &p);
		start = 0;
		need(l, sendfile(p.client, file, &start, BULK) == BULK,
		     "sendfile: %s", strerror(errno));
		close_unsent(l, &p);
		finish(l, &p);
	}
}

static void splice_file(struct leak *l)
{
	int i, file = bulk_file(l), ends[2];
	struct pair p;
	off_t start;

	need(l, !pipe2(ends, O_CLOEXEC), "a pipe: %s", strerror(errno));
	keep(l, ends[0]);
	keep(l, ends[1]);
	for (i = 0; i < ROUNDS; i++) {
		open_slow(l, &p);
		start = 0;
		need(l, splice(file, &start, ends[1], NULL, BULK, 0) == BULK &&
			splice(ends[0], NULL, p.client, NULL, BULK, 0) == BULK,
		     "splice: %s", strerror(errno));
		close_unsent(l, &p);
		finish(l, &p);
	}
}

static void io_uring(struct leak *l)
{
	struct pair p;
	int i, sent;

	for (i = 0; i < ROUNDS; i++) {
		open_slow(l, &p);
		sent = uring_send(p.client, bulk, BULK);
		if (sent == -ENOSYS)
			skip_case(l, "the kernel has no io_uring");
		need(l, sent == BULK, "io_uring: %d", sent);
		close_unsent(l, &p);
		finish(l, &p);
	}
}

static char last_byte(struct leak *l, int fd)
{
	char data[4096], last = 0;
	ssize_t len;

	while ((len = recv(fd, data, sizeof(data), 0)) > 0) {
		drain(l);
		last = data[len - 1];
	}
	return last;
}

/* What changes after send() arrives changed, unless the kernel has made a copy. */
static void zerocopy(struct leak *l)
{
	const int one = 1;
	struct pair p;
	int i;

	for (i = 1; i <= ROUNDS; i++) {
		open_slow(l, &p);
		/* Pages of its own, not the one of zeroes */
		memset(bulk, 0, sizeof(bulk));
		need(l, !setsockopt(p.client, SOL_SOCKET, SO_ZEROCOPY, &one,
				    sizeof(one)) &&
			send(p.client, bulk, BULK, MSG_ZEROCOPY) == BULK,
		     "MSG_ZEROCOPY: %s", strerror(errno));
		bulk[BULK - 1] = i;
		close_unsent(l, &p);
		want(l, last_byte(l, p.far) == i, "the data was copied");
		finish(l, &p);
	}
}

const struct leak_case send_cases[] = {
	{ "sendfile", send_file, 0 },
	{ "splice", splice_file, 0 },
	{ "io_uring", io_uring, 0 },
	{ "MSG_ZEROCOPY", zerocopy, 0 },
	{ }
};
