#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Tables by name, as the rt_tables files have them.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device tun1 2
}

ours=/etc/iproute2/rt_tables.d/ownroute.conf

a_known_name_is_found()
{
	echo "200 vpn" >/etc/iproute2/rt_tables.d/theirs.conf
	prints "id 1 priority 1000 uid 1001 mark 0x1000000/0xff000000 table vpn dev tun0" \
		ownroute add uid 1001 table vpn dev tun0
	has "default dev tun0 proto 111 scope link" ip route show table 200
	[ ! -e $ours ]
}

a_known_name_needs_no_device()
{
	echo "200 vpn" >>/etc/iproute2/rt_tables
	prints "id 1 priority 1000 uid 1001 mark 0x1000000/0xff000000 table vpn" \
		ownroute add uid 1001 table vpn
}

a_new_name_gets_a_number()
{
	ownroute add uid 1001 table fresh dev tun0
	grep -qx '20000[[:space:]]fresh' $ours
	has "default dev tun0 proto 111 scope link" ip route show table fresh
	[ "$(ownroute -j list | jq -r '.[0] | "\(.table) \(.table_name)"')" = "20000 fresh" ]
}

a_new_name_goes_with_its_last_mapping()
{
	ownroute add uid 1001 table fresh dev tun0
	ownroute add uid 1002 table fresh dev tun0
	ownroute add uid 1003 table other dev tun1
	ownroute del uid 1001
	grep -q fresh $ours
	ownroute del uid 1002
	not grep -q fresh $ours
	grep -q other $ours
	ownroute del uid 1003
	[ ! -e $ours ]
	same_state
}

a_new_name_goes_with_a_flush()
{
	ownroute add uid 1001 table fresh dev tun0
	ownroute flush
	same_state
}

a_missing_directory_is_made_and_taken_away()
{
	rm -r /etc/iproute2/rt_tables.d
	ownroute add uid 1001 table fresh dev tun0
	has "default dev tun0 proto 111 scope link" ip route show table fresh
	ownroute del uid 1001
	[ ! -e $ours ]
}

an_unknown_name_without_a_route_is_refused()
{
	refuses 1 "'nonsense'" add uid 1001 table nonsense
	refuses 1 "'nonsense'" add uid 1001 mark 1 table nonsense
}

what_is_neither_name_nor_number_is_refused()
{
	refuses 1 "'20x'" add uid 1001 table 20x dev tun0
	refuses 1 "'4294967296'" add uid 1001 table 4294967296 dev tun0
	refuses 1 "'0'" add uid 1001 table 0 dev tun0
	refuses 1 "table '#'" add uid 1001 table '#' dev tun0
}

tables_of_everyone_get_no_route()
{
	refuses 1 254 add uid 1001 table main dev tun0
	refuses 1 255 add uid 1001 table local dev tun0
	refuses 1 253 add uid 1001 table 253 dev tun0
}

a_file_that_cannot_be_written_is_named()
{
	mount -o remount,ro /etc/iproute2
	refuses 2 rt_tables.d add uid 1001 table fresh dev tun0
}

run_tests a_known_name_is_found \
	a_known_name_needs_no_device \
	a_new_name_gets_a_number \
	a_new_name_goes_with_its_last_mapping \
	a_new_name_goes_with_a_flush \
	a_missing_directory_is_made_and_taken_away \
	an_unknown_name_without_a_route_is_refused \
	what_is_neither_name_nor_number_is_refused \
	tables_of_everyone_get_no_route \
	a_file_that_cannot_be_written_is_named
