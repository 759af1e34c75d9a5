#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# When the mapping's table leads nowhere, the packet goes nowhere, and its sender
# is told; the main table is no second choice.
. "$(dirname "$0")/../lib/traffic.sh"

topology
way 1 tun0 100
for option in -4 -6; do
	ip $option route add unreachable default metric 4294967295 table 100
done
# Not the last ACK of a connection, which is sent when the socket is gone.
for match in "meta l4proto != tcp" "tcp flags & (syn | psh) != 0"; do
	nft_counter isp IPv4 input ip daddr "$server4" "$match"
	nft_counter isp IPv6 input ip6 daddr "$server6" "$match"
done
module_load
ownroute add uid 1001 mark 1 >/dev/null

goes_by_the_tunnel()
{
	answered "tunnel tunnel" "$1" udp uid 1001 count 2
	answered tunnel "$1" tcp uid 1001
}

# Two keep the error to themselves: TCP, which sends its SYN again until it gives
# up, and the kernel's IPv6 ping sockets.
told_that_it_goes_nowhere()
{
	local told=EHOSTUNREACH

	case "$(family "$1") $2" in
	*tcp | "IPv6 ping"*) told=timeout ;;
	esac
	# shellcheck disable=SC2086 # a kind, and perhaps a flag
	answered $told "$1" $2 uid 1001 deadline 1000
}

goes_nowhere()
{
	local socket

	nft_reset isp
	for socket in "${sockets[@]}"; do
		told_that_it_goes_nowhere "$1" "$socket"
	done
	expect 0 nft_packets isp "$(family "$1")"
	answered isp "$1" udp uid 1002
}

tunnel_down()
{
	ip link set tun0 down
}

# With what the kernel took away when it went down
tunnel_up()
{
	ip link set tun0 up
	ip -4 route replace default dev tun0 table 100
	ip -6 route replace default dev tun0 table 100
	link_is_up client tun0
	link_is_up tunnel client1
	# Whom it looked for in vain meanwhile
	tunnel ip neigh flush dev client1
}

open_socket()
{
	open_asker "$@" uid 1001
	expect tunnel next_answer
	tunnel_down
	expect EHOSTUNREACH next_answer
	tunnel_up
	expect tunnel next_answer
}

open_connection()
{
	open_asker "$1" tcp uid 1001 deadline 1500
	expect tunnel next_answer
	nft_reset isp
	tunnel_down
	expect timeout next_answer
	expect 0 nft_packets isp "$(family "$1")"
	tunnel_up
	# When TCP next sends again what got no answer
	wait_for "the connection to go on" 20 expect tunnel next_answer
}

# The far end is gone, the device is not: lost, but not the ISP's.
carrier_lost()
{
	nft_reset isp
	tunnel ip link set client1 down
	not answered isp "$1" udp uid 1001 deadline 500
	not answered isp "$1" tcp uid 1001 deadline 500
	expect 0 nft_packets isp "$(family "$1")"
}

for address in "$server4" "$server6"; do
	name=$(family "$address")
	check "$name: the tunnel is up" goes_by_the_tunnel "$address"
	check "$name: it goes down, a datagram socket sees an error" open_socket "$address" udp
	tunnel_up
	check "$name: a connected one too" open_socket "$address" udp connect
	tunnel_up
	check "$name: it goes down, a connection waits" open_connection "$address"
	tunnel_up
done

tunnel_down
for address in "$server4" "$server6"; do
	check "$(family "$address"): the tunnel is down" goes_nowhere "$address"
done
tunnel_up
for address in "$server4" "$server6"; do
	check "$(family "$address"): the tunnel is up again" goes_by_the_tunnel "$address"
done

# A tunnel that has no IPv6
ip -6 route del default dev tun0 table 100
check "a way for IPv4 alone: IPv4" goes_by_the_tunnel "$server4"
check "a way for IPv4 alone: IPv6" goes_nowhere "$server6"

tunnel_up
for address in "$server4" "$server6"; do
	check "$(family "$address"): the tunnel's far end is gone" carrier_lost "$address"
done

ip link del tun0
for address in "$server4" "$server6"; do
	check "$(family "$address"): the tunnel is no more" goes_nowhere "$address"
done

ktap_finish
