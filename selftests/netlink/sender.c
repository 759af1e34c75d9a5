// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/securebits.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroups.h"
#include "sender.h"
#include "traffic.h"

/* For experiments: nobody listens, and nobody but us sends. */
#define RAW_PROTOCOL	253

struct sender_request {
	sender_order	*order;
	struct packet	packet;
};

/* It keeps its capabilities: raw sockets need one. */
static int become(const struct sender_owner *owner)
{
	gid_t fsgid = owner->fsgid ?: owner->gid;

	if ((owner->cgroup && cgroup_join(owner->cgroup)) ||
	    prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) ||
	    setgroups(owner->group_count, owner->groups) ||
	    setresgid(owner->gid, owner->gid, owner->gid) ||
	    setresuid(owner->uid, owner->uid, owner->uid))
		return -1;
	setfsgid(fsgid);
	return setfsgid(fsgid) == (int)fsgid ? 0 : -1;
}

static void obey(int fd)
{
	struct sender_request request;

	while (read(fd, &request, sizeof(request)) == sizeof(request)) {
		int result = request.order(&request.packet);

		if (write(fd, &result, sizeof(result)) != sizeof(result))
			return;
	}
}

/**
 * sender_start() - start a process that sends what it is told
 * @sender: gets it
 * @owner: who it is
 *
 * Return: 0 or -1.
 */
int sender_start(struct sender *sender, const struct sender_owner *owner)
{
	int fds[2], result = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
		return -1;
	sender->pid = fork();
	if (!sender->pid) {
		close(fds[0]);
		if (!become(owner) &&
		    write(fds[1], &result, sizeof(result)) == sizeof(result))
			obey(fds[1]);
		_exit(EXIT_SUCCESS);
	}
	close(fds[1]);
	sender->fd = fds[0];
	return sender->pid > 0 &&
	       read(sender->fd, &result, sizeof(result)) == sizeof(result) ?
	       0 : -1;
}

/**
 * sender_do() - have a sender do something
 * @sender: the sender
 * @order: what, a function of the program that started it
 * @packet: given to it
 *
 * Return: what @order returned, -EPIPE if the sender has died.
 */
int sender_do(struct sender *sender, sender_order *order,
	      const struct packet *packet)
{
	const struct sender_request request = {
		.order = order,
		.packet = *packet,
	};
	int result;

	if (write(sender->fd, &request, sizeof(request)) != sizeof(request) ||
	    read(sender->fd, &result, sizeof(result)) != sizeof(result))
		return -EPIPE;
	return result;
}

/**
 * sender_stop() - end a sender
 * @sender: the sender
 *
 * Return: 0 or -1.
 */
int sender_stop(struct sender *sender)
{
	int status;

	/* Others that were started later have the descriptor too. */
	shutdown(sender->fd, SHUT_RDWR);
	close(sender->fd);
	return waitpid(sender->pid, &status, 0) == sender->pid && !status ?
	       0 : -1;
}

/**
 * allow_ping_sockets() - let everybody in this network namespace open them
 *
 * Return: 0 or -1.
 */
int allow_ping_sockets(void)
{
	static const char range[] = "0 2147483647";
	ssize_t len;
	int fd;

	fd = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	len = write(fd, range, sizeof(range) - 1);
	close(fd);
	return len < 0 ? -1 : 0;
}

/**
 * packet_socket() - open the socket that can send a packet
 * @packet: the packet
 *
 * Return: the socket or a negative errno.
 */
int packet_socket(const struct packet *packet)
{
	static const int types[] = {
		[PACKET_TCP] = SOCK_STREAM | SOCK_NONBLOCK,
		[PACKET_UDP] = SOCK_DGRAM,
		[PACKET_CONNECTED_UDP] = SOCK_DGRAM,
		[PACKET_PING] = SOCK_DGRAM,
		[PACKET_RAW] = SOCK_RAW,
	};
	int fd, protocol = 0;

	if (packet->type == PACKET_PING)
		protocol = packet->family == AF_INET ? IPPROTO_ICMP :
						       IPPROTO_ICMPV6;
	if (packet->type == PACKET_RAW)
		protocol = RAW_PROTOCOL;
	fd = socket(packet->family, types[packet->type], protocol);
	return fd < 0 ? -errno : fd;
}

/**
 * packet_send_on() - send a packet
 * @fd: a socket that packet_socket() has opened for it
 * @packet: the packet
 *
 * Return: 0 or a negative errno, if the kernel tells.
 */
int packet_send_on(int fd, const struct packet *packet)
{
	struct sockaddr_storage to;
	socklen_t len = traffic_neighbour(packet->family, &to);
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof(peer);
	struct icmphdr icmp = {
		.type = packet->family == AF_INET ? ICMP_ECHO :
						    ICMP6_ECHO_REQUEST,
	};

	/* A port is no part of a raw socket's address. */
	if (packet->type == PACKET_RAW && packet->family == AF_INET6)
		((struct sockaddr_in6 *)&to)->sin6_port = 0;

	if (packet->type == PACKET_TCP) {
		if (connect(fd, (struct sockaddr *)&to, len) &&
		    errno != EINPROGRESS)
			return -errno;
		return 0;
	}
	if (packet->type == PACKET_CONNECTED_UDP) {
		/* Once, so that the socket remembers its route. */
		if (getpeername(fd, (struct sockaddr *)&peer, &peer_len) &&
		    connect(fd, (struct sockaddr *)&to, len))
			return -errno;
		return send(fd, &icmp, sizeof(icmp), 0) < 0 ? -errno : 0;
	}
	if (sendto(fd, &icmp, sizeof(icmp), 0, (struct sockaddr *)&to, len) < 0)
		return -errno;
	return 0;
}

/**
 * packet_send() - send a packet by a socket of its own
 * @packet: the packet
 *
 * Return: 0 or a negative errno, see packet_send_on().
 */
int packet_send(const struct packet *packet)
{
	int fd = packet_socket(packet);
	int err;

	if (fd < 0)
		return fd;
	err = packet_send_on(fd, packet);
	close(fd);
	return err;
}

static int kept_socket;

/**
 * socket_keep() - open a socket and keep it
 * @packet: what it is to send
 *
 * Return: 0 or a negative errno.
 */
int socket_keep(const struct packet *packet)
{
	kept_socket = packet_socket(packet);
	return kept_socket < 0 ? kept_socket : 0;
}

/**
 * socket_send() - send a packet on the socket that was kept
 * @packet: the packet
 *
 * Return: 0 or a negative errno, see packet_send_on().
 */
int socket_send(const struct packet *packet)
{
	return packet_send_on(kept_socket, packet);
}

/**
 * socket_mark() - read the mark of the socket that was kept
 * @packet: ignored
 *
 * Return: the mark or a negative errno.
 */
int socket_mark(const struct packet *packet)
{
	socklen_t len = sizeof(int);
	int mark;

	(void)packet;
	return getsockopt(kept_socket, SOL_SOCKET, SO_MARK, &mark, &len) ?
	       -errno : mark;
}

/**
 * socket_set_mark() - set the mark of the socket that was kept
 * @packet: has it
 *
 * Return: 0 or a negative errno.
 */
int socket_set_mark(const struct packet *packet)
{
	return setsockopt(kept_socket, SOL_SOCKET, SO_MARK, &packet->mark,
			  sizeof(packet->mark)) ? -errno : 0;
}

/**
 * socket_close() - close the socket that was kept
 * @packet: ignored
 *
 * Return: 0 or a negative errno.
 */
int socket_close(const struct packet *packet)
{
	(void)packet;
	return close(kept_socket) ? -errno : 0;
}
