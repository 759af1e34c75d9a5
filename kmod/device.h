/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices that mappings name: each name once in a namespace, whoever has it now. */
#ifndef _OWN_DEVICE_H
#define _OWN_DEVICE_H

#include <linux/if.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <net/l3mdev.h>

/**
 * struct own_device - a name that mappings have given to a device
 *
 * @by_name: among those of all namespaces
 * @present: among those of its namespace that there is a device for
 * @net: the namespace
 * @mappings: how many name it
 * @key: a small number that no other one has
 * @ifindex: of the device that has the name, 0 while none has.  Packets read it
 * @by_mark: this device is a tunnel that asks for its own way by the mark of what it carries
 * @mask: bits that mappings which name it mark packets with, or have; it only grows.
 *	Packets read it
 * @name: the name
 * @rcu: to free it after the last packet that found it
 *
 * Who can hold one: mappings, from when they are parsed until they are freed; packets, by
 * a mapping that they see, or between finding it among those present and the end of their
 * hook, under rcu_read_lock().  A mapping is freed when no packet sees it any more, and
 * gives back its device then, not sooner.  The last one to do so unlinks it, and it is
 * freed, its key with it, a grace period later, when those that found it have left.
 *
 * @mappings and both lists change under one lock, so nobody can find one whose last
 * mapping has gone.
 */
struct own_device {
	struct hlist_node	by_name;
	struct hlist_node	present;
	struct net		*net;
	u32			mappings;
	u32			key;
	int			ifindex;
	bool			by_mark;
	u32			mask;
	char			name[IFNAMSIZ];
	struct rcu_head		rcu;
};

/**
 * own_device_is() - does what leaves by a device leave by the named one?
 * @device: the named one
 * @dev: the device
 *
 * A VRF has no end of its own: what is sent by it leaves by one of its slaves.
 *
 * Return: whether it does; no if no device has the name.
 */
static inline bool own_device_is(const struct own_device *device,
				 const struct net_device *dev)
{
	int ifindex = READ_ONCE(device->ifindex);

	return ifindex && (dev->ifindex == ifindex ||
			   l3mdev_master_ifindex_rcu(dev) == ifindex);
}

typedef bool (*own_device_test)(const struct net_device *dev, const void *arg);

/**
 * own_device_routes_by_mark() - is it a tunnel that what it carries could lead round?
 * @device: the device
 *
 * Return: whether it is, as far as there is one.
 */
static inline bool own_device_routes_by_mark(const struct own_device *device)
{
	return READ_ONCE(device->by_mark);
}

struct own_device *own_device_get(struct net *net, const char *name, u32 mask);
void own_device_put(struct own_device *device);
const struct own_device *own_device_only(struct net *net, own_device_test test,
					 const void *arg);
u32 own_tunnel_mask(const struct net_device *dev);

int own_devices_register(void);
void own_devices_unregister(void);

#endif
