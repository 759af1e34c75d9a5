#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a user sends to a group or to all goes the user's way, too. (Not in IPv6,
# whose local table leads groups to a device before any other rule is looked at.)
. "$(dirname "$0")/../lib/traffic.sh"

topology
way 1 tun0 100
ip route add 224.0.0.0/4 dev eth0
nft_counter isp received prerouting ip daddr "{ 239.1.2.3, 255.255.255.255 }"
nft_counter tunnel received prerouting ip daddr "{ 239.1.2.3, 255.255.255.255 }"
module_load

# received_by WAY OTHER_WAY ADDR
received_by()
{
	nft_reset isp
	nft_reset tunnel
	who flood "$3" udp uid 1001 count 3
	wait_for "all of it" 5 expect 3 nft_packets "$1" received
	expect 0 nft_packets "$2" received
}

check "no mapping: a group" received_by isp tunnel 239.1.2.3
check "no mapping: all" received_by isp tunnel 255.255.255.255
ownroute add uid 1001 mark 1 >/dev/null
check "mapped: a group" received_by tunnel isp 239.1.2.3
check "mapped: all" received_by tunnel isp 255.255.255.255

ktap_finish
