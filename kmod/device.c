// SPDX-License-Identifier: GPL-2.0-only
#include <linux/hashtable.h>
#include <linux/notifier.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/rtnetlink.h>

#include "device.h"
#include "mapping.h"

#define OWN_DEVICES_BITS	8

/* Of both lists, and what is in them.  Mappings are freed in softirqs. */
static DEFINE_SPINLOCK(own_devices_lock);
static DEFINE_HASHTABLE(own_devices, OWN_DEVICES_BITS);

static unsigned int own_devices_net_id __read_mostly;

/**
 * struct own_devices_net - the named devices of a namespace
 *
 * @present: those that there is a device for: not more than there are devices.  So it is
 *	empty when the namespace ends, as all its devices end before
 */
struct own_devices_net {
	struct hlist_head present;
};

static struct hlist_head *own_devices_present(const struct net *net)
{
	struct own_devices_net *devices = net_generic(net, own_devices_net_id);

	return &devices->present;
}

static struct hlist_head *own_devices_bucket(const struct net *net,
					     const char *name)
{
	return &own_devices[hash_min(full_name_hash(net, name, strlen(name)),
				     OWN_DEVICES_BITS)];
}

static struct own_device *own_device_named(const struct net *net,
					   const char *name)
{
	struct own_device *device;

	hlist_for_each_entry(device, own_devices_bucket(net, name), by_name)
		if (net_eq(device->net, net) && !strcmp(device->name, name))
			return device;
	return NULL;
}

/* These three do, in udp_tunnel_dst_lookup() and what was there before it. */
static bool own_routes_by_mark(const struct net_device *dev)
{
	static const char * const kinds[] = { "vxlan", "geneve", "bareudp" };

	return dev->rtnl_link_ops &&
	       match_string(kinds, ARRAY_SIZE(kinds),
			    dev->rtnl_link_ops->kind) >= 0;
}

/*
 * Asks anew who has the name, instead of believing an event: UNREGISTER may be told again
 * when another device has it already.
 *
 * Devices come and go first, and then the notifier is called, which takes the lock that
 * is held here.  So whatever isn't seen now will come to it.
 */
static void own_device_resolve(struct own_device *device)
{
	const struct net_device *dev;
	bool by_mark = false;
	int ifindex = 0;

	rcu_read_lock();
	dev = dev_get_by_name_rcu(device->net, device->name);
	/* Its alternative names change without a word. */
	if (dev && !strcmp(dev->name, device->name)) {
		ifindex = dev->ifindex;
		by_mark = own_routes_by_mark(dev);
	}
	rcu_read_unlock();

	WRITE_ONCE(device->ifindex, ifindex);
	WRITE_ONCE(device->by_mark, by_mark);
	if (ifindex && hlist_unhashed(&device->present))
		hlist_add_head_rcu(&device->present,
				   own_devices_present(device->net));
	else if (!ifindex && !hlist_unhashed(&device->present))
		hlist_del_init_rcu(&device->present);
}

/* Whoever has its name now, or had it before. */
static void own_devices_changed(const struct net_device *dev)
{
	struct hlist_head *present = own_devices_present(dev_net(dev));
	struct own_device *device;
	struct hlist_node *next;

	spin_lock_bh(&own_devices_lock);
	device = own_device_named(dev_net(dev), dev->name);
	if (device)
		own_device_resolve(device);
	hlist_for_each_entry_safe(device, next, present, present)
		if (device->ifindex == dev->ifindex)
			own_device_resolve(device);
	spin_unlock_bh(&own_devices_lock);
}

static struct own_device *own_device_new(struct net *net, const char *name)
{
	struct own_device *device;

	device = kzalloc(sizeof(*device), GFP_KERNEL_ACCOUNT);
	if (!device)
		return NULL;
	INIT_LIST_HEAD(&device->mapped);
	device->net = net;
	strscpy(device->name, name, sizeof(device->name));
	return device;
}

/**
 * own_device_get() - find a device by its name, for a mapping
 * @net: namespace
 * @name: a valid name; it need not be any device's
 *
 * Return: the device, to be given back by own_device_put(); NULL if there is no memory.
 */
struct own_device *own_device_get(struct net *net, const char *name)
{
	struct own_device *fresh = own_device_new(net, name);
	struct own_device *device;

	if (!fresh)
		return NULL;

	spin_lock_bh(&own_devices_lock);
	device = own_device_named(net, name);
	if (!device) {
		device = fresh;
		hlist_add_head(&device->by_name, own_devices_bucket(net, name));
		own_device_resolve(device);
	}
	device->mappings++;
	spin_unlock_bh(&own_devices_lock);

	if (device != fresh)
		kfree(fresh);
	return device;
}

/**
 * own_device_put() - a mapping gives back its device
 * @device: the device
 */
void own_device_put(struct own_device *device)
{
	bool last;

	spin_lock_bh(&own_devices_lock);
	last = !--device->mappings;
	if (last) {
		hlist_del(&device->by_name);
		if (!hlist_unhashed(&device->present))
			hlist_del_rcu(&device->present);
	}
	spin_unlock_bh(&own_devices_lock);

	if (last)
		kfree_rcu(device, rcu);
}

