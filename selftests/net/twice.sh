#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Packets that come through LOCAL_OUT twice, in different shapes, are their
# owner's once.
. "$(dirname "$0")/../lib/traffic.sh"

topology
module_load
ownroute add uid 1001 mark 8 id 1 >/dev/null

# Bytes of a datagram of 32 with its headers
length4=60
length6=80

# counted_once LENGTH ADDR [OPTION]…: each of some packets, and they all arrive
counted_once()
{
	local length=$1 address=$2

	shift 2
	ownroute del id 1
	ownroute add uid 1001 mark 8 id 1
	nft_reset isp
	expect 20 who flood "$address" udp uid 1001 count 20 size 32 "$@"
	wait_for "all to arrive" 5 expect 20 nft_packets isp arrived
	expect "20 $((20 * length))" mapping_stats id 1
}

# A device of a VRF: first through the VRF's own device
ip link add vrf0 type vrf table 300
ip link set vrf0 up
ip link set eth0 master vrf0
ip route add default via 10.1.1.1 table 300
ip -6 route add default via fd00:1:1::1 table 300
nft_counter isp arrived input udp dport 7
check "VRF, IPv4" counted_once $length4 "$server4" dev vrf0
check "VRF, IPv6" counted_once $length6 "$server6" dev vrf0
ip link del vrf0
isp nft delete table inet watch
default_route client 1

# IPsec: once more in its new form
esp()
{
	local here=$1 there=$2 server=$3 end

	for end in client isp; do
		$end ip xfrm state add src "$here" dst "$there" proto esp spi 7 \
			mode tunnel aead "rfc4106(gcm(aes))" \
			0x000102030405060708090a0b0c0d0e0f10111213 128
	done
	ip xfrm policy add dst "$server" dir out \
		tmpl src "$here" dst "$there" proto esp mode tunnel
}
nft_counter isp arrived input udp dport 7 meta secpath exists
esp 10.1.1.2 10.1.1.1 "$server4"
esp fd00:1:1::2 fd00:1:1::1 "$server6"
check "IPsec, IPv4" counted_once $length4 "$server4"
check "IPsec, IPv6" counted_once $length6 "$server6"

ktap_finish
