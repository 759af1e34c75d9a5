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

everybody_goes_by_it()
{
	ownroute add uid 0-4294967294 mark 1/0xff table 100 dev vpn0 source keep >/dev/null
}

goes_in_once()
{
	local address

	vpn_device "$@"
	everybody_goes_by_it
	for address in "$server4" "$server6"; do
		answered "tunnel tunnel tunnel" "$address" udp uid 1001 count 3
		answered "tunnel tunnel" "$address" udp uid 0 count 2
		answered "tunnel tunnel" "$address" tcp uid 1001 count 2
		ownroute flush
		everybody_goes_by_it
		nft_reset client
		expect 20 who flood "$address" udp uid 1001 count 20
		expect 20 mapping_packets uid 0-4294967294
		wait_for "20 packets in the tunnel" 5 expect 20 nft_packets client inside
	done
	expect 0 nft_packets client again
}

vpn_gone()
{
	ownroute flush
	vpn_device_gone
}

nft_counter client inside postrouting oifname vpn0 udp dport 7
nft_counter client again postrouting oifname vpn0 \
	meta l4proto "{ gre, udp }" @th,16,16 "{ $wireguard_port, $vxlan_port, $geneve_port }"

for underlay in "10.1.1.2 10.1.1.1" "fd00:1:1::2 fd00:1:1::1"; do
	# shellcheck disable=SC2086 # two addresses
	{
		check "WireGuard over $(family "$underlay")" goes_in_once wireguard $underlay
		vpn_gone
		check "VXLAN over $(family "$underlay")" goes_in_once vxlan $underlay
		vpn_gone
		check "GENEVE over $(family "$underlay")" goes_in_once geneve $underlay
		vpn_gone
	}
done
check "GRE over IPv4" goes_in_once gre 10.1.1.2 10.1.1.1
vpn_gone
check "GRE over IPv6" goes_in_once ip6gre fd00:1:1::2 fd00:1:1::1
vpn_gone

# Only those of the mapping's mask end where the tunnel would be misled by them.
bits_of_others_stay()
{
	vpn_device "$1" 10.1.1.2 10.1.1.1
	everybody_goes_by_it
	nft -f - <<-EOF
		table inet others {
			chain output {
				type filter hook output priority -160
				udp dport 7 meta mark set 0x500
			}
		}
		table netdev watch {
			counter kept { }
			chain kept {
				type filter hook egress device vpn0 priority 0
				udp dport 7 meta mark 0x500 counter name kept
			}
		}
	EOF
	answered tunnel "$server4" udp uid 1001
	answered tunnel "$server6" udp uid 1001
	nft list counter netdev watch kept | grep -q "packets 2 "
}
check "VXLAN: bits of others stay" bits_of_others_stay vxlan
nft delete table inet others
nft delete table netdev watch
vpn_gone

# Not only the device that was there when the mapping was made
made_again()
{
	vpn_device vxlan 10.1.1.2 10.1.1.1
	everybody_goes_by_it
	vpn_device_gone
	vpn_device vxlan 10.1.1.2 10.1.1.1
	ip route replace default dev vpn0 table 100
	answered tunnel "$server4" udp uid 1001
}
check "VXLAN, made again" made_again
vpn_gone

# The second mapping that names it has its bits taken off as well.
two_masks()
{
	vpn_device vxlan 10.1.1.2 10.1.1.1
	everybody_goes_by_it
	ownroute add uid 1002 mark 0x100/0xf00 table 101 dev vpn0 source keep priority 10
	answered tunnel "$server4" udp uid 1002
	answered tunnel "$server4" udp uid 1001
}
check "VXLAN, two masks" two_masks
vpn_gone

ktap_finish