/**
 * own_device_enter() - packets can find a mapping by its device
 * @mapping: the mapping, which comes into its namespace's set
 *
 * Under own_net::lock.
 */
void own_device_enter(struct own_mapping *mapping)
{
	struct own_device *device = mapping->device;

	if (!device)
		return;
	WRITE_ONCE(device->mask, device->mask | mapping->desc.mask);
	if (mapping->desc.flags & OWNROUTE_FLAG_GUARD)
		list_add_rcu(&mapping->of_device, &device->mapped);
	else
		list_add_tail_rcu(&mapping->of_device, &device->mapped);
}

/**
 * own_device_leave() - they can't any more
 * @mapping: the mapping, which leaves the set; to be freed a grace period later at the
 *	earliest
 *
 * Under own_net::lock.
 */
void own_device_leave(struct own_mapping *mapping)
{
	if (mapping->device)
		list_del_rcu(&mapping->of_device);
}

/**
 * own_device_mapping() - find a mapping by its device
 * @device: the device
 * @flags: %OWNROUTE_FLAG_GUARD if it must guard, or 0
 *
 * Called under rcu_read_lock(), which the result is good for.
 *
 * Return: one that guards the device if there is one, else one that names it; NULL if none
 * does.
 */
struct own_mapping *own_device_mapping(struct own_device *device, u32 flags)
{
	struct own_mapping *first;

	first = list_first_or_null_rcu(&device->mapped, struct own_mapping,
				       of_device);
	return first && (first->desc.flags & flags) == flags ? first : NULL;
}

/**
 * own_device_passes() - does the device that has a name pass a test?
 * @device: the name
 * @test: the test
 * @arg: for @test
 *
 * Called under rcu_read_lock().  A VRF passes if one of its slaves does.
 *
 * Return: whether it does; no if no device has the name.
 */
bool own_device_passes(const struct own_device *device, own_device_test test,
		       const void *arg)
{
	const struct net_device *dev, *slave;

	dev = dev_get_by_index_rcu(device->net, READ_ONCE(device->ifindex));
	if (!dev)
		return false;
	if (test(dev, arg))
		return true;
	if (!netif_is_l3_master(dev))
		return false;
	for_each_netdev_rcu(device->net, slave)
		if (l3mdev_master_ifindex_rcu(slave) == dev->ifindex &&
		    test(slave, arg))
			return true;
	return false;
}

/**
 * own_device_only() - the named device that passes a test, if no other device does
 * @net: namespace
 * @test: the test
 * @arg: for @test
 *
 * Called under rcu_read_lock(), which the result is good for.
 *
 * Return: the device; NULL if there is none, or another device of the namespace, named or
 * not, passes as well.
 */
struct own_device *own_device_only(struct net *net, own_device_test test,
				   const void *arg)
{
	const struct net_device *dev, *other;
	struct own_device *device;

	hlist_for_each_entry_rcu(device, own_devices_present(net), present) {
		dev = dev_get_by_index_rcu(net, READ_ONCE(device->ifindex));
		if (!dev || !test(dev, arg))
			continue;
		for_each_netdev_rcu(net, other)
			if (other != dev && test(other, arg))
				return NULL;
		return device;
	}
	return NULL;
}

/**
 * own_tunnel_mask() - which bits of a mark must not enter a device
 * @dev: the device that a packet is leaving by
 *
 * Called under rcu_read_lock().
 *
 * Return: those that mappings set, if it is a named tunnel that would choose its own way by
 * them; else 0.
 */
u32 own_tunnel_mask(const struct net_device *dev)
{
	const struct own_device *device;

	hlist_for_each_entry_rcu(device, own_devices_present(dev_net(dev)),
				 present)
		if (READ_ONCE(device->ifindex) == dev->ifindex)
			return READ_ONCE(device->by_mark) ?
			       READ_ONCE(device->mask) : 0;
	return 0;
}

/* A move to another namespace is told as an end there and a beginning here. */
static int own_netdev_event(struct notifier_block *nb, unsigned long event,
			    void *data)
{
	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_UNREGISTER:
	case NETDEV_CHANGENAME:
		own_devices_changed(netdev_notifier_info_to_dev(data));
	}
	return NOTIFY_DONE;
}

static struct notifier_block own_netdev_notifier = {
	.notifier_call = own_netdev_event,
};

static struct pernet_operations own_devices_net_ops = {
	.id	= &own_devices_net_id,
	.size	= sizeof(struct own_devices_net),
};

/**
 * own_devices_register() - begin to notice which devices there are
 *
 * Return: 0 or a negative error.
 */
int __init own_devices_register(void)
{
	int err;

	err = register_pernet_subsys(&own_devices_net_ops);
	if (err)
		return err;
	err = register_netdevice_notifier(&own_netdev_notifier);
	if (err)
		unregister_pernet_subsys(&own_devices_net_ops);
	return err;
}

/**
 * own_devices_unregister() - no more
 *
 * All mappings have been freed.
 */
void own_devices_unregister(void)
{
	unregister_netdevice_notifier(&own_netdev_notifier);
	unregister_pernet_subsys(&own_devices_net_ops);
}
