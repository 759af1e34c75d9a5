#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What stays on this machine is left alone: not marked, not counted.
. "$(dirname "$0")/../lib/traffic.sh"

local_addresses=(127.0.0.1 ::1 10.1.1.2 fd00:1:1::2 10.1.2.2 fd00:1:2::2)

topology
serve client myself "${local_addresses[@]}"
way 1 tun0 100
nft_counter client marked postrouting oifname lo meta mark != 0
module_load
ownroute add uid 0-4294967294 mark 1 >/dev/null

# Not raw sockets: they would hear their own questions.
left_alone()
{
	local kind

	for kind in udp tcp ping; do
		answered "myself myself" "$1" $kind uid 1001 count 2
	done
	expect 0 nft_packets client marked
	expect "0 0" mapping_stats id 1
}

not_left_alone()
{
	answered tunnel "$server4" udp uid 1001
	answered tunnel "$server6" udp uid 1001
	expect 2 mapping_packets id 1
}

client sysctl -qw net.ipv4.icmp_echo_ignore_all=1 net.ipv6.icmp.echo_ignore_all=1
for address in "${local_addresses[@]}"; do
	check "to $address" left_alone "$address"
done
check "to elsewhere" not_left_alone

ktap_finish
