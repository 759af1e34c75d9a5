// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
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
	return system("ip link add dummy0 type dummy") ||
	       system("ip addr add 192.0.2.1/24 dev dummy0") ||
	       system("ip link set dummy0 up") ? -1 : 0;
}

static int send_as(uid_t uid, int packets)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = inet_addr("192.0.2.2"),
	};
	const char payload[TRAFFIC_PACKET_LEN - 28] = "";
	int fd;

	if (setresuid(uid, uid, uid))
		return -1;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	while (packets--)
		if (sendto(fd, payload, sizeof(payload), 0,
			   (const struct sockaddr *)&to, sizeof(to)) < 0)
			return -1;
	return 0;
}

/**
 * traffic_send() - send UDP datagrams through that device
 * @uid: whose they are
 * @packets: how many
 *
 * Return: 0 or -1.
 */
int traffic_send(uid_t uid, int packets)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -1;
	if (!pid)
		_exit(send_as(uid, packets) ? EXIT_FAILURE : EXIT_SUCCESS);
	if (waitpid(pid, &status, 0) != pid || status)
		return -1;
	return 0;
}
