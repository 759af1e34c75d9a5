#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# MPTCP sends through kernel sockets of its own, the later ones made by a worker;
# all of them send for the user.
. "$(dirname "$0")/../lib/traffic.sh"

topology
way 1 tun0 100
# By itself a subflow from this address would go by the ISP, too.
ip mptcp limits set subflow 1
ip mptcp endpoint add 10.1.2.2 subflow
ip mptcp endpoint add fd00:1:2::2 subflow
for far in isp tunnel; do
	$far ip mptcp limits set subflow 1
	nft_counter $far subflows input tcp dport 8 tcp flags "& (syn | ack) == syn"
done
module_load

# two_subflows WAY OTHER_WAY ADDR: a connection that has two goes by WAY
two_subflows()
{
	nft_reset isp
	nft_reset tunnel
	open_asker "$3" mptcp uid 1001
	expect "$1" next_answer
	wait_for "a second subflow" 10 expect 2 nft_packets "$1" subflows
	expect "$1" next_answer
	expect 0 nft_packets "$2" subflows
}

for address in "$server4" "$server6"; do
	check "$(family "$address"): no mapping" two_subflows isp tunnel "$address"
done
ownroute add uid 1001 mark 1 >/dev/null
for address in "$server4" "$server6"; do
	check "$(family "$address"): the first and a later subflow" \
		two_subflows tunnel isp "$address"
done

ktap_finish
