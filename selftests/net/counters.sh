#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A mapping counts each packet of its owner once, with its length from the IP
# header on: what nft counts at the same hook.
. "$(dirname "$0")/../lib/traffic.sh"

topology
way 1 tun0 100
module_load

# The mapping's counters are WANTED, and nft's are the same.
both_count()
{
	expect "$1" mapping_stats uid 1001
	expect "$1" nft_stats client datagrams
}

nothing_yet()
{
	ownroute add uid 1001 mark 1
	expect "0 0" mapping_stats uid 1001
}

# datagrams ADDR SIZE LENGTH: of SIZE, and so each a packet of LENGTH
datagrams()
{
	nft_reset client
	ownroute add uid 1001 mark 1
	expect 100 who flood "$1" udp uid 1001 count 100 size "$2"
	both_count "100 $((100 * $3))"
}

foreign()
{
	ownroute add uid 1001 mark 1
	who flood "$1" udp uid 1002 count 10
	who flood "$1" udp uid 0 count 10
	expect "0 0" mapping_stats uid 1001
}

unchanged_mark()
{
	nft_reset client
	ownroute add uid 1001 mark 1
	expect 10 who flood "$1" udp uid 1001 count 10 mark 1
	expect 10 mapping_packets uid 1001
}

two_cpus()
{
	nft_reset client
	ownroute add uid 1001 mark 1
	taskset -c 0 who flood "$1" udp uid 1001 count 5000 size 32 &
	taskset -c 1 who flood "$1" udp uid 1001 count 5000 size 32 &
	wait
	both_count "10000 $((10000 * $2))"
}

# SYN, data, ACKs: as long as the connection is open nothing is sent for it that
# isn't its own socket's.
same_as_nft()
{
	expect "$(nft_stats client "$1")" mapping_stats uid 1001
}

connection()
{
	nft_reset client
	ownroute add uid 1001 mark 1
	open_asker "$1" tcp uid 1001 size 4000
	for _ in 1 2 3 4 5; do
		expect tunnel next_answer
	done
	not expect "0 0" mapping_stats uid 1001
	wait_for "the same numbers" 5 same_as_nft "$(family "$1")"
}

go_on_when_replaced()
{
	ownroute add uid 1001 mark 1 id 1
	who flood "$server4" udp uid 1001 count 10 size 32
	ownroute replace id 1 uid 1001 mark 2
	who flood "$server4" udp uid 1001 count 10 size 32
	expect "20 1200" mapping_stats id 1
}

begin_anew_when_made_again()
{
	ownroute add uid 1001 mark 1
	who flood "$server4" udp uid 1001 count 10
	ownroute del uid 1001
	ownroute add uid 1001 mark 1
	expect "0 0" mapping_stats uid 1001
}

nft_counter client datagrams output udp dport 7
nft_counter client IPv4 output ip daddr "$server4" tcp dport 7
nft_counter client IPv6 output ip6 daddr "$server6" tcp dport 7

check "nothing yet" nothing_yet
ownroute flush
for address in "$server4" "$server6"; do
	name=$(family "$address")
	[ "$name" = IPv4 ] && headers=28 || headers=48

	check "$name: datagrams" datagrams "$address" 64 $((64 + headers))
	ownroute flush
	check "$name: a datagram that leaves in fragments is one packet" \
		datagrams "$address" 3000 $((3000 + headers))
	ownroute flush
	check "$name: other users' packets" foreign "$address"
	ownroute flush
	check "$name: packets that have the mark already" unchanged_mark "$address"
	ownroute flush
	check "$name: from two CPUs at once" two_cpus "$address" $((32 + headers))
	ownroute flush
	check "$name: a connection" connection "$address"
	ownroute flush
done
check "they go on when the mapping is replaced" go_on_when_replaced
ownroute flush
check "they begin anew when the mapping is made again" begin_anew_when_made_again

ktap_finish
