#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Each network namespace has its own mappings, for its own packets; uids are
# those of the user namespace that it belongs to.
. "$(dirname "$0")/../lib/traffic.sh"

# Client 2 belongs to a user namespace whose uid 0 is 100000 here.
unshare --user --net sleep infinity &
holder=$!
at_exit "kill $holder"
in_its_own_namespace()
{
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}
wait_for "the user namespace" 10 in_its_own_namespace $holder
echo "0 100000 65536" >/proc/$holder/uid_map

topology
netns_attach contained $holder
netns_add second
for client in "second 2" "contained 3"; do
	# shellcheck disable=SC2086 # name and number
	set -- $client
	join "$1" "$2" eth0 isp 1
	join "$1" "$2" tun0 tunnel 2
	default_route "$1" "$2"
	link_is_up "$1" eth0
	link_is_up "$1" tun0
	way 1 tun0 100 "$1"
done
way 1 tun0 100
module_load

# goes NS WAY UID: in both families
goes()
{
	expect "$2 $2" "$1" who ask "$server4" udp uid "$3" count 2
	expect "$2 $2" "$1" who ask "$server6" udp uid "$3" count 2
	expect "$2" "$1" who ask "$server4" tcp uid "$3"
	expect "$2" "$1" who ask "$server6" tcp uid "$3"
}

only_here()
{
	ownroute add uid 1001 mark 1
	goes client tunnel 1001
	goes second isp 1001
	goes contained isp 1001
	goes contained isp 101001
}

side_by_side()
{
	ownroute add uid 1001 mark 1
	second ownroute add uid 1002 mark 1
	goes client tunnel 1001
	goes client isp 1002
	goes second isp 1001
	goes second tunnel 1002
}

same_uid_other_mark()
{
	ownroute add uid 1001 mark 1
	second ownroute add uid 1001 mark 2
	goes client tunnel 1001
	goes second isp 1001
}

# ids NS: of its mappings
ids()
{
	"$1" ownroute list | sed -n "s/.* \\(id [0-9]*\\) .*/\\1/p"
}

own_ids()
{
	ownroute add uid 1001 mark 1 id 7
	second ownroute add uid 1002 mark 1 id 7
	second ownroute add uid 1003 mark 1 id 8
	expect "id 7" ids client
	expect "id 7 id 8" ids second
	expect "" ids contained
	second ownroute del id 7
	expect "id 7" ids client
	expect "id 8" ids second
}

one_goes_the_other_stays()
{
	ownroute add uid 1001 mark 1
	second ownroute add uid 1001 mark 1
	second ownroute flush
	goes client tunnel 1001
	goes second isp 1001
}

uids_of_its_user_namespace()
{
	contained ownroute add uid 1001 mark 1
	goes contained tunnel 101001
	goes contained isp 1001
}

no_such_uid_there()
{
	not contained ownroute add uid 65536 mark 1
	not contained ownroute add uid 1001-65536 mark 1
	expect "" ids contained
}

# The namespace dies with its mappings; nobody else's do.
namespace_ends()
{
	ownroute add uid 1001 mark 1
	second ownroute add uid 1001 mark 1
	second ownroute add uid 1002 mark 1
	ip netns del second-$$
	goes client tunnel 1001
	goes client isp 1002
}

for test in only_here side_by_side same_uid_other_mark own_ids \
	one_goes_the_other_stays uids_of_its_user_namespace no_such_uid_there \
	namespace_ends; do
	check "${test//_/ }" $test
	for ns in client second contained; do
		$ns ownroute flush 2>/dev/null
	done
done

ktap_finish
