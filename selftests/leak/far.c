// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include "leak.h"

/* What waits, waits for something that takes no time. */
static void set_deadlines(int fd)
{
	const struct timeval deadline = { .tv_sec = DEADLINE / 1000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof(deadline));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof(deadline));
}

/**
 * in_place() - make sockets in another namespace
 * @l: the run
 * @place: which one
 */
void in_place(struct leak *l, enum place place)
{
	if (setns(l->namespaces[place], CLONE_NEWNET)) {
		perror("# setns");
		exit(1);
	}
}

static socklen_t address_of(struct leak *l, const char *text, unsigned int port,
			    struct sockaddr_storage *address)
{
	struct sockaddr_in *in = (void *)address;
	struct sockaddr_in6 *in6 = (void *)address;

	memset(address, 0, sizeof(*address));
	address->ss_family = l->family;
	if (l->family == AF_INET) {
		in->sin_port = htons(port);
		inet_pton(AF_INET, text, &in->sin_addr);
		return sizeof(*in);
	}
	in6->sin6_port = htons(port);
	inet_pton(AF_INET6, text, &in6->sin6_addr);
	return sizeof(*in6);
}

/**
 * far_address() - an address that both far ends have, for this case
 * @l: the run
 * @host: number of the address, 1 to 254
 * @port: port
 * @address: filled in
 *
 * Return: its length.
 */
socklen_t far_address(struct leak *l, unsigned int host, unsigned int port,
		      struct sockaddr_storage *address)
{
	char text[64];

	if (l->family == AF_INET)
		snprintf(text, sizeof(text), "198.18.%u.%u", l->number, host);
	else
		snprintf(text, sizeof(text), "2001:db8:%x::%x", l->number, host);
	return address_of(l, text, port, address);
}

/**
 * group_address() - a multicast group of this case
 * @l: the run
 * @port: port
 * @address: filled in
 *
 * Return: its length.
 */
socklen_t group_address(struct leak *l, unsigned int port,
			struct sockaddr_storage *address)
{
	char text[64];

	if (l->family == AF_INET)
		snprintf(text, sizeof(text), "239.198.%u.1", l->number);
	else
		snprintf(text, sizeof(text), "ff0e:0:%x::1", l->number);
	return address_of(l, text, port, address);
}

/**
 * tunnel_address() - the client's address in the tunnel
 * @l: the run
 * @port: port
 * @address: filled in
 *
 * Return: its length.
 */
socklen_t tunnel_address(struct leak *l, unsigned int port,
			 struct sockaddr_storage *address)
{
	return address_of(l, l->family == AF_INET ? "10.1.2.2" : "fd00:1:2::2",
			  port, address);
}

/**
 * act_as() - make sockets as a user, and as the group of that number
 * @user: OWNER ..., 0 for root
 */
void act_as(unsigned int user)
{
	setfsgid(user);
	setfsuid(user);
}

/**
 * become() - be a user, and the group of that number
 * @user: OWNER ...
 *
 * Return: whether this process is.
 */
bool become(unsigned int user)
{
	return !setresgid(user, user, user) && !setresuid(user, user, user);
}

/**
 * owner_socket() - a socket of the owner
 * @l: the run
 * @type: SOCK_STREAM ...
 * @protocol: IPPROTO_MPTCP ..., or 0
 *
 * Return: the socket, kept until the end of the case; -1 and errno.
 */
int owner_socket(struct leak *l, int type, int protocol)
{
	int fd;

	act_as(OWNER);
	fd = socket(l->family, type | SOCK_CLOEXEC, protocol);
	act_as(0);
	if (fd >= 0)
		set_deadlines(fd);
	return keep(l, fd);
}

/**
 * far_socket() - a socket of a far end
 * @l: the run
 * @place: which end
 * @type: SOCK_STREAM ...
 * @protocol: IPPROTO_ICMP ..., or 0
 *
 * Return: the socket, bound to the case's first address there, and kept until the end
 * of the case.
 */
int far_socket(struct leak *l, enum place place, int type, int protocol)
{
	struct sockaddr_storage address;
	socklen_t len = far_address(l, 1, 0, &address);
	int fd;

	in_place(l, place);
	fd = socket(l->family, type | SOCK_CLOEXEC, protocol);
	in_place(l, CLIENT);
	if (fd >= 0)
		set_deadlines(fd);
	need(l, fd >= 0 && !bind(fd, (struct sockaddr *)&address, len),
	     "a socket at the far end: %s", strerror(errno));
	return keep(l, fd);
}

/**
 * keep() - have a file descriptor until the end of the case
 * @l: the run
 * @fd: file descriptor, or -1
 *
 * Return: @fd.
 */
int keep(struct leak *l, int fd)
{
	if (fd >= 0) {
		need(l, l->n_fds < MAX_FDS, "more sockets than a case may have");
		l->fds[l->n_fds++] = fd;
	}
	return fd;
}

/**
 * let_go() - close a file descriptor that was kept
 * @l: the run
 * @fd: file descriptor, -1 afterwards
 */
void let_go(struct leak *l, int *fd)
{
	unsigned int i;

	for (i = 0; i < l->n_fds; i++) {
		if (l->fds[i] == *fd) {
			l->fds[i] = l->fds[--l->n_fds];
			close(*fd);
			break;
		}
	}
	*fd = -1;
}

void nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/**
 * need() - end the case where it makes no sense without something
 * @l: the run
 * @condition: what must be true
 * @format: what it was
 */
void need(struct leak *l, bool condition, const char *format, ...)
{
	va_list arguments;

	if (condition)
		return;
	va_start(arguments, format);
	vsnprintf(l->broken, sizeof(l->broken), format, arguments);
	va_end(arguments);
	longjmp(l->end, 1);
}

/**
 * want() - fail the case without something, but go on
 * @l: the run
 * @condition: what must be true
 * @format: what it was; the first one is told
 *
 * What would be seen of a tool that loses connections, is seen.
 */
void want(struct leak *l, bool condition, const char *format, ...)
{
	va_list arguments;

	if (condition || l->broken[0])
		return;
	va_start(arguments, format);
	vsnprintf(l->broken, sizeof(l->broken), format, arguments);
	va_end(arguments);
}

/**
 * skip_case() - the machine can't do this
 * @l: the run
 * @why: the reason
 */
void skip_case(struct leak *l, const char *why)
{
	l->skipped = why;
	longjmp(l->end, 1);
}
