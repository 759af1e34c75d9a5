#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The kernel has no uid: what it sends by itself is not root's, and goes as it
# came. What it sends for a listening socket is that socket's owner's.
. "$(dirname "$0")/../lib/traffic.sh"

topology
way 1 tun0 100
nft_counter client syn_ack postrouting oifname tun0 tcp sport 8007 \
	tcp flags "& (syn | ack) == syn | ack"
module_load

client4=10.1.1.2
client6=fd00:1:1::2

# The question itself comes back.
echo_reply()
{
	expect "???????" isp who ask "$1" ping
}

port_unreachable()
{
	expect ECONNREFUSED isp who ask "$1" udp connect port 8008
}

reset()
{
	expect ECONNREFUSED isp who ask "$1" tcp port 8008
}

neighbour_discovery()
{
	ip neigh flush dev eth0
	isp ip neigh flush dev client1
	answered isp "$1" udp uid 1002
	expect "???????" isp who ask "$2" ping
}

nothing_counted()
{
	expect "0 0" mapping_stats uid 0
}

roots_own()
{
	answered tunnel "$1" udp uid 0
}

listening()
{
	ss -Hltn "sport = $1" | grep -q .
}

listen_as()
{
	setpriv --reuid "$1" --clear-groups --inh-caps=-all \
		socat TCP6-LISTEN:8007,ipv6only=0,reuseaddr,fork PIPE &
	at_exit "kill $!"
	wait_for "a listening socket" 10 listening 8007
}

syn_ack()
{
	expect timeout isp who ask "$1" tcp port 8007 deadline 300
	not expect 0 nft_packets client syn_ack
}

ownroute add uid 0 mark 1 >/dev/null
for address in "$client4" "$client6"; do
	name=$(family "$address")
	[ "$name" = IPv4 ] && server=$server4 || server=$server6
	check "$name: echo reply" echo_reply "$address"
	check "$name: port unreachable" port_unreachable "$address"
	check "$name: reset for a closed port" reset "$address"
	check "$name: finding the neighbour" neighbour_discovery "$server" "$address"
done
check "none of it counts as root's" nothing_counted
check "IPv4: root's own packets are root's" roots_own "$server4"
check "IPv6: root's own packets are root's" roots_own "$server6"
ownroute flush

ownroute add uid 1001 mark 1 >/dev/null
listen_as 1001
for address in "$client4" "$client6"; do
	nft_reset client
	check "$(family "$address"): the SYN-ACK of a user's listening socket is the user's" \
		syn_ack "$address"
done

ktap_finish
