// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "traffic.h"

/**
 * traffic_device() - give this network namespace a device that swallows packets
 *
 * Return: 0, or -1 and ip(8) has said why not.
 */
int traffic_device(void)
{
	return system("ip -batch - <<-end\n"
		      "link add " TRAFFIC_DEVICE " type dummy\n"
		      "addr add 192.0.2.1/24 dev " TRAFFIC_DEVICE "\n"
		      "addr add 2001:db8::1/64 dev " TRAFFIC_DEVICE " nodad\n"
		      "link set " TRAFFIC_DEVICE " up\n"
		      "end\n") ? -1 : 0;
}

/**
 * traffic_neighbour() - somebody who seems to be behind that device
 * @family: AF_INET or AF_INET6
 * @addr: gets their address
 *
 * Return: its length.
 */
socklen_t traffic_neighbour(int family, struct sockaddr_storage *addr)
{
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)addr;
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)addr;

	memset(addr, 0, sizeof(*addr));
	addr->ss_family = family;
	if (family == AF_INET) {
		ipv4->sin_port = htons(9);
		inet_pton(AF_INET, "192.0.2.2", &ipv4->sin_addr);
		return sizeof(*ipv4);
	}
	ipv6->sin6_port = htons(9);
	inet_pton(AF_INET6, "2001:db8::2", &ipv6->sin6_addr);
	return sizeof(*ipv6);
}

static int send_as(int family, uid_t uid, int packets)
{
	struct sockaddr_storage to;
	socklen_t len = traffic_neighbour(family, &to);
	const char payload[TRAFFIC_PACKET_LEN - 28] = "";
	int fd;

	if (setresuid(uid, uid, uid))
		return errno;
	fd = socket(family, SOCK_DGRAM, 0);
	while (packets--)
		if (sendto(fd, payload, sizeof(payload), 0,
			   (const struct sockaddr *)&to, len) < 0)
			return errno;
	return 0;
}

/**
 * traffic_send() - send UDP datagrams through that device, in IPv4
 * @uid: whose they are
 * @packets: how many
 *
 * Return: 0 or a negative errno: what the sender was told.
 */
int traffic_send(uid_t uid, int packets)
{
	return traffic_send_in(AF_INET, uid, packets);
}

/**
 * traffic_send_in() - the same in another family
 * @family: AF_INET or AF_INET6
 * @uid: whose they are
 * @packets: how many
 *
 * Return: 0 or a negative errno: what the sender was told.
 */
int traffic_send_in(int family, uid_t uid, int packets)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(send_as(family, uid, packets));
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -ECHILD;
	return -WEXITSTATUS(status);
}
