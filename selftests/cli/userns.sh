#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Root of a user namespace rules the network namespace that belongs to it, with
# the uids that it knows.
. "$(dirname "$0")/../lib/cli.sh"

# container COMMANDS: a shell's, with the functions of this one.  Uid 0 is the
# only one there is.
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
		ownroute add uid 0 dev tun0
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
		ownroute -q add gid 0 suppl dev tun0
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

run_tests its_own_namespace \
	an_ordinary_user_in_a_namespace_of_its_own \
	a_uid_that_the_namespace_does_not_have \
	groups_and_the_rest
