// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "leak.h"

/**
 * listen_far() - have the servers of this case listen, if they don't yet
 * @l: the run
 * @protocol: 0 or IPPROTO_MPTCP
 */
void listen_far(struct leak *l, int protocol)
{
	struct sockaddr_storage address;
	socklen_t len = far_address(l, 1, FAR_PORT, &address);
	const int one = 1;
	enum place place;
	int fd;

	for (place = ISP; place < PLACES; place++) {
		if (l->listeners[place] >= 0)
			continue;
		in_place(l, place);
		fd = socket(l->family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			    protocol);
		in_place(l, CLIENT);
		need(l, fd >= 0, "a server: %s", strerror(errno));
		l->listeners[place] = keep(l, fd);
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (l->receive_buffer)
			setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &l->receive_buffer,
				   sizeof(l->receive_buffer));
		need(l, !bind(fd, (struct sockaddr *)&address, len) &&
			!listen(fd, 16), "a server: %s", strerror(errno));
	}
}

/**
 * accept_far() - the next connection, wherever it came out
 * @l: the run
 *
 * Return: its socket.
 */
int accept_far(struct leak *l)
{
	struct pollfd polled[] = {
		{ .fd = l->listeners[ISP], .events = POLLIN },
		{ .fd = l->listeners[TUNNEL], .events = POLLIN },
	};
	const struct timeval deadline = { .tv_sec = DEADLINE / 1000 };
	int fd;

	poll(polled, 2, DEADLINE);
	fd = accept4(polled[polled[0].revents ? 0 : 1].fd, NULL, NULL,
		     SOCK_CLOEXEC);
	need(l, fd >= 0, "no connection came to a server");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof(deadline));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof(deadline));
	return keep(l, fd);
}

static unsigned int port_of(int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);

	getsockname(fd, (struct sockaddr *)&address, &len);
	return ntohs(address.ss_family == AF_INET ?
		     ((struct sockaddr_in *)&address)->sin_port :
		     ((struct sockaddr_in6 *)&address)->sin6_port);
}

/**
 * pair_open_as() - connect the owner to a server
 * @l: the run
 * @p: the connection
 * @protocol: 0 or IPPROTO_MPTCP
 */
void pair_open_as(struct leak *l, struct pair *p, int protocol)
{
	struct sockaddr_storage address;
	socklen_t len = far_address(l, 1, FAR_PORT, &address);

	listen_far(l, protocol);
	p->client = owner_socket(l, SOCK_STREAM, protocol);
	need(l, p->client >= 0, "a socket: %s", strerror(errno));
	need(l, !connect(p->client, (struct sockaddr *)&address, len),
	     "connect: %s", strerror(errno));
	p->port = port_of(p->client);
	p->far = accept_far(l);
}

/**
 * pair_open() - connect the owner to a server by TCP
 * @l: the run
 * @p: the connection
 */
void pair_open(struct leak *l, struct pair *p)
{
	pair_open_as(l, p, 0);
}

/**
 * owner_accept() - accept a connection as the owner
 * @l: the run
 * @listener: a socket of the owner's
 *
 * Return: the socket.
 */
int owner_accept(struct leak *l, int listener)
{
	const struct timeval deadline = { .tv_sec = DEADLINE / 1000 };
	int fd;

	act_as(OWNER);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	act_as(0);
	need(l, fd >= 0, "no connection came to the owner");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof(deadline));
	return keep(l, fd);
}

/**
 * echo() - a question and its answer
 * @l: the run
 * @from: who asks
 * @to: who answers
 */
void echo(struct leak *l, int from, int to)
{
	char data[100] = "";
	const ssize_t len = sizeof(data);

	need(l, send(from, data, len, MSG_NOSIGNAL) == len &&
		recv(to, data, len, MSG_WAITALL) == len &&
		send(to, data, len, MSG_NOSIGNAL) == len &&
		recv(from, data, len, MSG_WAITALL) == len,
	     "no echo: %s", strerror(errno));
}

/**
 * swallow() - read all, slowly, to the end of the connection, whichever it is
 * @l: the run
 * @fd: socket
 */
void swallow(struct leak *l, int fd)
{
	char data[4096];

	while (recv(fd, data, sizeof(data), 0) > 0)
		drain(l);
}

/**
 * service_open() - the owner listens at the tunnel's address
 * @l: the case
 *
 * Return: the socket.
 */
int service_open(struct leak *l)
{
	struct sockaddr_storage address;
	socklen_t len = tunnel_address(l, SERVICE_PORT, &address);
	int fd = owner_socket(l, SOCK_STREAM, 0);
	const int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	need(l, !bind(fd, (struct sockaddr *)&address, len) && !listen(fd, 16),
	     "the owner's service: %s", strerror(errno));
	return fd;
}

