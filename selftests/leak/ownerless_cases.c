// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the kernel answers by itself, in the name of the address that the owner has */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "leak.h"

/* Who asks. An answer to the ISP may fail to come; the others must come. */
static void connect_to(struct leak *l, enum place from, unsigned int port)
{
	struct sockaddr_storage to;
	socklen_t len = tunnel_address(l, port, &to);
	int i, fd;

	for (i = 0; i < ROUNDS; i++) {
		fd = far_socket(l, from, SOCK_STREAM, 0);
		if (from == ISP)
			nonblocking(fd);
		need(l, connect(fd, (struct sockaddr *)&to, len) < 0 &&
			(from == ISP || errno == ECONNREFUSED),
		     "no reset came: %s", strerror(errno));
		drain(l);
		let_go(l, &fd);
	}
}

static void ask_udp(struct leak *l, enum place from)
{
	struct sockaddr_storage to;
	socklen_t len = tunnel_address(l, CLOSED_PORT, &to);
	int fd = far_socket(l, from, SOCK_DGRAM, 0);
	char byte = 0;

	need(l, !connect(fd, (struct sockaddr *)&to, len) &&
		send(fd, &byte, 1, 0) == 1, "send: %s", strerror(errno));
	if (from == ISP)
		return;
	need(l, recv(fd, &byte, 1, 0) < 0 && errno == ECONNREFUSED,
	     "no error came: %s", strerror(errno));
}

static void ask_ping(struct leak *l, enum place from)
{
	struct icmp6_hdr echo6 = { .icmp6_type = ICMP6_ECHO_REQUEST };
	struct icmphdr echo4 = { .type = ICMP_ECHO };
	const bool ipv4 = l->family == AF_INET;
	struct sockaddr_storage to;
	socklen_t len = tunnel_address(l, 0, &to);
	char answer[100];
	int i, fd;

	fd = far_socket(l, from, SOCK_DGRAM, ipv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	for (i = 0; i < ROUNDS; i++) {
		need(l, sendto(fd, ipv4 ? (void *)&echo4 : (void *)&echo6,
			       ipv4 ? sizeof(echo4) : sizeof(echo6), 0,
			       (struct sockaddr *)&to, len) > 0,
		     "sendto: %s", strerror(errno));
		need(l, from == ISP || recv(fd, answer, sizeof(answer), 0) > 0,
		     "no answer came");
	}
}

static void closed_port(struct leak *l)
{
	connect_to(l, TUNNEL, CLOSED_PORT);
}

static void icmp_errors(struct leak *l)
{
	ask_udp(l, TUNNEL);
}

static void echo_replies(struct leak *l)
{
	ask_ping(l, TUNNEL);
}

/* The ISP looks whether this machine has the tunnel's address. */
static void probes(struct leak *l)
{
	service_open(l);
	connect_to(l, ISP, CLOSED_PORT);
	connect_to(l, ISP, SERVICE_PORT);
	ask_udp(l, ISP);
	ask_ping(l, ISP);
}

const struct leak_case ownerless_cases[] = {
	{ "connections to a closed port", closed_port, 0 },
	{ "ICMP errors", icmp_errors, 0 },
	{ "ICMP echo replies", echo_replies, 0 },
	{ "probes by the ISP", probes, SILENT },
	{ }
};
