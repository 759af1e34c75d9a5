// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/icmp6.h>
#include <netinet/udp.h>
#include <string.h>

#include "leak.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif

/* Many destinations */
#define MANY		50
/* Of UDP_SEGMENT, and how many of it are sent at once */
#define SEGMENT		500
#define SEGMENTS	10
/* That data has so many of them, in both families, on a link of 1500 bytes. */
#define FRAGMENTS	5
/* A protocol that nothing knows */
#define EXPERIMENT	253

static char data[6000];

static void send_to(struct leak *l, int fd, unsigned int host,
		    unsigned int port, size_t len)
{
	struct sockaddr_storage address;
	socklen_t address_len = far_address(l, host, port, &address);

	need(l, sendto(fd, data, len, 0, (struct sockaddr *)&address,
		       address_len) == (ssize_t)len,
	     "sendto: %s", strerror(errno));
}

static void unconnected(struct leak *l)
{
	int fd = owner_socket(l, SOCK_DGRAM, 0);
	unsigned int host;

	for (host = 1; host <= MANY; host++)
		send_to(l, fd, host, FAR_PORT, 100);
	want_packets(l, MANY);
}

static void segmented(struct leak *l)
{
	int fd = owner_socket(l, SOCK_DGRAM, 0);
	const int size = SEGMENT;

	need(l, !setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)),
	     "UDP_SEGMENT: %s", strerror(errno));
	send_to(l, fd, 1, FAR_PORT, SEGMENT * SEGMENTS);
	want_packets(l, SEGMENTS);
}

static void fragments(struct leak *l)
{
	int fd = owner_socket(l, SOCK_DGRAM, 0);
	int i;

	for (i = 0; i < ROUNDS; i++)
		send_to(l, fd, 1, FAR_PORT, sizeof(data));
	want_packets(l, ROUNDS * FRAGMENTS);
}

static void raw(struct leak *l)
{
	int fd = owner_socket(l, SOCK_RAW, EXPERIMENT);
	int i;

	need(l, fd >= 0, "a raw socket: %s", strerror(errno));
	for (i = 0; i < ROUNDS; i++)
		send_to(l, fd, 1, 0, 100);
}

/* The program writes the header of IP, and whose address is in it. */
static void raw_header(struct leak *l)
{
	int fd = owner_socket(l, SOCK_RAW, IPPROTO_RAW);
	struct sockaddr_storage from, to;
	union {
		struct iphdr	ip;
		struct ip6_hdr	ip6;
		char		bytes[100];
	} packet = { };
	int i;

	need(l, fd >= 0, "a raw socket: %s", strerror(errno));
	tunnel_address(l, 0, &from);
	far_address(l, 1, 0, &to);
	if (l->family == AF_INET) {
		packet.ip.version = 4;
		packet.ip.ihl = 5;
		packet.ip.ttl = 64;
		packet.ip.protocol = EXPERIMENT;
		packet.ip.saddr = ((struct sockaddr_in *)&from)->sin_addr.s_addr;
		packet.ip.daddr = ((struct sockaddr_in *)&to)->sin_addr.s_addr;
	} else {
		packet.ip6.ip6_vfc = 6 << 4;
		packet.ip6.ip6_plen = htons(sizeof(packet) - sizeof(packet.ip6));
		packet.ip6.ip6_nxt = EXPERIMENT;
		packet.ip6.ip6_hlim = 64;
		packet.ip6.ip6_src = ((struct sockaddr_in6 *)&from)->sin6_addr;
		packet.ip6.ip6_dst = ((struct sockaddr_in6 *)&to)->sin6_addr;
	}
	for (i = 0; i < ROUNDS; i++)
		need(l, sendto(fd, &packet, sizeof(packet), 0,
			       (struct sockaddr *)&to, sizeof(to)) > 0,
		     "sendto: %s", strerror(errno));
}

static void ping(struct leak *l)
{
	struct sockaddr_storage to;
	socklen_t len = far_address(l, 1, 0, &to);
	struct icmphdr echo4 = { .type = ICMP_ECHO };
	struct icmp6_hdr echo6 = { .icmp6_type = ICMP6_ECHO_REQUEST };
	int i, fd;

	fd = owner_socket(l, SOCK_DGRAM, l->family == AF_INET ? IPPROTO_ICMP :
								IPPROTO_ICMPV6);
	need(l, fd >= 0, "a ping socket: %s", strerror(errno));
	for (i = 0; i < ROUNDS; i++)
		need(l, (l->family == AF_INET ?
			 sendto(fd, &echo4, sizeof(echo4), 0,
				(struct sockaddr *)&to, len) :
			 sendto(fd, &echo6, sizeof(echo6), 0,
				(struct sockaddr *)&to, len)) > 0,
		     "sendto: %s", strerror(errno));
}

static void multicast(struct leak *l)
{
	struct sockaddr_storage to;
	socklen_t len = group_address(l, FAR_PORT, &to);
	int i, fd = owner_socket(l, SOCK_DGRAM, 0);

	for (i = 0; i < ROUNDS; i++)
		need(l, sendto(fd, data, 100, 0, (struct sockaddr *)&to, len) > 0 ||
			errno == EPERM, "sendto: %s", strerror(errno));
}

const struct leak_case datagram_cases[] = {
	{ "UDP to many", unconnected, 0 },
	{ "UDP_SEGMENT", segmented, 0 },
	{ "fragments", fragments, 0 },
	{ "raw socket", raw, 0 },
	{ "raw socket, own header", raw_header, 0 },
	{ "ping socket", ping, 0 },
	{ "multicast", multicast, GUARD_IPV6 | SILENT },
	{ }
};
