// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sniffer.h"
#include "traffic.h"

/* Since 5.19; not in all of libc's headers. */
#ifndef SO_RCVMARK
#define SO_RCVMARK	75
#endif

/* Room for as much as a test sends before it looks. */
#define BUFFER_SIZE	(8 << 20)

/**
 * sniffer_open() - begin to see what leaves by a device
 * @device: its name
 *
 * Return: a file descriptor or a negative errno.
 */
int sniffer_open(const char *device)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(device),
	};
	const int one = 1, size = BUFFER_SIZE;
	int fd, err;

	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (addr.sll_ifindex &&
	    !setsockopt(fd, SOL_SOCKET, SO_RCVMARK, &one, sizeof(one)) &&
	    !setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) &&
	    !bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	err = errno;
	close(fd);
	return -err;
}

/* Neighbour discovery and the like go elsewhere. */
static int goes_to_neighbour(const char *packet, size_t len, int family)
{
	struct sockaddr_storage to;

	traffic_neighbour(family, &to);
	if (family == AF_INET)
		return len >= sizeof(struct iphdr) &&
		       ((const struct iphdr *)packet)->daddr ==
		       ((struct sockaddr_in *)&to)->sin_addr.s_addr;
	return len >= sizeof(struct ip6_hdr) &&
	       !memcmp(&((const struct ip6_hdr *)packet)->ip6_dst,
		       &((struct sockaddr_in6 *)&to)->sin6_addr,
		       sizeof(struct in6_addr));
}

/**
 * sniffer_next() - see the next packet that left for the neighbour
 * @fd: from sniffer_open()
 * @packet: what is known of it
 *
 * Return: 1, 0 if no other has left yet, or a negative errno.
 */
int sniffer_next(int fd, struct sniffer_packet *packet)
{
	_Alignas(8) char buf[128];
	char control[CMSG_SPACE(sizeof(__u32))];
	struct sockaddr_ll from;
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
	};
	const struct cmsghdr *cmsg;
	ssize_t len;

	do {
		msg.msg_namelen = sizeof(from);
		msg.msg_controllen = sizeof(control);
		len = recvmsg(fd, &msg, 0);
		if (len < 0)
			return errno == EAGAIN ? 0 : -errno;
		packet->family = from.sll_protocol == htons(ETH_P_IPV6) ?
				 AF_INET6 : AF_INET;
	} while (!goes_to_neighbour(buf, len, packet->family));

	cmsg = CMSG_FIRSTHDR(&msg);
	if (!cmsg || cmsg->cmsg_level != SOL_SOCKET ||
	    cmsg->cmsg_type != SO_MARK)
		return -EPROTO;
	memcpy(&packet->mark, CMSG_DATA(cmsg), sizeof(packet->mark));
	return 1;
}
