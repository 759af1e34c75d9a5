// SPDX-License-Identifier: LGPL-2.1-or-later
/* Whose a socket is, and how it came to be */
#include <errno.h>
#include <linux/mptcp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP	262
#endif
#ifndef SOL_MPTCP
#define SOL_MPTCP	284
#endif

/* Somebody at the far end of the tunnel uses the owner's service. */
static void service(struct leak *l)
{
	struct sockaddr_storage address;
	socklen_t len = tunnel_address(l, SERVICE_PORT, &address);
	int listener = service_open(l);
	int i, far, fd;

	for (i = 0; i < ROUNDS; i++) {
		far = far_socket(l, TUNNEL, SOCK_STREAM, 0);
		need(l, !connect(far, (struct sockaddr *)&address, len),
		     "the service can't be reached: %s", strerror(errno));
		fd = owner_accept(l, listener);
		echo(l, far, fd);
		/* Each end first, in turns */
		let_go(l, i % 2 ? &far : &fd);
		swallow(l, i % 2 ? fd : far);
		let_go(l, i % 2 ? &fd : &far);
	}
}

/* Nobody has accepted the connections when the service ends. */
static void not_accepted(struct leak *l)
{
	struct sockaddr_storage address;
	socklen_t len = tunnel_address(l, SERVICE_PORT, &address);
	int listener = service_open(l);
	int far[ROUNDS], i;

	for (i = 0; i < ROUNDS; i++) {
		far[i] = far_socket(l, TUNNEL, SOCK_STREAM, 0);
		need(l, !connect(far[i], (struct sockaddr *)&address, len),
		     "the service can't be reached: %s", strerror(errno));
	}
	let_go(l, &listener);
	for (i = 0; i < ROUNDS; i++)
		swallow(l, far[i]);
}

static void syn_cookies(struct leak *l)
{
	unsigned long before, sent;

	ask(l, "force_syn_cookies");
	before = tcp_counter("SyncookiesSent");
	service(l);
	sent = tcp_counter("SyncookiesSent") - before;
	want(l, sent >= ROUNDS, "%lu SYN cookies were sent", sent);
}

static int receive_fd(int from)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(from, &msg, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&msg))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

static void pass_fd(int to, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = "", byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	sendmsg(to, &msg, 0);
}

static int connect_as_owner(struct leak *l)
{
	struct sockaddr_storage address;
	socklen_t len = far_address(l, 1, FAR_PORT, &address);
	int fd = socket(l->family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, len))
		_exit(1);
	return fd;
}

static void wait_child(struct leak *l, pid_t child)
{
	int status;

	need(l, waitpid(child, &status, 0) == child && !status,
	     "a process of the owner failed");
}

/* The owner's process ends, another user's goes on with its connection. */
static void passed_fd(struct leak *l)
{
	char data[100] = "";
	int ends[2], fd, far;
	pid_t child;

	listen_far(l, 0);
	need(l, !socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	keep(l, ends[0]);
	keep(l, ends[1]);
	child = fork();
	if (!child) {
		if (!become(OWNER))
			_exit(1);
		pass_fd(ends[1], connect_as_owner(l));
		_exit(0);
	}
	wait_child(l, child);
	far = accept_far(l);
	fd = keep(l, receive_fd(ends[0]));
	need(l, fd >= 0, "no socket was passed");
	child = fork();
	if (!child) {
		if (!become(STRANGER))
			_exit(1);
		_exit(send(fd, data, sizeof(data), 0) != sizeof(data));
	}
	wait_child(l, child);
	let_go(l, &fd);
	swallow(l, far);
}

/* A daemon that becomes somebody else after it has connected */
static void changed_uid(struct leak *l)
{
	char data[100] = "";
	pid_t child;
	int fd;

	listen_far(l, 0);
	child = fork();
	if (!child) {
		if (setresgid(OWNER, OWNER, 0) || setresuid(OWNER, OWNER, 0))
			_exit(1);
		fd = connect_as_owner(l);
		if (setresuid(-1, 0, -1) || !become(STRANGER))
			_exit(1);
		_exit(send(fd, data, sizeof(data), 0) != sizeof(data));
	}
	wait_child(l, child);
	swallow(l, accept_far(l));
}

/* Kernels that know it of TCP, too, say that it is that. */
static bool fell_back(int fd)
{
	struct mptcp_info info = { };
	socklen_t len = sizeof(info);

	return getsockopt(fd, SOL_MPTCP, MPTCP_INFO, &info, &len) ||
	       info.mptcpi_flags & MPTCP_INFO_FLAG_FALLBACK;
}

static void mptcp(struct leak *l)
{
	struct pair p;
	int i, fd;

	fd = owner_socket(l, SOCK_STREAM, IPPROTO_MPTCP);
	if (fd < 0 && errno == EPROTONOSUPPORT)
		skip_case(l, "the kernel has no MPTCP");
	need(l, fd >= 0, "a socket: %s", strerror(errno));
	for (i = 0; i < ROUNDS; i++) {
		pair_open_as(l, &p, IPPROTO_MPTCP);
		echo(l, p.client, p.far);
		want(l, !fell_back(p.client) && !fell_back(p.far),
		     "it is TCP, not MPTCP");
		let_go(l, i % 2 ? &p.far : &p.client);
		swallow(l, i % 2 ? p.client : p.far);
		let_go(l, i % 2 ? &p.client : &p.far);
	}
}

const struct leak_case life_cases[] = {
	{ "a service of the owner", service, 0 },
	{ "a service that ends", not_accepted, 0 },
	{ "SYN cookies", syn_cookies, 0 },
	{ "passed socket", passed_fd, 0 },
	{ "setuid after connect", changed_uid, 0 },
	{ "MPTCP", mptcp, 0 },
	{ }
};
