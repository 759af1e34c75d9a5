#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a command of "ownroute run" sends goes by the device, and what its user sends
# elsewhere doesn't.
. "$(dirname "$0")/../lib/traffic.sh"

topology
module_load

# goes WAY CMD…: so is answered what "CMD… who" asks
goes()
{
	local way=$1 address

	shift
	for address in "$server4" "$server6"; do
		expect "$way" "$@" who ask "$address" udp
		expect "$way" "$@" who ask "$address" tcp
	done
}

run()
{
	ownroute run dev tun0 "$@"
}

the_commands_own()
{
	goes tunnel run --
	goes isp env
}

that_of_the_same_user()
{
	goes tunnel env SUDO_UID=1 ownroute run dev tun0 --
	goes isp setpriv --reuid daemon --regid daemon --clear-groups --
}

from_its_first_packet_on()
{
	# Nothing has been asked before: who leaks, leaks here.
	goes tunnel run guard --
	expect EPERM ownroute run block -- who ask "$server4" udp
}

what_it_starts()
{
	goes tunnel run -- setsid --wait env
	goes tunnel run -- sh -c '"$@"; true' sh
}

beside_another()
{
	local ready

	# While the guard of this one holds, those outside of it go on as they did.
	read -r ready < <(exec ownroute run dev tun0 guard -- sh -c 'echo ready; exec sleep 100')
	[ "$ready" = ready ]
	goes isp env
	goes tunnel run --
	goes isp ownroute run bypass --
	kill $!
	wait_for "its end" 10 no_mapping
}
no_mapping()
{
	[ -z "$(ownroute list)" ]
}

# What floods the server until it is killed, in the background of the command, which CMD follows
flood="who flood $server4 udp count 0 & until [ \$(mapping_packets) -gt 100 ]; do sleep 0.05; done"

mapping_packets()
{
	ownroute -j list | jq 'map(.packets) | add'
}
export -f mapping_packets

what_is_left_behind_leaks_nothing()
{
	nft_counter client leaked postrouting oifname eth0 ip daddr "$server4"
	at_exit "nft delete table inet watch"
	run -- bash -c "$flood"
	[ "$(nft_packets client leaked)" -eq 0 ]
	run -- bash -c "$flood; kill -KILL \$PPID; sleep 100" || :
	wait_for "its end" 10 no_mapping
	[ "$(nft_packets client leaked)" -eq 0 ]
	# The counter would have seen them.
	goes isp env
	[ "$(nft_packets client leaked)" -gt 0 ]
}

for test in the_commands_own that_of_the_same_user from_its_first_packet_on what_it_starts \
	beside_another what_is_left_behind_leaks_nothing; do
	check "${test//_/ }" $test
done
ktap_finish
