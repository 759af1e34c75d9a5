#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The kill switch: whatever becomes of rules, tables and the tunnel, what the user sends
# leaves by the tunnel, by loopback, or not at all.
. "$(dirname "$0")/../lib/traffic.sh"
. "$(dirname "$0")/../lib/vpn.sh"

topology
serve client here 127.0.0.1 ::1 10.1.1.2 fd00:1:1::2
nft_counter isp IPv4 input ip daddr "$server4"
nft_counter isp IPv6 input ip6 daddr "$server6"
module_load
# Or it holds the module.
at_exit "ownroute flush"
ownroute add uid 1001 mark 1 table 100 dev tun0 source keep guard >/dev/null

addresses=("$server4" "$server6")

goes_by_the_tunnel()
{
	local address

	for address in "${addresses[@]}"; do
		answered "tunnel tunnel" "$address" udp uid 1001 count 2
		answered tunnel "$address" tcp uid 1001
	done
}

# goes_nowhere [OPTION]…: and nobody but the user notices
goes_nowhere()
{
	local address

	nft_reset isp
	for address in "${addresses[@]}"; do
		answered EPERM "$address" udp uid 1001 "$@"
		answered timeout "$address" tcp uid 1001 deadline 300 "$@"
		expect 0 nft_packets isp "$(family "$address")"
		answered isp "$address" udp uid 1002
	done
}

# no_table: not even the backstop is left
no_table()
{
	ip -4 route flush table 100
	ip -6 route flush table 100
	# It leaves the backstop, for the kernel has had such a route of its own.
	ip -6 route del unreachable default metric 4294967295 table 100
}

no_rule()
{
	ip -4 rule del fwmark 1
	ip -6 rule del fwmark 1
}

# leads_to DEV: the rule and the table are there, whatever else is not
leads_to()
{
	local option

	ip link set "$1" up
	for option in -4 -6; do
		ip $option rule show | grep -q 'fwmark 0x1 ' ||
			ip $option rule add fwmark 1 lookup 100 priority 2000
		ip $option route replace unreachable default \
			metric 4294967295 table 100
		ip $option route replace default dev "$1" table 100
	done
}

tunnel_is_back()
{
	leads_to tun0
	link_is_up client tun0
	link_is_up tunnel client1
	# Whom it looked for in vain meanwhile
	tunnel ip neigh flush dev client1
}

rule_deleted()
{
	local address

	no_rule
	goes_nowhere
	nft_reset isp
	for address in "${addresses[@]}"; do
		answered EPERM "$address" udp connect uid 1001
		answered EPERM "$address" raw uid 1001
		expect 0 nft_packets isp "$(family "$address")"
	done
}

open_connection()
{
	open_asker "$1" tcp uid 1001 deadline 1500
	expect tunnel next_answer
	nft_reset isp
	no_rule
	expect timeout next_answer
	expect 0 nft_packets isp "$(family "$1")"
	tunnel_is_back
	wait_for "the connection to go on" 20 expect tunnel next_answer
}

table_flushed()
{
	no_table
	goes_nowhere
}

device_down()
{
	ip link set tun0 down
	no_table
	goes_nowhere
}

device_deleted()
{
	local before

	before=$(ip -o link show tun0 | cut -d: -f1)
	ip link del tun0
	no_table
	goes_nowhere
	join client 1 tun0 tunnel 2
	not expect "$before" eval "ip -o link show tun0 | cut -d: -f1"
	tunnel_is_back
	goes_by_the_tunnel
}

# The mapping names tun0, not what was tun0 once.
device_renamed()
{
	ip link set tun0 down
	ip link set tun0 name tun9
	leads_to tun9
	link_is_up client tun9
	goes_nowhere
	ip link set tun9 down
	ip link set tun9 name tun0
	tunnel_is_back
	goes_by_the_tunnel
}

device_moved()
{
	ip link set tun0 netns "isp-$$"
	no_table
	goes_nowhere
	isp ip link set tun0 netns $$
	ip -batch - <<-EOB
		address add 10.1.2.2/24 dev tun0
		address add fd00:1:2::2/64 dev tun0 nodad
		link set tun0 up
	EOB
	tunnel_is_back
	goes_by_the_tunnel
}

bound_to_the_other_device()
{
	no_rule
	goes_nowhere dev eth0
}

loopback()
{
	answered here 127.0.0.1 udp uid 1001
	answered here 127.0.0.1 tcp uid 1001
	answered here 10.1.1.2 udp uid 1001
	answered here ::1 udp uid 1001
	answered here fd00:1:1::2 tcp uid 1001
}

counted()
{
	not expect 0 eval "ownroute -j list | jq '.[0].guarded'"
}

module_stays()
{
	not rmmod ownroute
}

# Everybody is guarded, and so is root. But it isn't root who sends what carries the tunnel.
goes_by_the_vpn()
{
	local address

	ownroute flush
	no_table || :
	vpn_device "$1" 10.1.1.2 10.1.1.1
	ownroute add uid 0-4294967294 mark 1 table 100 dev vpn0 guard
	for address in "${addresses[@]}"; do
		answered "tunnel tunnel" "$address" udp uid 1001 count 2
		answered tunnel "$address" udp uid 0
		answered tunnel "$address" tcp uid 1001
	done
}

vpn_gone()
{
	ownroute flush
	vpn_device_gone
	no_table
}

ends_with_the_mapping()
{
	ownroute flush
	no_rule || :
	answered isp "$server4" udp uid 1001
	answered isp "$server6" udp uid 1001
}

check "the tunnel is up" goes_by_the_tunnel
check "the rule is deleted" rule_deleted
tunnel_is_back
for address in "${addresses[@]}"; do
	check "$(family "$address"): the rule is deleted, a connection waits" \
		open_connection "$address"
	tunnel_is_back
done
check "the table is flushed" table_flushed
tunnel_is_back
check "the tunnel is down" device_down
tunnel_is_back
check "the tunnel is up again" goes_by_the_tunnel
check "the tunnel is deleted, and another comes" device_deleted
check "the tunnel is renamed, and back" device_renamed
check "the tunnel is moved to another namespace, and back" device_moved
check "a socket bound to the other device" bound_to_the_other_device
check "loopback, with the rule deleted" loopback
tunnel_is_back
check "what was dropped is counted" counted
check "the module can't be unloaded" module_stays
for type in gre wireguard vxlan geneve xfrm; do
	check "$type in the same namespace" goes_by_the_vpn "$type"
	vpn_gone >/dev/null 2>&1
done
check "no mapping, no guard" ends_with_the_mapping

ktap_finish
