#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A guard that spares the LAN: where the main table itself leads, and not because it leads
# everything there.
. "$(dirname "$0")/../lib/traffic.sh"

# Behind a gateway in the LAN
near4=198.51.100.1
near6=2001:db8:2::1

topology
isp ip -batch - <<-EOF
	address add $near4/32 dev lo
	address add $near6/128 dev lo nodad
EOF
serve isp near "$near4" "$near6"
ip -batch - <<-EOF
	route add 198.51.100.0/24 via 10.1.1.1
	route add 2001:db8:2::/64 via fd00:1:1::1
EOF
nft_counter isp IPv4 input ip daddr "$server4"
nft_counter isp IPv6 input ip6 daddr "$server6"
nft_counter isp datagrams input udp dport 8014
module_load
# Or it holds the module.
at_exit "ownroute flush"

servers=("$server4" "$server6")
neighbours=(10.1.1.1 fd00:1:1::1)
beyond=("$near4" "$near6")

# each WANTED ADDR ADDR [OPTION]…: in both families
each()
{
	local wanted=$1 address

	for address in "${@:2:2}"; do
		answered "$wanted" "$address" udp uid 1001 "${@:4}"
	done
}

# lan_is_reached [OPTION]…
lan_is_reached()
{
	each isp "${neighbours[@]}" "$@"
	each near "${beyond[@]}" "$@"
}

lan_is_connected_to()
{
	local address

	for address in "${neighbours[@]}"; do
		answered isp "$address" tcp uid 1001
	done
}

lan_is_not_reached()
{
	each EPERM "${neighbours[@]}"
	each EPERM "${beyond[@]}"
}

# nothing_leaks [OPTION]…
nothing_leaks()
{
	local address

	nft_reset isp
	each EPERM "${servers[@]}" "$@"
	for address in "${servers[@]}"; do
		answered timeout "$address" tcp uid 1001 deadline 300 "$@"
		expect 0 nft_packets isp "$(family "$address")"
	done
}

rest_by_the_tunnel()
{
	local address

	each tunnel "${servers[@]}"
	for address in "${servers[@]}"; do
		answered tunnel "$address" tcp uid 1001
	done
}

# heard ADDR [OPTION]: who gets a datagram that is sent there answers nothing
heard()
{
	nft_reset isp
	echo | setpriv --reuid 1001 --clear-groups \
		socat -u - "UDP-SENDTO:$(bracketed "$1"):8014${2:+,$2}"
	wait_for "the datagram" 10 expect 1 nft_packets isp datagrams
}

broadcast()
{
	heard 10.1.1.255 broadcast
}

# As the tunnel's own: the routes are the same for all devices, but for these.
link_local()
{
	local address

	address=$(isp ip -j -6 address show dev client1 scope link |
		jq -r '.[].addr_info[].local // empty')
	heard "$address%eth0"
}

bound_to_the_device()
{
	lan_is_reached dev eth0
	nothing_leaks dev eth0
}

# The main table leads there, but not by the device that the packet is leaving by.
by_another_device()
{
	ip -batch - <<-EOF
		route replace 198.51.100.0/24 dev tun0
		route replace 2001:db8:2::/64 dev tun0
	EOF
	each EPERM "${beyond[@]}" dev eth0
	ip -batch - <<-EOF
		route replace 198.51.100.0/24 via 10.1.1.1
		route replace 2001:db8:2::/64 via fd00:1:1::1
	EOF
}

# halves COMMAND: what OpenVPN's redirect-gateway makes, here by the ISP
halves()
{
	local net

	for net in 0.0.0.0/1 128.0.0.0/1; do
		ip route "$1" $net via 10.1.1.1
	done
	for net in ::/3 2000::/4 3000::/4 fc00::/7; do
		ip route "$1" $net via fd00:1:1::1
	done
}

# As of PPP
without_a_gateway()
{
	ip -4 route replace default dev eth0
	ip -6 route replace default dev eth0
	nothing_leaks
	lan_is_reached
	ip -4 route replace default via 10.1.1.1
	ip -6 route replace default via fd00:1:1::1
}

half_of_everything()
{
	halves add
	"$@"
	halves del
}

# What leads to the LAN in spite of the mark
lan_rules()
{
	ip -4 rule "$1" fwmark 1 lookup main suppress_prefixlength 1 priority 90
	ip -6 rule "$1" fwmark 1 lookup main suppress_prefixlength 7 priority 90
}

no_rules()
{
	ip -4 rule del priority 100
	ip -6 rule del priority 100
}

# The table of this host's own addresses is one with the main table, until there is a rule.
mapping add id 1 uid 1001 mark 1 dev tun0 guard lan
check "no rule yet: the LAN" lan_is_reached
check "no rule yet: the LAN's broadcast address" broadcast
check "no rule yet: nothing leaks" nothing_leaks

way 1 tun0 100
lan_rules add
check "the LAN, datagrams" lan_is_reached
check "the LAN, connections" lan_is_connected_to
check "the LAN and no more, sockets bound to the device" bound_to_the_device
check "the LAN, link-local" link_local
check "the rest goes by the tunnel" rest_by_the_tunnel
check "halves of everything: the rest goes by the tunnel" \
	half_of_everything rest_by_the_tunnel
check "halves of everything: the LAN" half_of_everything lan_is_reached

lan_rules del
no_rules
check "rules deleted: nothing leaks" nothing_leaks
check "rules deleted: the LAN" lan_is_reached
check "rules deleted: the LAN's broadcast address" broadcast
check "rules deleted, halves of everything: nothing leaks" \
	half_of_everything nothing_leaks
check "rules deleted, the default route without a gateway: nothing leaks" \
	without_a_gateway
check "rules deleted: the main table leads by another device" by_another_device

mapping replace id 1 uid 1001 mark 1 dev tun0 guard
check "without the flag: not the LAN either" lan_is_not_reached

ktap_finish
