// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>

#include "owner.h"

/*
 * The credentials of the file that the socket was made with, if it still has one;
 * good until rcu_read_unlock().
 *
 * A socket is freed by RCU, so it is good for a look.  A file may become another one
 * meanwhile, but not before sock_orphan(), or MPTCP for its subflows, has taken
 * the socket away from @sk.  So if it is still there, the file was the right one, and
 * held the credentials, which are freed by RCU too.  Taking the lock against
 * sock_orphan() would be simpler, but threads that share a socket share its line.
 */
static const struct cred *own_sock_cred(const struct sock *sk)
{
	const struct socket *sock = READ_ONCE(sk->sk_socket);
	const struct file *file = sock ? READ_ONCE(sock->file) : NULL;
	const struct cred *cred;

	if (!file)
		return NULL;
	cred = READ_ONCE(file->f_cred);
	smp_rmb();	/* what was read of the file, before the last look at @sk */
	return READ_ONCE(sk->sk_socket) == sock ? cred : NULL;
}

/**
 * own_owner_gid() - an owner's primary group
 * @owner: the owner; its socket under rcu_read_lock()
 *
 * Return: the gid, %OWN_NOBODY if there is none.
 */
u32 own_owner_gid(struct own_owner *owner)
{
	const struct cred *cred;

	if (!owner->gid_known) {
		cred = own_sock_cred(owner->sk);
		owner->gid = cred ? own_gid(owner->ns, cred->fsgid) :
				    OWN_NOBODY;
		owner->gid_known = true;
		/* A kernel socket never had one, and its mark is no stamp. */
		if (!cred && !owner->kernel)
			owner->stamp = READ_ONCE(owner->sk->sk_mark);
	}
	return owner->gid;
}

/**
 * own_owner_find_group() - look at an owner's supplementary groups
 * @owner: the owner; its socket under rcu_read_lock()
 * @test: called for each that the namespace has a number for, until it says yes
 * @arg: given to it
 *
 * Return: whether it said yes.
 */
bool own_owner_find_group(struct own_owner *owner, own_group_test test,
			  void *arg)
{
	const struct group_info *groups = owner->groups;
	const struct cred *cred;
	u32 gid;
	int i;

	if (owner->sk) {
		cred = own_sock_cred(owner->sk);
		groups = cred ? cred->group_info : NULL;
	}
	for (i = 0; groups && i < groups->ngroups; i++) {
		gid = own_gid(owner->ns, groups->gid[i]);
		if (gid != OWN_NOBODY && test(owner, gid, arg))
			return true;
	}
	return false;
}

/**
 * own_cgroup_get() - find a cgroup that the caller can see
 * @id: its id
 *
 * Return: the cgroup, to be given back by cgroup_put(); -ENOENT if there is none,
 * -EOPNOTSUPP if this kernel doesn't know which one a socket is in.
 */
struct cgroup *own_cgroup_get(u64 id)
{
	struct cgroup *cgroup;

	if (!IS_ENABLED(CONFIG_SOCK_CGROUP_DATA))
		return ERR_PTR(-EOPNOTSUPP);
	cgroup = cgroup_get_from_id(id);
	return IS_ERR(cgroup) ? ERR_PTR(-ENOENT) : cgroup;
}

/**
 * own_cgroup_refused() - say why a request about a cgroup is refused
 * @err: what own_cgroup_get() returned
 * @id: id of the cgroup
 * @attr: attribute that it came in
 * @extack: says it
 */
void own_cgroup_refused(int err, u64 id, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	if (err == -EOPNOTSUPP)
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "this kernel knows no cgroups of sockets");
	else
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "no cgroup has id %llu",
					id);
}

/**
 * own_owner_cgroup() - an owner's own cgroup
 * @owner: the owner
 *
 * Return: the cgroup, which lives as long as the socket; NULL if there is none.
 */
struct cgroup *own_owner_cgroup(struct own_owner *owner)
{
#ifdef CONFIG_SOCK_CGROUP_DATA
	struct sock *sk = (struct sock *)owner->sk;

	if (sk && !owner->cgroup)
		owner->cgroup = sock_cgroup_ptr(&sk->sk_cgrp_data);
#endif
	return owner->cgroup;
}

/**
 * own_owner_in_cgroup() - is an owner in a cgroup or below it?
 * @owner: the owner
 * @level: level of the cgroup, 0 for the root
 * @id: id of the cgroup
 *
 * Return: whether it is.
 */
bool own_owner_in_cgroup(struct own_owner *owner, int level, u64 id)
{
	struct cgroup *cgroup = own_owner_cgroup(owner);

	if (!cgroup)
		return false;
	cgroup = cgroup_ancestor(cgroup, level);
	return cgroup && cgroup_id(cgroup) == id;
}
