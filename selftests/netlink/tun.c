// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tun.h"

#define TUN_DEVICE	"tun0"
#define IPV4_HERE	"198.51.100.1"
#define IPV4_THERE	"198.51.100.2"
#define IPV6_HERE	"2001:db8:1::1"
#define IPV6_THERE	"2001:db8:1::2"

/* The kernel answers before the write returns: what takes longer, won't come. */
#define ANSWER_TIMEOUT_MSEC	1000

struct ipv4_ping {
	struct iphdr	ip;
	struct icmphdr	icmp;
};

struct ipv6_ping {
	struct ip6_hdr	ip;
	struct icmphdr	icmp;
};

/* RFC 1071, over what is already in network byte order. */
static __u16 checksum(const void *data, size_t len, __u32 sum)
{
	const __u16 *words = data;
	size_t i;

	for (i = 0; i < len / sizeof(*words); i++)
		sum += words[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static ssize_t write_ipv4_ping(int fd)
{
	struct ipv4_ping ping = {
		.ip = {
			.version = 4,
			.ihl = 5,
			.ttl = 64,
			.protocol = IPPROTO_ICMP,
			.tot_len = htons(sizeof(ping)),
			.saddr = inet_addr(IPV4_THERE),
			.daddr = inet_addr(IPV4_HERE),
		},
		.icmp = { .type = ICMP_ECHO },
	};

	ping.ip.check = checksum(&ping.ip, sizeof(ping.ip), 0);
	ping.icmp.checksum = checksum(&ping.icmp, sizeof(ping.icmp), 0);
	return write(fd, &ping, sizeof(ping));
}

static ssize_t write_ipv6_ping(int fd)
{
	struct ipv6_ping ping = {
		.ip = {
			.ip6_flow = htonl(6 << 28),
			.ip6_plen = htons(sizeof(ping.icmp)),
			.ip6_nxt = IPPROTO_ICMPV6,
			.ip6_hlim = 64,
		},
		.icmp = { .type = ICMP6_ECHO_REQUEST },
	};
	__u32 sum = htons(sizeof(ping.icmp)) + htons(IPPROTO_ICMPV6);

	inet_pton(AF_INET6, IPV6_THERE, &ping.ip.ip6_src);
	inet_pton(AF_INET6, IPV6_HERE, &ping.ip.ip6_dst);
	sum += (__u16)~checksum(&ping.ip.ip6_src, 2 * sizeof(ping.ip.ip6_src),
				0);
	ping.icmp.checksum = checksum(&ping.icmp, sizeof(ping.icmp), sum);
	return write(fd, &ping, sizeof(ping));
}

static int is_answer(const char *packet, ssize_t len, int family)
{
	if (family == AF_INET)
		return len == sizeof(struct ipv4_ping) && packet[0] >> 4 == 4 &&
		       ((const struct ipv4_ping *)packet)->icmp.type ==
		       ICMP_ECHOREPLY;
	return len == sizeof(struct ipv6_ping) && packet[0] >> 4 == 6 &&
	       ((const struct ipv6_ping *)packet)->icmp.type ==
	       ICMP6_ECHO_REPLY;
}

/**
 * tun_open() - make the device and give it addresses
 *
 * Return: a file descriptor or a negative errno.
 */
int tun_open(void)
{
	struct ifreq ifreq = {
		.ifr_name = TUN_DEVICE,
		.ifr_flags = IFF_TUN | IFF_NO_PI,
	};
	int fd;

	/* Where nobody has made the node, it comes with the module. */
	if (access("/dev/net/tun", F_OK) && system("modprobe tun"))
		return -ENODEV;
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Without an address of its own it sends little that nobody asked for. */
	if (ioctl(fd, TUNSETIFF, &ifreq) ||
	    system("ip -batch - <<-end\n"
		   "link set " TUN_DEVICE " addrgenmode none\n"
		   "addr add " IPV4_HERE "/24 dev " TUN_DEVICE "\n"
		   "addr add " IPV6_HERE "/64 dev " TUN_DEVICE " nodad\n"
		   "link set " TUN_DEVICE " up\n"
		   "end\n")) {
		close(fd);
		return -EIO;
	}
	return fd;
}

/**
 * tun_be_pinged() - have a ping come in by the device, and wait for the answer
 * @fd: from tun_open()
 * @family: AF_INET or AF_INET6
 *
 * The answer is sent by a socket of the kernel.
 *
 * Return: 0 or a negative errno, -ETIMEDOUT if there is no answer.
 */
int tun_be_pinged(int fd, int family)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	_Alignas(8) char packet[256];
	ssize_t len;

	len = family == AF_INET ? write_ipv4_ping(fd) : write_ipv6_ping(fd);
	if (len < 0)
		return -errno;
	do {
		if (poll(&pollfd, 1, ANSWER_TIMEOUT_MSEC) != 1)
			return -ETIMEDOUT;
		len = read(fd, packet, sizeof(packet));
	} while (!is_answer(packet, len, family));
	return 0;
}
