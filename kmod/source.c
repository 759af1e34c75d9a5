// SPDX-License-Identifier: GPL-2.0-only
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "device.h"
#include "source.h"

static bool own_dev_has_ipv4(const struct net_device *dev, const void *arg)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const __be32 *addr = arg;
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		if (ifa->ifa_local == *addr)
			return true;
	return false;
}

static bool own_dev_has_ipv6(const struct net_device *dev, const void *arg)
{
	return nf_ipv6_chk_addr(dev_net(dev), arg, dev, 1);
}

/**
 * own_source_is_of() - is a packet's source an address of the named device?
 * @device: the named device
 * @skb: the packet
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Called under rcu_read_lock().
 *
 * Return: whether it is, whoever else may have it; no if no device has the name.
 */
bool own_source_is_of(const struct own_device *device, const struct sk_buff *skb,
		      u8 pf)
{
	if (pf == NFPROTO_IPV4)
		return own_device_passes(device, own_dev_has_ipv4,
					 &ip_hdr(skb)->saddr);
	return own_device_passes(device, own_dev_has_ipv6,
				 &ipv6_hdr(skb)->saddr);
}

/**
 * own_source_is_ours() - is a packet's source an address of this host?
 * @skb: the packet, which has its route
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Called under rcu_read_lock().
 *
 * Return: whether it is.  In IPv6, one of the VRF that the packet leaves by, if it does.
 */
bool own_source_is_ours(const struct sk_buff *skb, u8 pf)
{
	const struct net_device *out = skb_dst(skb)->dev;

	if (pf == NFPROTO_IPV4)
		return __ip_dev_find(dev_net(out), ip_hdr(skb)->saddr, false);
	return nf_ipv6_chk_addr(dev_net(out), &ipv6_hdr(skb)->saddr, out, 0);
}

/**
 * own_device_of_source() - the named device that a packet's source address is of
 * @net: namespace
 * @skb: the packet
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * If another device has the address as well, as unnumbered tunnels do that borrow one, it
 * doesn't tell: what carries the tunnel has that address too.
 *
 * Called under rcu_read_lock(), which the result is good for.
 *
 * Return: the device, or NULL.
 */
struct own_device *own_device_of_source(struct net *net,
					const struct sk_buff *skb, u8 pf)
{
	if (pf == NFPROTO_IPV4) {
		__be32 addr = ip_hdr(skb)->saddr;

		if (ipv4_is_loopback(addr))
			return NULL;
		return own_device_only(net, own_dev_has_ipv4, &addr);
	}
	if (ipv6_addr_type(&ipv6_hdr(skb)->saddr) &
	    (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL))
		return NULL;
	return own_device_only(net, own_dev_has_ipv6, &ipv6_hdr(skb)->saddr);
}
