#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A tunnel whose own packets leave from the user's namespace: what the user sends
# goes in once, and what carries it goes out by the ISP, not in again. Inside a
# tunnel skb->sk is still the user's socket, and the tunnel's own is root's.
. "$(dirname "$0")/../lib/traffic.sh"
. "$(dirname "$0")/../lib/vpn.sh"

topology
module_load

goes_in_once()
{
	local address

	vpn_device "$@"
	way 1 vpn0 100
	ownroute add uid 0-4294967294 mark 1
	for address in "$server4" "$server6"; do
		answered "tunnel tunnel tunnel" "$address" udp uid 1001 count 3
		answered "tunnel tunnel" "$address" udp uid 0 count 2
		answered "tunnel tunnel" "$address" tcp uid 1001 count 2
		ownroute flush
		ownroute add uid 0-4294967294 mark 1
		nft_reset client
		expect 20 who flood "$address" udp uid 1001 count 20
		expect 20 mapping_packets uid 0-4294967294
		wait_for "20 packets in the tunnel" 5 expect 20 nft_packets client inside
	done
	expect 0 nft_packets client again
}

vpn_gone()
{
	local option

	ownroute flush
	ip link del vpn0
	tunnel ip link del vpn0
	for option in -4 -6; do
		ip $option rule del priority 100
		ip $option route flush table 100
	done
}

nft_counter client inside postrouting oifname vpn0 udp dport 7
nft_counter client again postrouting oifname vpn0 \
	meta l4proto "{ gre, udp }" @th,16,16 "$wireguard_port"

for underlay in "10.1.1.2 10.1.1.1" "fd00:1:1::2 fd00:1:1::1"; do
	# shellcheck disable=SC2086 # two addresses
	{
		check "WireGuard over $(family "$underlay")" goes_in_once wireguard $underlay
		vpn_gone
	}
done
check "GRE over IPv4" goes_in_once gre 10.1.1.2 10.1.1.1
vpn_gone
check "GRE over IPv6" goes_in_once ip6gre fd00:1:1::2 fd00:1:1::1
vpn_gone

ktap_finish
