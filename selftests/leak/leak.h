/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The leak suite: an owner does what programs do with sockets, and whatever of it is
 * seen at the ISP has leaked.
 *
 * One process has sockets in all namespaces of the topology, so that a case is both
 * ends of its connections.  A socket belongs to the fsuid and the fsgid that it was made with.
 *
 * Each case has networks of its own at both far ends, so that a packet says by its
 * address which case it is of, however late it comes.
 */
#ifndef LEAK_H
#define LEAK_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "capture.h"

/* Users: the one whose packets belong into the tunnel, and another. */
#define OWNER		1001
#define STRANGER	1002

/* The port at the far ends, the one of the owner's service, one that is closed */
#define FAR_PORT	7000
#define SERVICE_PORT	8000
#define CLOSED_PORT	9

/* How often a case opens a connection or asks a question */
#define ROUNDS		5

/* Time for what takes none, in ms: more is a failure. */
#define DEADLINE	2000

enum place { CLIENT, ISP, TUNNEL, PLACES };

enum case_flag {
	/* Only a guard holds it, in this family: without one it leaks. */
	GUARD_IPV4	= 1 << 0,
	GUARD_IPV6	= 1 << 1,
	GUARD		= GUARD_IPV4 | GUARD_IPV6,
	/* The stack may let nothing out at all. */
	SILENT		= 1 << 2,
};

struct leak;

/**
 * struct leak_case - one thing that an owner does
 *
 * @name: what the table calls it
 * @run: does it
 * @flags: %GUARD_IPV4 ...
 */
struct leak_case {
	const char	*name;
	void		(*run)(struct leak *l);
	unsigned int	flags;
};

#define MAX_FDS	64

/**
 * struct leak - a run of the suite in one family
 *
 * @family: AF_INET or AF_INET6
 * @guarded: the tool is ours, with its guard
 * @namespaces: file descriptors
 * @capture: what has been seen at the far ends; not at %CLIENT
 * @number: of the case that runs, from 1 on
 * @listeners: of the case, at the far ends, or -1
 * @receive_buffer: of connections at the far ends, 0 for the usual
 * @disturbed: something was changed that restore has to set right
 * @skipped: why the case can't be run, or NULL
 * @broken: why the case failed, or empty
 * @end: of the case, if it doesn't come to it
 * @helper: a process that ends with the case, or 0
 * @fds: what to close at the end of the case
 * @n_fds: how many
 */
struct leak {
	int		family;
	bool		guarded;
	int		namespaces[PLACES];
	struct capture	*capture[PLACES];
	unsigned int	number;
	int		listeners[PLACES];
	int		receive_buffer;
	bool		disturbed;
	const char	*skipped;
	char		broken[128];
	jmp_buf		end;
	pid_t		helper;
	int		fds[MAX_FDS];
	unsigned int	n_fds;
};

/**
 * struct pair - a connection of the owner's
 *
 * @client: the owner's end
 * @far: the other
 * @port: the owner's port
 */
struct pair {
	int		client;
	int		far;
	unsigned int	port;
};

/* far.c: the machines */
void in_place(struct leak *l, enum place place);
socklen_t far_address(struct leak *l, unsigned int host, unsigned int port,
		      struct sockaddr_storage *address);
socklen_t group_address(struct leak *l, unsigned int port,
			struct sockaddr_storage *address);
socklen_t tunnel_address(struct leak *l, unsigned int port,
			 struct sockaddr_storage *address);
void act_as(unsigned int user);
bool become(unsigned int user);
int owner_socket(struct leak *l, int type, int protocol);
int far_socket(struct leak *l, enum place place, int type, int protocol);
int keep(struct leak *l, int fd);
void let_go(struct leak *l, int *fd);
void nonblocking(int fd);

/* How a case ends before its end, and how it fails but goes on */
__attribute__((format(printf, 3, 4)))
void need(struct leak *l, bool condition, const char *format, ...);
__attribute__((format(printf, 3, 4)))
void want(struct leak *l, bool condition, const char *format, ...);
_Noreturn void skip_case(struct leak *l, const char *why);

/* ask.c: what the shell does for a case */
int ask_shell(const char *request);
void ask(struct leak *l, const char *request);

/* tcp.c: connections */
void listen_far(struct leak *l, int protocol);
int accept_far(struct leak *l);
void pair_open(struct leak *l, struct pair *p);
void pair_open_as(struct leak *l, struct pair *p, int protocol);
int owner_accept(struct leak *l, int listener);
void echo(struct leak *l, int from, int to);
void swallow(struct leak *l, int fd);
int service_open(struct leak *l);
void late(struct leak *l, unsigned int flag);
bool readable(struct leak *l, int fd, int ms);
void set_linger(int fd);

/* State of the owner's end, as in tcp_states.h; 0 when it is gone */
unsigned int tcp_state(struct leak *l, unsigned int port,
		       unsigned int *retransmits);
void wait_state(struct leak *l, unsigned int port, unsigned int state);
bool wait_retransmits(struct leak *l, unsigned int port, unsigned int times);
unsigned long tcp_counter(const char *name);
bool unsent(int fd);

/* main.c */
void drain(struct leak *l);
void want_packets(struct leak *l, unsigned int packets);

extern const struct leak_case end_cases[], life_cases[], send_cases[];
extern const struct leak_case datagram_cases[], steer_cases[];
extern const struct leak_case ownerless_cases[], disturbed_cases[];

#endif
