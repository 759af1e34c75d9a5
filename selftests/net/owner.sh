#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Each packet of a mapped user takes the way of the mapping's mark, whatever
# socket it comes from; nobody else's does.
. "$(dirname "$0")/../lib/traffic.sh"

topology
two_ways
module_load

# Without the mappings the tests below would say nothing.
before()
{
	answered "isp isp" "$1" udp uid 1001 count 2
	answered "isp isp" "$1" tcp uid 1001 count 2
}
for address in "$server4" "$server6"; do
	check "$(family "$address"): no mapping, no other way" before "$address"
done

ownroute add uid 1001 mark 1 >/dev/null
ownroute add uid 1003 mark 2 >/dev/null

for address in "$server4" "$server6"; do
	for socket in "${sockets[@]}"; do
		name="$(family "$address"), $socket"
		# shellcheck disable=SC2086 # a kind, and perhaps a flag
		{
			check "$name: the user's packets, first and later" \
				answered "tunnel tunnel tunnel" "$address" $socket uid 1001 count 3
			check "$name: another user's" \
				answered "isp isp isp" "$address" $socket uid 1002 count 3
			check "$name: another mapped user's" \
				answered "other other other" "$address" $socket uid 1003 count 3
		}
	done
	check "$(family "$address"): the owner is who opened the socket, not who uses it" \
		answered "isp isp" "$address" udp uid 1001 late count 2
done

# Neither steals from the other while both send.
side_by_side()
{
	local first second

	first=$(mktemp) second=$(mktemp)
	who ask "$1" "$2" uid 1001 count 20 >"$first" &
	who ask "$1" "$2" uid 1003 count 20 >"$second" &
	wait
	expect tunnel uniq "$first"
	expect other uniq "$second"
	rm "$first" "$second"
}
for address in "$server4" "$server6"; do
	for kind in udp tcp; do
		check "$(family "$address"), $kind: two users at once, two tables" \
			side_by_side "$address" $kind
	done
done

ktap_finish
