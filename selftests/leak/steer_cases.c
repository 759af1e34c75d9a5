// SPDX-License-Identifier: LGPL-2.1-or-later
/* Programs that choose their way themselves */
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "leak.h"

/* The one to the ISP */
#define FOREIGN_DEVICE	"eth0"
/* That of a rule of somebody else's, which leads to the main table */
#define FOREIGN_MARK	0x2222

static const char data[100];

/* The kernel may refuse it. */
static void send_some(struct leak *l, int fd)
{
	struct sockaddr_storage to;
	socklen_t len = far_address(l, 1, FAR_PORT, &to);
	int i;

	for (i = 0; i < ROUNDS; i++)
		sendto(fd, data, sizeof(data), 0, (struct sockaddr *)&to, len);
}

static void connect_some(struct leak *l, int fd)
{
	struct sockaddr_storage to;
	socklen_t len = far_address(l, 1, FAR_PORT, &to);

	listen_far(l, 0);
	nonblocking(fd);
	if (connect(fd, (struct sockaddr *)&to, len) && errno != EINPROGRESS)
		return;
	readable(l, l->listeners[ISP], 50);
}

static void set(struct leak *l, int fd, int level, int option,
		const void *value, socklen_t len)
{
	need(l, fd >= 0 && !setsockopt(fd, level, option, value, len),
	     "setsockopt: %s", strerror(errno));
}

static void both_kinds(struct leak *l, int level, int option, const void *value,
		       socklen_t len)
{
	int udp = owner_socket(l, SOCK_DGRAM, 0);
	int tcp = owner_socket(l, SOCK_STREAM, 0);

	set(l, udp, level, option, value, len);
	send_some(l, udp);
	set(l, tcp, level, option, value, len);
	connect_some(l, tcp);
}

static void bound_to_device(struct leak *l)
{
	both_kinds(l, SOL_SOCKET, SO_BINDTODEVICE, FOREIGN_DEVICE,
		   sizeof(FOREIGN_DEVICE));
}

static void unicast_if(struct leak *l)
{
	const uint32_t device = htonl(if_nametoindex(FOREIGN_DEVICE));

	if (l->family == AF_INET)
		both_kinds(l, IPPROTO_IP, IP_UNICAST_IF, &device, sizeof(device));
	else
		both_kinds(l, IPPROTO_IPV6, IPV6_UNICAST_IF, &device,
			   sizeof(device));
}

static void pktinfo(struct leak *l)
{
	struct in_pktinfo info4 = {
		.ipi_ifindex = if_nametoindex(FOREIGN_DEVICE),
	};
	struct in6_pktinfo info6 = {
		.ipi6_ifindex = if_nametoindex(FOREIGN_DEVICE),
	};
	const bool ipv4 = l->family == AF_INET;
	const size_t size = ipv4 ? sizeof(info4) : sizeof(info6);
	struct iovec iov = {
		.iov_base = (void *)data,
		.iov_len = sizeof(data),
	};
	char control[CMSG_SPACE(sizeof(info6))] = "";
	int i, fd = owner_socket(l, SOCK_DGRAM, 0);
	struct sockaddr_storage to;
	struct msghdr msg = {
		.msg_name = &to,
		.msg_namelen = far_address(l, 1, FAR_PORT, &to),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = CMSG_SPACE(size),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
	cmsg->cmsg_type = ipv4 ? IP_PKTINFO : IPV6_PKTINFO;
	cmsg->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(cmsg), ipv4 ? (void *)&info4 : (void *)&info6, size);
	for (i = 0; i < ROUNDS; i++)
		sendmsg(fd, &msg, 0);
}

/* The address of the link to the ISP as source */
static void bound_to_address(struct leak *l)
{
	struct sockaddr_storage from;
	socklen_t len = tunnel_address(l, 0, &from);
	int udp = owner_socket(l, SOCK_DGRAM, 0);
	int tcp = owner_socket(l, SOCK_STREAM, 0);

	/* 10.1.1.2, fd00:1:1::2 */
	if (l->family == AF_INET)
		((uint8_t *)&((struct sockaddr_in *)&from)->sin_addr)[2] = 1;
	else
		((struct sockaddr_in6 *)&from)->sin6_addr.s6_addr[5] = 1;
	need(l, !bind(udp, (struct sockaddr *)&from, len) &&
		!bind(tcp, (struct sockaddr *)&from, len),
	     "bind: %s", strerror(errno));
	send_some(l, udp);
	connect_some(l, tcp);
}

/* Only for what is on a link */
static void dontroute(struct leak *l)
{
	const int one = 1;
	char request[32];

	snprintf(request, sizeof(request), "on_link %u", l->number);
	ask(l, request);
	both_kinds(l, SOL_SOCKET, SO_DONTROUTE, &one, sizeof(one));
}

static void so_mark(struct leak *l)
{
	const int mark = FOREIGN_MARK;

	both_kinds(l, SOL_SOCKET, SO_MARK, &mark, sizeof(mark));
}

static void multicast_if(struct leak *l)
{
	const struct ip_mreqn device4 = {
		.imr_ifindex = if_nametoindex(FOREIGN_DEVICE),
	};
	const int device6 = if_nametoindex(FOREIGN_DEVICE);
	int i, fd = owner_socket(l, SOCK_DGRAM, 0);
	struct sockaddr_storage to;
	socklen_t len = group_address(l, FAR_PORT, &to);

	if (l->family == AF_INET)
		set(l, fd, IPPROTO_IP, IP_MULTICAST_IF, &device4, sizeof(device4));
	else
		set(l, fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &device6,
		    sizeof(device6));
	for (i = 0; i < ROUNDS; i++)
		sendto(fd, data, sizeof(data), 0, (struct sockaddr *)&to, len);
}

const struct leak_case steer_cases[] = {
	{ "SO_BINDTODEVICE", bound_to_device, GUARD | SILENT },
	{ "IP_UNICAST_IF", unicast_if, SILENT },
	{ "IP_PKTINFO", pktinfo, SILENT },
	{ "bound to the address of the ISP's link", bound_to_address, SILENT },
	{ "SO_DONTROUTE", dontroute, SILENT },
	{ "SO_MARK by the program", so_mark, 0 },
	{ "multicast by a chosen device", multicast_if, GUARD_IPV6 | SILENT },
	{ }
};
