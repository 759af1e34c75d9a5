/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who a packet belongs to.  What costs little is read at once, the rest when a
 * mapping asks for it.
 */
#ifndef _OWN_OWNER_H
#define _OWN_OWNER_H

#include <linux/cgroup.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <net/mptcp.h>
#include <net/sock.h>

struct group_info;
struct netlink_ext_ack;
struct nlattr;

#define OWN_NOBODY	((u32)-1)

/**
 * struct own_owner - an owner
 *
 * @sk: the socket that @gid, the groups and @cgroup are read from when they are
 *	needed; NULL if all that is known stands here
 * @ns: user namespace that @uid and all gids are numbers of
 * @uid: uid, %OWN_NOBODY if @ns has no number for it
 * @gid: gid, %OWN_NOBODY if there is none; valid if @gid_known
 * @gid_known: whether @gid has been read
 * @kernel: the socket is the kernel's own
 * @stamp: mark of a socket that has no file: closed, or not accepted yet.  Nobody
 *	can ask it for its groups, but its stamp tells of them.  Else 0; valid if
 *	@gid_known
 * @gid_told: @gid is what a stamp tells
 * @cgroup: cgroup, NULL if not read yet or none
 * @groups: supplementary groups of an owner without @sk, NULL for none
 */
struct own_owner {
	const struct sock		*sk;
	struct user_namespace		*ns;
	u32				uid;
	u32				gid;
	bool				gid_known;
	bool				gid_told;
	bool				kernel;
	u32				stamp;
	struct cgroup			*cgroup;
	struct group_info		*groups;
};

/*
 * Mappings speak of uids as the namespace's administrator sees them.  In the
 * initial user namespace these are the kernel's own numbers; don't make every
 * packet on every ordinary machine pay for looking that up.
 */
static inline u32 own_uid(struct user_namespace *ns, kuid_t uid)
{
	if (likely(ns == &init_user_ns))
		return __kuid_val(uid);
	return from_kuid(ns, uid);
}

static inline u32 own_gid(struct user_namespace *ns, kgid_t gid)
{
	if (likely(ns == &init_user_ns))
		return __kgid_val(gid);
	return from_kgid(ns, gid);
}

/* MPTCP sends through kernel sockets of its own, but what it sends is a user's. */
static inline bool own_sock_is_kernels(const struct sock *sk)
{
	return unlikely(sk->sk_kern_sock) && !(sk_is_tcp(sk) && sk_is_mptcp(sk));
}

/*
 * MPTCP's later subflows are made by a worker, and keep its uid 0 in sk_uid.
 * Their inode has the user's.  It is freed by RCU, so it is good for a hook.
 */
static inline kuid_t own_sock_kuid(const struct sock *sk)
{
	struct socket *sock;

	if (unlikely(sk->sk_kern_sock)) {
		sock = READ_ONCE(sk->sk_socket);
		if (sock)
			return SOCK_INODE(sock)->i_uid;
	}
	return sk_uid(sk);
}

/**
 * own_owner_of() - the owner of a socket
 * @owner: gets it
 * @sk: a full socket
 * @ns: user namespace of the network namespace that the socket is in
 */
static inline void own_owner_of(struct own_owner *owner, const struct sock *sk,
				struct user_namespace *ns)
{
	owner->sk = sk;
	owner->ns = ns;
	owner->uid = own_uid(ns, own_sock_kuid(sk));
	owner->gid_known = false;
	owner->gid_told = false;
	owner->kernel = own_sock_is_kernels(sk);
	owner->stamp = 0;
	owner->cgroup = NULL;
	owner->groups = NULL;
}

typedef bool (*own_group_test)(struct own_owner *owner, u32 gid, void *arg);

struct cgroup *own_cgroup_get(u64 id);
void own_cgroup_refused(int err, u64 id, const struct nlattr *attr,
			struct netlink_ext_ack *extack);
u32 own_owner_gid(struct own_owner *owner);
bool own_owner_find_group(struct own_owner *owner, own_group_test test,
			  void *arg);
struct cgroup *own_owner_cgroup(struct own_owner *owner);
bool own_owner_in_cgroup(struct own_owner *owner, int level, u64 id);

#endif
