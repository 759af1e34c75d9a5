#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Sockets that were opened before a mapping came or went obey it from their next
# packet on.
. "$(dirname "$0")/../lib/traffic.sh"

topology
way 1 tun0 100
module_load

ask_around_a_change()
{
	open_asker "$@" uid 1001
	expect isp next_answer
	ownroute add uid 1001 mark 1
	expect tunnel next_answer
	expect tunnel next_answer
	ownroute del uid 1001
	expect isp next_answer
	# By the route that the socket remembers now
	expect isp next_answer
}

# Sent from the first: a socket that never sent anything by the old way.
ask_after_a_change()
{
	open_asker "$@" uid 1001
	ownroute add uid 1001 mark 1
	expect tunnel next_answer
	ownroute del uid 1001
	expect isp next_answer
}

# The tunnel knows nothing of a connection that was made with the ISP. Keep it
# from ending it, and look where the connection's packets go.
connection()
{
	local address=$1

	open_asker "$address" tcp uid 1001 deadline 1000
	expect isp next_answer
	nft_reset isp
	ownroute add uid 1001 mark 1
	expect timeout next_answer
	expect "0" nft_packets isp data
	not expect "0" nft_packets tunnel data
	ownroute del uid 1001
	# When TCP next sends again what got no answer
	wait_for "the connection to go on" 20 expect isp next_answer
	nft_reset isp
	expect isp next_answer
	not expect "0" nft_packets isp data
}

for address in "$server4" "$server6"; do
	for socket in "${sockets[@]}"; do
		[ "$socket" != tcp ] || continue
		# shellcheck disable=SC2086 # a kind, and perhaps a flag
		{
			check "$(family "$address"), $socket: used before the mapping, and after" \
				ask_around_a_change "$address" $socket
			check "$(family "$address"), $socket: opened before the mapping" \
				ask_after_a_change "$address" $socket
		}
	done
done

nft_counter isp data input tcp dport 7
nft_counter tunnel data input tcp dport 7
tunnel nft add rule inet watch data tcp dport 7 drop
for address in "$server4" "$server6"; do
	check "$(family "$address"), tcp: connected before the mapping" connection "$address"
done

ktap_finish