/**
 * late() - the far end of the tunnel sends something again, as if the answer had been lost
 * @l: the run
 * @flag: of its TCP header, %TH_PUSH for data
 *
 * It finds a socket that is gone, or almost.
 */
void late(struct leak *l, unsigned int flag)
{
	need(l, capture_replay(l->capture[TUNNEL], l->number, flag),
	     "the far end sent nothing that it could send again");
}

/**
 * readable() - wait for something to read, be it an end
 * @l: the run
 * @fd: socket
 * @ms: at most
 */
bool readable(struct leak *l, int fd, int ms)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };

	drain(l);
	return poll(&polled, 1, ms) > 0;
}

/**
 * set_linger() - have close() reset the connection
 * @fd: socket
 */
void set_linger(int fd)
{
	const struct linger linger = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

/**
 * tcp_state() - what the kernel says of a connection of the client's
 * @l: the run
 * @port: the client's port
 * @retransmits: in a row, or NULL
 *
 * Return: as in tcp_states.h, 0 if there is none.
 */
unsigned int tcp_state(struct leak *l, unsigned int port,
		       unsigned int *retransmits)
{
	unsigned int local, remote, state, times, found = 0;
	char line[512];
	FILE *file;

	file = fopen(l->family == AF_INET ? "/proc/thread-self/net/tcp" :
					    "/proc/thread-self/net/tcp6", "re");
	if (!file)
		return 0;
	while (!found && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %*d: %*[0-9A-F]:%x %*[0-9A-F]:%x %x %*x:%*x %*x:%*x %x",
			   &local, &remote, &state, &times) != 4)
			continue;
		if (local == port && remote == FAR_PORT)
			found = state;
	}
	fclose(file);
	if (found && retransmits)
		*retransmits = times;
	return found;
}

static void pause_shortly(void)
{
	const struct timespec pause = { .tv_nsec = 2 * 1000 * 1000 };

	nanosleep(&pause, NULL);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ull + now.tv_nsec / 1000000;
}

/**
 * wait_state() - until a connection of the client's has come to a state
 * @l: the run
 * @port: the client's port
 * @state: as in tcp_states.h, 0 for none
 *
 * One that is gone instead fails the case.
 */
void wait_state(struct leak *l, unsigned int port, unsigned int state)
{
	uint64_t deadline = now_ms() + DEADLINE;
	unsigned int last;

	while ((last = tcp_state(l, port, NULL)) && last != state) {
		need(l, now_ms() < deadline,
		     "a connection stayed in state %u instead of %u", last,
		     state);
		drain(l);
		pause_shortly();
	}
	want(l, last == state, "a connection is gone instead of in state %u",
	     state);
}

/**
 * wait_retransmits() - until a connection of the client's sends once more, or is gone
 * @l: the run
 * @port: the client's port
 * @times: how often
 *
 * Return: whether it has.
 */
bool wait_retransmits(struct leak *l, unsigned int port, unsigned int times)
{
	uint64_t deadline = now_ms() + DEADLINE;
	unsigned int retransmits = 0;

	while (tcp_state(l, port, &retransmits) && retransmits < times &&
	       now_ms() < deadline) {
		drain(l);
		pause_shortly();
	}
	return retransmits >= times;
}

/**
 * tcp_counter() - what the client's TCP has counted
 * @name: as nstat shows it, without TcpExt
 */
unsigned long tcp_counter(const char *name)
{
	static char names[1 << 14], values[1 << 14];
	char *name_end, *value_end, *word, *value;
	unsigned long found = 0;
	FILE *file;

	file = fopen("/proc/thread-self/net/netstat", "re");
	if (!file)
		return 0;
	/* A line of names, and one of values */
	if (fgets(names, sizeof(names), file) &&
	    fgets(values, sizeof(values), file)) {
		word = strtok_r(names, "\n ", &name_end);
		value = strtok_r(values, "\n ", &value_end);
		while (word && value && strcmp(word, name)) {
			word = strtok_r(NULL, "\n ", &name_end);
			value = strtok_r(NULL, "\n ", &value_end);
		}
		found = word && value ? strtoul(value, NULL, 10) : 0;
	}
	fclose(file);
	return found;
}

/**
 * unsent() - whether there is data that has never been sent
 * @fd: socket
 */
bool unsent(int fd)
{
	int bytes = 0;

	return !ioctl(fd, SIOCOUTQNSD, &bytes) && bytes > 0;
}
