// SPDX-License-Identifier: GPL-2.0-only
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/sock.h>

#include "index.h"
#include "net.h"
#include "transaction.h"

/* So that nobody's socket has to walk a long list to be closed. */
#define OWN_TRANSACTIONS_MAX	64

/**
 * own_transaction_of() - find the transaction of a socket
 * @on: the namespace's, locked
 * @sk: the socket, which sends a request
 *
 * Return: the transaction, NULL if it has begun none.
 */
struct own_transaction *own_transaction_of(struct own_net *on,
					   const struct sock *sk)
{
	struct own_transaction *transaction, *found = NULL;

	lockdep_assert_held(&on->lock);
	spin_lock(&on->transactions_lock);
	list_for_each_entry(transaction, &on->transactions, list)
		if (transaction->sk == sk)
			found = transaction;
	spin_unlock(&on->transactions_lock);
	return found;
}

static bool own_transactions_add(struct own_net *on,
				 struct own_transaction *transaction)
{
	bool fits;

	spin_lock(&on->transactions_lock);
	fits = on->transactions_count < OWN_TRANSACTIONS_MAX;
	if (fits) {
		list_add(&transaction->list, &on->transactions);
		on->transactions_count++;
	}
	spin_unlock(&on->transactions_lock);
	return fits;
}

/**
 * own_transaction_begin() - begin a transaction
 * @on: the namespace's, locked
 * @sk: the netlink socket that it is to belong to
 * @extack: says why not
 *
 * Return: 0; -EBUSY if the socket has one already, or there are too many; -ENOMEM.
 */
int own_transaction_begin(struct own_net *on, struct sock *sk,
			  struct netlink_ext_ack *extack)
{
	struct own_transaction *transaction;

	if (own_transaction_of(on, sk)) {
		NL_SET_ERR_MSG(extack, "this socket has begun a transaction already");
		return -EBUSY;
	}

	transaction = kzalloc(sizeof(*transaction), GFP_KERNEL_ACCOUNT);
	if (!transaction) {
		NL_SET_ERR_MSG(extack, "no memory for the transaction");
		return -ENOMEM;
	}
	INIT_LIST_HEAD(&transaction->changes);
	transaction->generation = on->generation;
	transaction->sk = sk;
	if (!own_transactions_add(on, transaction)) {
		NL_SET_ERR_MSG(extack, "too many transactions are under way");
		kfree(transaction);
		return -EBUSY;
	}
	sock_hold(sk);
	return 0;
}

/**
 * own_transaction_keep() - keep a change for the commit
 * @on: the namespace's, locked
 * @transaction: the transaction
 * @change: the change
 * @extack: says why not
 *
 * Return: 0, and what @change points at is the transaction's; or a negative error.
 */
int own_transaction_keep(struct own_net *on, struct own_transaction *transaction,
			 const struct own_change *change,
			 struct netlink_ext_ack *extack)
{
	const struct own_set *set = own_set_of(on);
	u64 most = max(on->limit, set ? set->count : 0);
	struct own_change *kept;

	/* As many as it takes to delete all and make as many new. */
	if (transaction->count >= 2 * most) {
		NL_SET_ERR_MSG(extack, "transaction is longer than twice the namespace's limit");
		return -ENOSPC;
	}

	kept = kmemdup(change, sizeof(*change), GFP_KERNEL_ACCOUNT);
	if (!kept) {
		NL_SET_ERR_MSG(extack, "no memory for the transaction");
		return -ENOMEM;
	}
	list_add_tail(&kept->list, &transaction->changes);
	transaction->count++;
	return 0;
}

static void own_transaction_free(struct own_transaction *transaction)
{
	struct own_change *change, *next;

	list_for_each_entry_safe(change, next, &transaction->changes, list) {
		own_change_drop(change);
		kfree(change);
		cond_resched();
	}
	sock_put(transaction->sk);
	kfree(transaction);
}

/**
 * own_transaction_abort() - end a transaction
 * @on: the namespace's, locked
 * @transaction: the transaction, gone afterwards
 */
void own_transaction_abort(struct own_net *on,
			   struct own_transaction *transaction)
{
	spin_lock(&on->transactions_lock);
	list_del(&transaction->list);
	on->transactions_count--;
	spin_unlock(&on->transactions_lock);

	own_transaction_free(transaction);
}

/**
 * own_transaction_commit() - make a transaction's changes, all or none
 * @on: the namespace's, locked
 * @transaction: the transaction, gone afterwards, whatever comes back
 * @extack: says why not
 *
 * Return: 0, or a negative error with nothing changed: -EAGAIN if the mappings
 * have changed since the transaction began, -EINVAL if one of the changes was refused
 * when it came.
 */
int own_transaction_commit(struct own_net *on,
			   struct own_transaction *transaction,
			   struct netlink_ext_ack *extack)
{
	int err = 0;

	if (transaction->spoiled) {
		NL_SET_ERR_MSG(extack, "a change of this transaction was refused");
		err = -EINVAL;
	} else if (transaction->generation != on->generation) {
		NL_SET_ERR_MSG(extack, "mappings have changed since the transaction began");
		err = -EAGAIN;
	} else if (transaction->count) {
		err = own_changes_make(on, &transaction->changes, extack);
	}
	own_transaction_abort(on, transaction);
	return err;
}

/**
 * own_transactions_destroy() - end all transactions of a namespace
 * @on: the namespace's, which nobody else can reach any more
 */
void own_transactions_destroy(struct own_net *on)
{
	struct own_transaction *transaction, *next;

	list_for_each_entry_safe(transaction, next, &on->transactions, list)
		own_transaction_abort(on, transaction);
}

/*
 * A socket that is closed, by its process or because that died.  The core names it
 * by its address, which another socket may have by now.  So look for sockets that
 * are dead: this one is.
 *
 * All that close a netlink socket come through here, and some wait for each
 * other: don't let them wait for own_net::lock, which is held for as long as a commit
 * takes.
 */
static int own_netlink_event(struct notifier_block *nb, unsigned long event,
			     void *data)
{
	const struct netlink_notify *notify = data;
	struct own_transaction *transaction, *next;
	struct own_net *on;
	LIST_HEAD(dead);

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;

	on = own_net(notify->net);
	spin_lock(&on->transactions_lock);
	list_for_each_entry_safe(transaction, next, &on->transactions, list) {
		if (!sock_flag(transaction->sk, SOCK_DEAD))
			continue;
		list_move(&transaction->list, &dead);
		on->transactions_count--;
	}
	spin_unlock(&on->transactions_lock);

	/*
	 * The core gives up its own reference after this call.  Ours may be the last
	 * of another socket that is being closed too: this is as good a place to free it.
	 */
	list_for_each_entry_safe(transaction, next, &dead, list)
		own_transaction_free(transaction);
	return NOTIFY_DONE;
}

static struct notifier_block own_netlink_notifier = {
	.notifier_call = own_netlink_event,
};

/**
 * own_transactions_register() - begin to notice closed sockets
 *
 * Return: 0 or a negative error.
 */
int __init own_transactions_register(void)
{
	return netlink_register_notifier(&own_netlink_notifier);
}

/**
 * own_transactions_unregister() - no more, and none is under way afterwards
 */
void own_transactions_unregister(void)
{
	netlink_unregister_notifier(&own_netlink_notifier);
}
