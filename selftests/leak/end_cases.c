// SPDX-License-Identifier: LGPL-2.1-or-later
/* How connections end, and what comes after the end */
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak.h"

static char bulk[1 << 16];

/* The owner's end is closed: so the other one is, and says that once more. */
static void far_end_follows(struct leak *l, struct pair *p)
{
	swallow(l, p->far);
	let_go(l, &p->far);
	wait_state(l, p->port, TCP_TIME_WAIT);
	late(l, TH_FIN);
}

static void plain_close(struct leak *l)
{
	struct pair p;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pair_open(l, &p);
		echo(l, p.client, p.far);
		let_go(l, &p.client);
		far_end_follows(l, &p);
	}
}

static void unread_data(struct leak *l)
{
	struct pair p;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pair_open(l, &p);
		echo(l, p.client, p.far);
		send(p.far, bulk, 1000, 0);
		readable(l, p.client, DEADLINE);
		let_go(l, &p.client);
		swallow(l, p.far);
		let_go(l, &p.far);
		late(l, TH_PUSH);
	}
}

static void unsent_data(struct leak *l)
{
	const int size = 1 << 15;
	struct pair p;
	int i;

	l->receive_buffer = 1 << 13;
	for (i = 0; i < ROUNDS; i++) {
		pair_open(l, &p);
		echo(l, p.client, p.far);
		setsockopt(p.client, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
		nonblocking(p.client);
		while (send(p.client, bulk, sizeof(bulk), MSG_NOSIGNAL) > 0)
			;
		let_go(l, &p.client);
		far_end_follows(l, &p);
	}
}

static void far_end_first(struct leak *l)
{
	struct pair p;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pair_open(l, &p);
		echo(l, p.client, p.far);
		let_go(l, &p.far);
		swallow(l, p.client);
		let_go(l, &p.client);
		wait_state(l, p.port, 0);
		late(l, TH_FIN);
	}
}

static void half_close(struct leak *l)
{
	struct pair p;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pair_open(l, &p);
		echo(l, p.client, p.far);
		shutdown(p.client, SHUT_WR);
		swallow(l, p.far);
		send(p.far, bulk, 20000, 0);
		let_go(l, &p.far);
		swallow(l, p.client);
		let_go(l, &p.client);
		wait_state(l, p.port, TCP_TIME_WAIT);
		late(l, TH_FIN);
	}
}

static void reset(struct leak *l)
{
	struct pair p;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pair_open(l, &p);
		echo(l, p.client, p.far);
		set_linger(p.client);
		let_go(l, &p.client);
		swallow(l, p.far);
	}
}

static void late_data(struct leak *l)
{
	struct pair p;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		pair_open(l, &p);
		echo(l, p.client, p.far);
		set_linger(p.client);
		let_go(l, &p.client);
		wait_state(l, p.port, 0);
		late(l, TH_PUSH);
	}
}

_Noreturn static void send_forever(int fd)
{
	if (!become(OWNER))
		_exit(1);
	for (;;) {
		if (send(fd, bulk, sizeof(bulk), 0) < 0)
			_exit(1);
	}
}

static void killed(struct leak *l)
{
	char data[1000];
	struct pair p;
	pid_t child;
	int i;

	l->receive_buffer = 1 << 13;
	for (i = 0; i < ROUNDS; i++) {
		pair_open(l, &p);
		child = fork();
		if (!child)
			send_forever(p.client);
		let_go(l, &p.client);
		recv(p.far, data, sizeof(data), 0);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		swallow(l, p.far);
		let_go(l, &p.far);
	}
}

static void lost_packets(struct leak *l)
{
	struct pair p;

	pair_open(l, &p);
	echo(l, p.client, p.far);
	ask(l, "lose_packets");
	send(p.client, bulk, 3000, 0);
	let_go(l, &p.client);
	want(l, wait_retransmits(l, p.port, 2), "nothing was sent once more");
	ask(l, "keep_packets");
	far_end_follows(l, &p);
}

const struct leak_case end_cases[] = {
	{ "close", plain_close, 0 },
	{ "close with unread data", unread_data, 0 },
	{ "close with unsent data, slow reader", unsent_data, 0 },
	{ "the server closes first", far_end_first, 0 },
	{ "half-close", half_close, 0 },
	{ "reset by SO_LINGER", reset, 0 },
	{ "late packets to a port that is closed", late_data, 0 },
	{ "process killed in mid-transfer", killed, 0 },
	{ "retransmissions after close", lost_packets, 0 },
	{ }
};
