// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "capture.h"

/* Room for what a case sends before somebody looks */
#define BUFFER_SIZE	(16 << 20)
#define FRAME_SIZE	2048
/* Packets from the far end that can be sent again */
#define MAX_SENT	8
#define LOOPBACK	1

/**
 * struct sent - a TCP packet from the far end
 *
 * @number: of the case
 * @flags: of its TCP header; %TH_PUSH stands for any data
 * @len: of @frame
 * @to: how it was sent
 * @frame: a struct virtio_net_hdr, and the frame from Ethernet on.  The first says
 *	which part of a checksum is still to be done
 */
struct sent {
	unsigned int		number;
	unsigned int		flags;
	size_t			len;
	struct sockaddr_ll	to;
	unsigned char		frame[FRAME_SIZE];
};

/**
 * struct capture - of all devices of a namespace
 *
 * @fd: packet socket
 * @counts: packets from the client, by case
 * @total: all of them
 * @texts: the first of them
 * @sent: the last from the far end
 * @next: place in @sent
 */
struct capture {
	int		fd;
	unsigned int	counts[MAX_CASES];
	unsigned int	total;
	char		*texts[MAX_CASES][MAX_TEXTS];
	struct sent	sent[MAX_SENT];
	unsigned int	next;
};

/**
 * struct packet - a frame, taken apart
 *
 * @family: AF_INET or AF_INET6
 * @source: its address
 * @destination: likewise
 * @protocol: after IPv6's fragment header, if there is one
 * @fragment: not the first one, so that there is no header after IP's
 * @transport: that header
 * @len: of @transport, with what follows
 * @packet_len: from the IP header on
 */
struct packet {
	int			family;
	const unsigned char	*source;
	const unsigned char	*destination;
	unsigned int		protocol;
	bool			fragment;
	const unsigned char	*transport;
	size_t			len;
	size_t			packet_len;
};

/**
 * capture_open() - begin to see what passes all devices of this namespace
 *
 * Return: the capture, which lives as long as the process; or NULL.
 */
struct capture *capture_open(void)
{
	struct sockaddr_ll all = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
	};
	const int one = 1, size = BUFFER_SIZE;
	struct capture *c;

	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0 ||
	    setsockopt(c->fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)) ||
	    setsockopt(c->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(c->fd, (struct sockaddr *)&all, sizeof(all)))
		return NULL;
	return c;
}

static bool dissect_ipv4(const unsigned char *data, size_t len,
			 struct packet *p)
{
	const struct iphdr *ip = (const void *)data;
	size_t header = len < sizeof(*ip) ? len + 1 : ip->ihl * 4u;

	if (header > len)
		return false;
	p->family = AF_INET;
	p->source = (const void *)&ip->saddr;
	p->destination = (const void *)&ip->daddr;
	p->protocol = ip->protocol;
	p->fragment = ntohs(ip->frag_off) & IP_OFFMASK;
	p->transport = data + header;
	p->len = len - header;
	return true;
}

static bool dissect_ipv6(const unsigned char *data, size_t len,
			 struct packet *p)
{
	const struct ip6_hdr *ip = (const void *)data;
	const struct ip6_frag *frag = (const void *)(data + sizeof(*ip));

	if (len < sizeof(*ip))
		return false;
	p->family = AF_INET6;
	p->source = (const void *)&ip->ip6_src;
	p->destination = (const void *)&ip->ip6_dst;
	p->protocol = ip->ip6_nxt;
	p->transport = data + sizeof(*ip);
	p->len = len - sizeof(*ip);
	if (p->protocol == IPPROTO_FRAGMENT && p->len >= sizeof(*frag)) {
		p->protocol = frag->ip6f_nxt;
		p->fragment = frag->ip6f_offlg & IP6F_OFF_MASK;
		p->transport += sizeof(*frag);
		p->len -= sizeof(*frag);
	}
	return true;
}

static bool dissect(const unsigned char *data, size_t len,
		    const struct sockaddr_ll *link, struct packet *p)
{
	memset(p, 0, sizeof(*p));
	p->packet_len = len;
	switch (ntohs(link->sll_protocol)) {
	case ETH_P_IP:
		return dissect_ipv4(data, len, p);
	case ETH_P_IPV6:
		return dissect_ipv6(data, len, p);
	default:
		return false;
	}
}

/* 198.18.N.0/24, 239.198.N.0/24, 2001:db8:N::/48, ff0e:0:N::/48.  0 if it is no case's. */
static unsigned int case_of(int family, const unsigned char *address)
{
	static const unsigned char networks4[][2] = { { 198, 18 }, { 239, 198 } };
	static const unsigned char networks6[][4] = {
		{ 0x20, 0x01, 0x0d, 0xb8 }, { 0xff, 0x0e },
	};
	unsigned int number = 0, i;

	for (i = 0; i < 2; i++) {
		if (family == AF_INET && !memcmp(address, networks4[i], 2))
			number = address[2];
		if (family == AF_INET6 && !memcmp(address, networks6[i], 4))
			number = address[4] << 8 | address[5];
	}
	return number < MAX_CASES ? number : 0;
}

static void describe_tcp(const struct packet *p, char *text, size_t size)
{
	static const struct {
		unsigned int	flag;
		const char	*name;
	} names[] = {
		{ TH_SYN, " SYN" }, { TH_FIN, " FIN" }, { TH_RST, " RST" },
		{ TH_ACK, " ACK" },
	};
	const struct tcphdr *tcp = (const void *)p->transport;
	char flags[32] = "";
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (tcp->th_flags & names[i].flag)
			strcat(flags, names[i].name);
	}
	snprintf(text, size, "TCP %u > %u%s", ntohs(tcp->source),
		 ntohs(tcp->dest), flags);
}

