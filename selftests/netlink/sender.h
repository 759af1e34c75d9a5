/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Processes that send packets as somebody. */
#ifndef SENDER_H
#define SENDER_H

#include <linux/types.h>
#include <sys/types.h>

/* Most supplementary groups that an owner here can have. */
#define SENDER_GROUPS_MAX	2

/**
 * struct sender_owner - who a process is
 *
 * @uid: its uid
 * @gid: its gid
 * @fsgid: its fsgid, 0 for @gid
 * @groups: its supplementary groups
 * @group_count: how many
 * @cgroup: its cgroup, see cgroups.h; NULL to stay where it is
 */
struct sender_owner {
	uid_t		uid;
	gid_t		gid;
	gid_t		fsgid;
	gid_t		groups[SENDER_GROUPS_MAX];
	int		group_count;
	const char	*cgroup;
};

enum packet_type {
	PACKET_TCP,	/* a SYN */
	PACKET_UDP,
	PACKET_CONNECTED_UDP,
	PACKET_PING,	/* from an ICMP socket */
	PACKET_RAW,
	PACKET_TYPES
};

/**
 * struct packet - a packet to send to the neighbour on traffic_device()
 *
 * @family: AF_INET or AF_INET6
 * @type: by what kind of socket
 * @mark: for socket_set_mark()
 */
struct packet {
	int			family;
	enum packet_type	type;
	__u32			mark;
};

struct sender {
	pid_t	pid;
	int	fd;
};

/* What a sender is told to do: 0 or a negative errno. */
typedef int sender_order(const struct packet *packet);

int sender_start(struct sender *sender, const struct sender_owner *owner);
int sender_do(struct sender *sender, sender_order *order,
	      const struct packet *packet);
int sender_stop(struct sender *sender);

int allow_ping_sockets(void);
int packet_socket(const struct packet *packet);
int packet_send_on(int fd, const struct packet *packet);
sender_order packet_send;

/* Of the one socket that a sender keeps. */
sender_order socket_keep;
sender_order socket_send;
sender_order socket_mark;
sender_order socket_set_mark;
sender_order socket_close;

#endif
