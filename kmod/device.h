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

struct own_mapping;

/**
 * struct own_device - a name that mappings have given to a device
 *
 * @by_name: among those of all namespaces
 * @present: among those of its namespace that there is a device for
 * @net: the namespace
 * @mappings: how many name it
 * @mapped: those of its namespace's set, first the ones that guard it.  Changed under
 *	own_net::lock, read by packets
 * @ifindex: of the device that has the name, 0 while none has.  Packets read it
 * @by_mark: this device is a tunnel that asks for its own way by the mark of what it carries
 * @mask: bits that mappings which name it mark packets with, or have; it only grows.
 *	Changed under own_net::lock, read by packets
 * @name: the name
 * @rcu: to free it after the last packet that found it
 *
 * Who can hold one: mappings, from when they are parsed until they are freed; packets, by
 * a mapping that they see, or between finding it among those present and the end of their
 * hook, under rcu_read_lock().  A mapping is freed when no packet sees it any more, and
 * gives back its device then, not sooner.  The last one to do so unlinks it, and it is
 * freed a grace period later, when those that found it have left.
 *
 * @mappings, @by_name and @present change under one lock, so nobody can find one whose last
 * mapping has gone.
 */
struct own_device {
	struct hlist_node	by_name;
	struct hlist_node	present;
	struct net		*net;
	u32			mappings;
	struct list_head	mapped;
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
 * own_device_may_mislead() - may it be a tunnel that asks for its way by packets' marks?
 * @device: the device
 *
 * Return: whether it is one, or isn't there yet.
 */
static inline bool own_device_may_mislead(const struct own_device *device)
{
	return !READ_ONCE(device->ifindex) || READ_ONCE(device->by_mark);
}

struct own_device *own_device_get(struct net *net, const char *name);
void own_device_put(struct own_device *device);
void own_device_enter(struct own_mapping *mapping);
void own_device_leave(struct own_mapping *mapping);
struct own_mapping *own_device_mapping(struct own_device *device, u32 flags);
struct own_device *own_device_only(struct net *net, own_device_test test,
				   const void *arg);
bool own_device_passes(const struct own_device *device, own_device_test test,
		       const void *arg);
u32 own_tunnel_mask(const struct net_device *dev);

int own_devices_register(void);
void own_devices_unregister(void);

#endif