static void describe_transport(const struct packet *p, char *text, size_t size)
{
	const struct udphdr *udp = (const void *)p->transport;

	if (p->fragment)
		snprintf(text, size, "protocol %u, fragment", p->protocol);
	else if (p->protocol == IPPROTO_TCP && p->len >= sizeof(struct tcphdr))
		describe_tcp(p, text, size);
	else if (p->protocol == IPPROTO_UDP && p->len >= sizeof(*udp))
		snprintf(text, size, "UDP %u > %u", ntohs(udp->source),
			 ntohs(udp->dest));
	else if ((p->protocol == IPPROTO_ICMP ||
		  p->protocol == IPPROTO_ICMPV6) && p->len >= 2)
		snprintf(text, size, "ICMP type %u code %u", p->transport[0],
			 p->transport[1]);
	else
		snprintf(text, size, "protocol %u", p->protocol);
}

static char *describe(const struct packet *p)
{
	char source[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN];
	char transport[64];
	char *text;

	inet_ntop(p->family, p->source, source, sizeof(source));
	inet_ntop(p->family, p->destination, destination, sizeof(destination));
	describe_transport(p, transport, sizeof(transport));
	if (asprintf(&text, "%s > %s %s, %zu bytes", source, destination,
		     transport, p->packet_len) < 0)
		return NULL;
	return text;
}

static void count(struct capture *c, const struct packet *p)
{
	unsigned int number = case_of(p->family, p->destination);
	unsigned int i;

	if (!number)
		return;
	i = c->counts[number]++;
	c->total++;
	if (i < MAX_TEXTS)
		c->texts[number][i] = describe(p);
}

static size_t tcp_header(const struct packet *p)
{
	return ((const struct tcphdr *)p->transport)->doff * 4u;
}

static void remember(struct capture *c, const struct packet *p,
		     const unsigned char *frame, size_t len,
		     const struct sockaddr_ll *link)
{
	struct sent *sent = &c->sent[c->next % MAX_SENT];
	unsigned int number = case_of(p->family, p->source);

	if (!number || p->protocol != IPPROTO_TCP || len > FRAME_SIZE ||
	    p->len < sizeof(struct tcphdr))
		return;
	c->next++;
	sent->number = number;
	sent->flags = ((const struct tcphdr *)p->transport)->th_flags & ~TH_PUSH;
	if (p->len > tcp_header(p))
		sent->flags |= TH_PUSH;
	sent->len = len;
	sent->to = *link;
	memcpy(sent->frame, frame, len);
}

/**
 * capture_drain() - look at all that has passed by now
 * @c: the capture
 */
void capture_drain(struct capture *c)
{
	const size_t headers = sizeof(struct virtio_net_hdr) + ETH_HLEN;
	static unsigned char frame[1 << 17];
	struct sockaddr_ll link;
	struct packet packet;
	socklen_t link_len;
	ssize_t len;

	for (;;) {
		link_len = sizeof(link);
		len = recvfrom(c->fd, frame, sizeof(frame), 0,
			       (struct sockaddr *)&link, &link_len);
		if (len < 0 && errno == EAGAIN)
			return;
		/* A device that went down says so here, once. */
		if (len < (ssize_t)headers || link.sll_ifindex == LOOPBACK ||
		    !dissect(frame + headers, len - headers, &link, &packet))
			continue;
		if (link.sll_pkttype == PACKET_OUTGOING)
			remember(c, &packet, frame, len, &link);
		else
			count(c, &packet);
	}
}

/**
 * capture_count() - packets of a case that came from the client
 * @c: the capture
 * @number: of the case
 */
unsigned int capture_count(const struct capture *c, unsigned int number)
{
	return c->counts[number];
}

/**
 * capture_total() - packets of all cases that came from the client
 * @c: the capture
 */
unsigned int capture_total(const struct capture *c)
{
	return c->total;
}

/**
 * capture_missed() - packets that there was no room for, whosever they were
 * @c: the capture
 *
 * To be asked once, at the end: the kernel counts anew afterwards.
 */
unsigned int capture_missed(const struct capture *c)
{
	struct tpacket_stats stats;
	socklen_t len = sizeof(stats);

	/* Of a capture that can't tell nothing is believed. */
	if (getsockopt(c->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len))
		return -1;
	return stats.tp_drops;
}

/**
 * capture_text() - one of these packets, for people
 * @c: the capture
 * @number: of the case
 * @i: of the packet, from 0 on
 *
 * Return: the text, or NULL if there are no more, or it wasn't kept.
 */
const char *capture_text(const struct capture *c, unsigned int number,
			 unsigned int i)
{
	return i < MAX_TEXTS ? c->texts[number][i] : NULL;
}

/**
 * capture_replay() - send the last packet of some kind from the far end once more
 * @c: the capture
 * @number: of the case
 * @flag: of its TCP header, %TH_PUSH for one with data
 *
 * As if what answered it had been lost.
 *
 * Return: whether there was one.
 */
bool capture_replay(struct capture *c, unsigned int number, unsigned int flag)
{
	const struct sent *sent;
	unsigned int i;

	capture_drain(c);
	for (i = 1; i <= MAX_SENT; i++) {
		sent = &c->sent[(c->next - i) % MAX_SENT];
		if (sent->number == number && sent->flags & flag)
			return sendto(c->fd, sent->frame, sent->len, 0,
				      (const struct sockaddr *)&sent->to,
				      sizeof(sent->to)) ==
			       (ssize_t)sent->len;
	}
	return false;
}
