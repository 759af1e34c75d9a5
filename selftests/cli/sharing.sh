#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Marks and tables that are chosen, and shared.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device tun1 2
}

mark_and_table_are_chosen()
{
	prints "id 1 priority 1000 uid 1001 mark 0x1000000/0xff000000 table 20000 dev tun0" \
		ownroute add uid 1001 dev tun0
	has "2000:	from all fwmark 0x1000000/0xff000000 lookup 20000 proto 111" ip rule show
	has "2000:	from all fwmark 0x1000000/0xff000000 lookup 20000 proto 111" ip -6 rule show
}

a_second_device_gets_its_own()
{
	ownroute add uid 1001 dev tun0
	prints "id 2 priority 1000 uid 1002 mark 0x2000000/0xff000000 table 20001 dev tun1" \
		ownroute add uid 1002 dev tun1
}

a_table_alone_gets_a_mark()
{
	prints "id 1 priority 1000 uid 1001 mark 0x1000000/0xff000000 table 200" \
		ownroute add uid 1001 table 200
	has "2000:	from all fwmark 0x1000000/0xff000000 lookup 200 proto 111" ip rule show
	lacks "table 200" ip route show table all
}

a_mark_alone_is_a_mapping_alone()
{
	prints "id 1 priority 1000 uid 1001 mark 0x1111" ownroute add uid 1001 mark 0x1111
	routing | diff -u "$scratch/before" -
}

what_rules_use_is_not_chosen()
{
	ip rule add fwmark 0x1000000/0xff000000 lookup main
	ip -6 rule add fwmark 0x2000000/0x3000000 lookup main
	ip rule add from 192.0.2.1 lookup 20000
	ip -6 route add 2001:db8::/32 dev tun1 table 20001
	echo "20002 theirs" >/etc/iproute2/rt_tables.d/theirs.conf
	prints "id 1 priority 1000 uid 1001 mark 0x3000000/0xff000000 table 20003 dev tun0" \
		ownroute add uid 1001 dev tun0
}

# ways: where marks lead
ways()
{
	routing | grep -v uidrange
}

two_users_of_a_device_share()
{
	ownroute add uid 1001 dev tun0
	ways >"$scratch/before"
	prints "id 2 priority 1000 uid 1002 mark 0x1000000/0xff000000 table 20000 dev tun0" \
		ownroute add uid 1002 dev tun0
	ways | diff -u "$scratch/before" -
}

what_is_shared_goes_with_the_last()
{
	ownroute add uid 1001 dev tun0
	ownroute add uid 1002 dev tun0
	ways >"$scratch/shared"
	ownroute del uid 1001
	ways | diff -u "$scratch/shared" -
	nothing_missing
	ownroute del uid 1002
	same_state
}

two_marks_lead_to_one_table()
{
	ownroute add uid 1001 mark 0x1 table 200 dev tun0
	ownroute add uid 1002 mark 0x2 table 200 dev tun0
	ownroute del uid 1001
	lacks "fwmark 0x1 " ip rule show
	has "2000:	from all fwmark 0x2 lookup 200 proto 111" ip rule show
	has "default dev tun0 proto 111 scope link" ip route show table 200
	has "unreachable default proto 111 metric 4294967295" ip route show table 200
	nothing_missing
	ownroute del uid 1002
	same_state
}

eight_at_once_get_eight()
{
	local n

	for n in 1 2 3 4 5 6 7 8; do
		ip link add many$n type dummy
		ip link set many$n up
	done
	for n in 1 2 3 4 5 6 7 8; do
		ownroute -q add uid 200$n dev many$n &
	done
	wait
	[ "$(ownroute -j list | jq 'map(.mark) | unique | length')" -eq 8 ]
	[ "$(ownroute -j list | jq 'map(.table) | unique | length')" -eq 8 ]
	nothing_missing
}

run_tests mark_and_table_are_chosen \
	a_second_device_gets_its_own \
	a_table_alone_gets_a_mark \
	a_mark_alone_is_a_mapping_alone \
	what_rules_use_is_not_chosen \
	two_users_of_a_device_share \
	what_is_shared_goes_with_the_last \
	two_marks_lead_to_one_table \
	eight_at_once_get_eight
