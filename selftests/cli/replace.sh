#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "ownroute replace": another mapping in the place of one.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device tun1 2
}

the_new_one_takes_its_place()
{
	ownroute add uid 1001 mark 0x1 table 200 dev tun0 comment old
	prints "id 1 priority 5 uid 1001-1010 mark 0x2 table 201 dev tun1 comment new" \
		ownroute replace id 1 uid 1001-1010 priority 5 mark 2 table 201 dev tun1 comment new
	prints "id 1 priority 5 uid 1001-1010 mark 0x2 table 201 dev tun1 comment new" mappings
	has "2000:	from all fwmark 0x2 lookup 201 proto 111" ip rule show
	has "default dev tun1 proto 111 scope link" ip route show table 201
	nothing_missing
}

what_only_the_old_one_needed_goes()
{
	ownroute add uid 1001 mark 0x1 table old dev tun0
	ownroute replace id 1 uid 1001 mark 0x2 table new dev tun1
	lacks "fwmark 0x1 " routing
	lacks "tun0.*proto 111" routing
	lacks "	old" routing
	ownroute del id 1
	same_state
}

# ways: where marks lead
ways()
{
	routing | grep -v uidrange
}

what_another_needs_stays()
{
	ownroute add uid 1001 mark 0x1 table 200 dev tun0
	ownroute add uid 1002 mark 0x1 table 200 dev tun0
	ways >"$scratch/before"
	ownroute replace id 1 uid 1001 mark 0x2
	ways | diff -u "$scratch/before" -
	nothing_missing
}

the_same_again_changes_nothing()
{
	ownroute add uid 1001 mark 0x1 table fresh dev tun0
	remember_state
	ownroute replace id 1 uid 1001 mark 0x1 table fresh dev tun0
	same_state
}

the_same_again_restores_what_is_missing()
{
	ownroute add uid 1001 mark 0x1 table 200 dev tun0
	remember_state
	ip rule del fwmark 0x1
	ip route flush table 200
	ip -6 route flush table 200
	grep -q missing <(ownroute list)
	ownroute replace id 1 uid 1001 mark 0x1 table 200 dev tun0
	same_state
	nothing_missing
}

what_is_chosen_stays_chosen()
{
	ownroute add uid 1001 dev tun0
	prints "id 1 priority 1000 uid 1002 mark 0x1000000/0xff000000 table 20000 dev tun0" \
		ownroute replace id 1 uid 1002 dev tun0
}

the_counters_go_on()
{
	ownroute add uid 0 mark 0x1
	echo packet >/dev/udp/10.1.0.99/9
	[ "$(mapping_packets id 1)" -eq 1 ]
	ownroute replace id 1 uid 0 mark 0x2
	[ "$(mapping_packets id 1)" -eq 1 ]
}

an_id_that_is_not_there_is_refused()
{
	refuses 2 7 replace id 7 uid 1001 dev tun0
	refuses 1 "id N" replace uid 1001 dev tun0
}

run_tests the_new_one_takes_its_place \
	what_only_the_old_one_needed_goes \
	what_another_needs_stays \
	the_same_again_changes_nothing \
	the_same_again_restores_what_is_missing \
	what_is_chosen_stays_chosen \
	the_counters_go_on \
	an_id_that_is_not_there_is_refused
