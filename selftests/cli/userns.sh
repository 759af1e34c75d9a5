#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Root of a user namespace rules the network namespace that belongs to it, with
# the uids that it knows.
. "$(dirname "$0")/../lib/cli.sh"

# container COMMANDS: a shell's, with the functions of this one.  Uid 0 is the
# only one there is.  Modules that NAT needs would be loaded from there, but never
# unloaded.
container()
{
	unshare --user --map-root-user --net -- bash -ec "$1"
}
export scratch
export -f device contents same_files routing mappings state remember_state same_state not has \
	lacks fails refuses nothing_missing silent

its_own_namespace()
{
	container '
		device tun0 1
		remember_state
		ownroute add uid 0 dev tun0 source keep
		has "default dev tun0 proto 111 scope link" ip route show table 20000
		nothing_missing
		ownroute del uid 0
		same_state
	'
}

an_ordinary_user_in_a_namespace_of_its_own()
{
	setpriv --reuid daemon --regid daemon --clear-groups -- \
		unshare --user --map-root-user --net -- bash -ec '
			ip link add tun0 type dummy
			ip link set tun0 up
			ownroute add uid 0 dev tun0
			ownroute list | grep "uid 0 "
			ownroute del uid 0
		'
}

a_uid_that_the_namespace_does_not_have()
{
	container '
		device tun0 1
		remember_state
		refuses 2 "1001" add uid 1001 table fresh dev tun0
		refuses 2 "0-1001" add uid 0-1001 table fresh dev tun0
	'
}

groups_and_the_rest()
{
	container '
		device tun0 1
		remember_state
		ownroute -q add gid 0 suppl dev tun0 source keep
		ownroute -q add gid 0 bypass priority 10
		silent eval "ownroute export | ownroute apply -"
		ownroute limit 3
		ownroute stats | grep -q "^limit  *3$"
		has "mapping  id 2 priority 10 gid 0 bypass" ownroute explain gid 0 to 10.1.0.99
		ownroute flush
		same_state
		refuses 2 "1001" add gid 1001 table fresh dev tun0
	'
}

# What is outside of it has other uids, and the kernel lets it neither make nor name rules for them.
seen_from_outside()
{
	local pid

	unshare --user --net -- sleep 600 &
	pid=$!
	at_exit "kill $pid"
	until [ "$(readlink /proc/$pid/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
		sleep 0.1
	done
	echo "0 100000 65536" >/proc/$pid/uid_map
	echo "0 100000 65536" >/proc/$pid/gid_map
	inside device tun0 1
	inside device tun1 2
	inside ownroute -q add uid 1001 dev tun0
	inside ownroute -q add uid 1002 dev tun1 source rule
	prints "1001-1001 20000
1002-1002 20001" rules_inside
	fails 2 "can't have source rule" outside add uid 1003 dev tun0 source rule
	fails 2 "can only be deleted inside" outside add uid 1001 bypass priority 10
	fails 2 "can only be deleted inside" outside add uid 1002 bypass priority 10
	outside -q add uid 1003 dev tun0
	prints "1001-1001 20000
1002-1002 20001" rules_inside
	outside -q replace id 3 uid 1004 dev tun0
	outside -q del uid 1004
	outside export | outside -q apply -
	prints "1001-1001 20000
1002-1002 20001" rules_inside
	outside -q del uid 1002
	prints "1001-1001 20000" rules_inside
	outside -q flush
	silent rules_inside
}
inside()
{
	nsenter --target "$pid" --user --net --setuid 0 --setgid 0 -- \
		bash -ec '"$@"' bash "$@"
}
outside()
{
	ownroute --netns "/proc/$pid/ns/net" "$@"
}
rules_inside()
{
	inside ip rule show |
		sed -n 's/^2001:.* uidrange \([0-9-]*\) lookup \([0-9]*\) proto 111.*/\1 \2/p'
}

run_tests its_own_namespace \
	an_ordinary_user_in_a_namespace_of_its_own \
	a_uid_that_the_namespace_does_not_have \
	groups_and_the_rest \
	seen_from_outside
