// SPDX-License-Identifier: LGPL-2.1-or-later
/* What others do to the network, or to what the tool has set up, in mid-flow */
#include <errno.h>
#include <unistd.h>

#include "leak.h"

static const char data[3000];

static void send_udp(struct leak *l, int fd)
{
	struct sockaddr_storage to;
	socklen_t len = far_address(l, 1, FAR_PORT, &to);
	int i;

	for (i = 0; i < ROUNDS; i++)
		sendto(fd, data, 100, 0, (struct sockaddr *)&to, len);
}

static void connect_again(struct leak *l)
{
	struct sockaddr_storage to;
	socklen_t len = far_address(l, 1, FAR_PORT, &to);
	int fd = owner_socket(l, SOCK_STREAM, 0);

	nonblocking(fd);
	connect(fd, (struct sockaddr *)&to, len);
}

/**
 * struct flows - what goes on when something happens
 *
 * @tcp: a connection
 * @udp: a socket that has sent
 */
struct flows {
	struct pair	tcp;
	int		udp;
};

static void flows_open(struct leak *l, struct flows *flows)
{
	pair_open(l, &flows->tcp);
	echo(l, flows->tcp.client, flows->tcp.far);
	flows->udp = owner_socket(l, SOCK_DGRAM, 0);
	send_udp(l, flows->udp);
}

/* The old sockets go on, new ones come. */
static void flows_go_on(struct leak *l, struct flows *flows)
{
	send(flows->tcp.client, data, sizeof(data), MSG_NOSIGNAL | MSG_DONTWAIT);
	send_udp(l, flows->udp);
	send_udp(l, owner_socket(l, SOCK_DGRAM, 0));
	connect_again(l);
	wait_retransmits(l, flows->tcp.port, 1);
}

static void during(struct leak *l, const char *what)
{
	struct flows flows;

	flows_open(l, &flows);
	ask(l, what);
	flows_go_on(l, &flows);
}

static void route_deleted(struct leak *l)
{
	during(l, "delete_route");
}

static void table_flushed(struct leak *l)
{
	during(l, "flush_table");
}

static void rules_deleted(struct leak *l)
{
	during(l, "delete_rules");
}

static void rules_flushed(struct leak *l)
{
	during(l, "flush_rules");
}

static void ruleset_flushed(struct leak *l)
{
	during(l, "flush_ruleset");
}

static void device_deleted(struct leak *l)
{
	during(l, "delete_device");
}

static void up_down_up(struct leak *l)
{
	unsigned int before;
	struct flows flows;

	flows_open(l, &flows);
	ask(l, "tunnel_down");
	flows_go_on(l, &flows);
	ask(l, "tunnel_up");
	before = capture_count(l->capture[TUNNEL], l->number);
	flows_go_on(l, &flows);
	drain(l);
	want(l, capture_count(l->capture[TUNNEL], l->number) > before,
	     "the tunnel isn't used again");
}

static void module_removed(struct leak *l)
{
	during(l, "remove_module");
}

_Noreturn static void send_all_the_time(struct leak *l)
{
	struct sockaddr_storage to;
	socklen_t len = far_address(l, 1, FAR_PORT, &to);
	int udp = owner_socket(l, SOCK_DGRAM, 0);
	int fd;

	for (;;) {
		sendto(udp, data, 100, 0, (struct sockaddr *)&to, len);
		fd = socket(l->family, SOCK_DGRAM, 0);
		sendto(fd, data, 100, 0, (struct sockaddr *)&to, len);
		close(fd);
		usleep(1000);
	}
}

/* Nothing may go astray between the old and the new. */
static void replaced(struct leak *l)
{
	struct flows flows;

	flows_open(l, &flows);
	l->helper = fork();
	if (!l->helper) {
		if (!become(OWNER))
			_exit(1);
		send_all_the_time(l);
	}
	ask(l, "replace");
	flows_go_on(l, &flows);
}

const struct leak_case disturbed_cases[] = {
	{ "route deleted", route_deleted, 0 },
	{ "table flushed", table_flushed, GUARD },
	{ "rules deleted", rules_deleted, GUARD },
	{ "ip rule flush", rules_flushed, GUARD },
	{ "nft flush ruleset", ruleset_flushed, 0 },
	{ "device deleted", device_deleted, 0 },
	{ "tunnel up, down, up", up_down_up, 0 },
	{ "module removed", module_removed, 0 },
	{ "mapping replaced", replaced, 0 },
	{ }
};
