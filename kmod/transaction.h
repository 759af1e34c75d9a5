/* SPDX-License-Identifier: GPL-2.0-only */
/* Transactions: changes that are kept until their socket says that they are all. */
#ifndef _OWN_TRANSACTION_H
#define _OWN_TRANSACTION_H

#include <linux/list.h>
#include <linux/types.h>

#include "change.h"

struct netlink_ext_ack;
struct own_net;
struct sock;

/**
 * struct own_transaction - a transaction under way
 *
 * @list: those of its namespace
 * @changes: struct own_change, in the order in which they came
 * @generation: of the namespace, when it began
 * @sk: the netlink socket that it belongs to, referenced
 * @count: how many changes it has
 * @spoiled: one of its changes was refused when it came
 *
 * Its namespace's list holds it, under own_net::transactions_lock, until a commit or
 * an abort, the end of its socket, or of its namespace.  Requests of its socket
 * use it under own_net::lock.  While one is under way, the socket is not closed; so a
 * transaction whose socket is dead is nobody's any more.
 */
struct own_transaction {
	struct list_head	list;
	struct list_head	changes;
	u64			generation;
	struct sock		*sk;
	u32			count;
	bool			spoiled;
};

struct own_transaction *own_transaction_of(struct own_net *on,
					   const struct sock *sk);
int own_transaction_begin(struct own_net *on, struct sock *sk,
			  struct netlink_ext_ack *extack);
int own_transaction_keep(struct own_net *on, struct own_transaction *transaction,
			 const struct own_change *change,
			 struct netlink_ext_ack *extack);
int own_transaction_commit(struct own_net *on,
			   struct own_transaction *transaction,
			   struct netlink_ext_ack *extack);
void own_transaction_abort(struct own_net *on,
			   struct own_transaction *transaction);
void own_transactions_destroy(struct own_net *on);

int own_transactions_register(void);
void own_transactions_unregister(void);

#endif
