#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A step that fails: what was done before it is undone, and the message says
# which step it was.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device tun1 2
}

a_gateway_that_cannot_be_reached()
{
	refuses 2 "route add ipv4 default via 192.0.2.1" add uid 1001 table fresh via 192.0.2.1
	refuses 2 "route add ipv6 default via 2001:db8::1" \
		add uid 1001 table fresh dev tun0 via 10.1.0.254 via 2001:db8::1
}

a_device_that_is_down()
{
	ip link add down0 type dummy
	remember_state
	refuses 2 "down0 is down" add uid 1001 table fresh dev down0
}

an_id_that_is_taken()
{
	ownroute -q add uid 1001 id 5 dev tun0
	remember_state
	refuses 2 "id 5" add uid 1002 id 5 table fresh dev tun1
}

a_default_route_of_others()
{
	ip route add default dev tun1 table 200
	remember_state
	refuses 2 "table 200" add uid 1001 table 200 dev tun0
}

replace_leaves_the_old_one()
{
	ownroute -q add uid 1001 mark 0x1 table fresh dev tun0
	remember_state
	refuses 2 "route add ipv4 default via 192.0.2.1" \
		replace id 1 uid 1002 mark 0x2 table other via 192.0.2.1
	refuses 1 "'nonsense'" replace id 1 uid 1002 dev nonsense
	nothing_missing
}

run_tests a_gateway_that_cannot_be_reached \
	a_device_that_is_down \
	an_id_that_is_taken \
	a_default_route_of_others \
	replace_leaves_the_old_one
