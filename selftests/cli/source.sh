#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "source": which address the packets of a uid have from the start.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	ip -batch - <<-EOF
		link add eth0 type dummy
		address add 192.0.2.17/24 dev eth0
		address add 2001:db8::17/64 dev eth0 nodad
		link set eth0 up
		route add default dev eth0
	EOF
	ip -6 route add default dev eth0
	device tun0 1
	device tun1 2
}

# address UID TO: that a UDP socket of UID to TO has, the only one here
address()
{
	setpriv --reuid "$1" --clear-groups bash -c "exec 3<>/dev/udp/$2/9; ss -Hun" |
		awk '{ print $3 }' | sed 's/:[0-9]*$//'
}

# rules: for uids, "MIN-MAX TABLE"
rules()
{
	ip rule show | sed -n 's/^2001:.* uidrange \([0-9-]*\) lookup \([0-9]*\) proto 111.*/\1 \2/p'
}

it_is_the_tunnels()
{
	ownroute -q add uid 1001 dev tun0
	prints 10.1.0.1 address 1001 203.0.113.1
	prints "[fd00:1::1]" address 1001 2001:db8:1::1
	prints 192.0.2.17 address 1002 203.0.113.1
	nothing_missing
	ownroute del uid 1001
	same_state
}

keep_keeps_that_of_the_others()
{
	prints "id 1 priority 1000 uid 1001 mark 0x1000000/0xff000000 table 20000 dev tun0 source keep" \
		ownroute add uid 1001 dev tun0 source keep
	prints "id 1 priority 1000 uid 1001 mark 0x1000000/0xff000000 table 20000 dev tun0 source keep" \
		mappings
	prints 192.0.2.17 address 1001 203.0.113.1
	silent rules
	prints keep jq -r '.[0].source' <(ownroute -j list)
	silent eval "ownroute export | ownroute apply -"
}

an_exception_takes_the_rule_away_and_back()
{
	ownroute -q add uid 1001-1010 dev tun0
	prints "1001-1010 20000" rules
	ownroute add uid 1005 bypass priority 10 >/dev/null 2>"$scratch/said"
	prints "uid 1001-1010 has no rule for the source address of table 20000 any more, because of the new mapping" \
		cat "$scratch/said"
	silent rules
	nothing_missing
	prints 192.0.2.17 address 1005 203.0.113.1
	ownroute del uid 1005
	prints "1001-1010 20000" rules
	prints 10.1.0.1 address 1005 203.0.113.1
	silent ownroute -q add gid 1 bypass priority 10
	silent rules
}

a_block_in_front_takes_no_rule_away()
{
	ownroute -q add uid 1001-1010 dev tun0
	prints "id 2 priority 10 uid 1005 block" ownroute add uid 1005 block priority 10
	prints "1001-1010 20000" rules
}

the_uid_of_a_mapping_with_keep_is_left()
{
	ownroute -q add uid 1001 dev tun0 source keep
	ownroute -q add uid 1001-1010 dev tun0
	silent rules
	nothing_missing
	prints 192.0.2.17 address 1001 203.0.113.1
}

who_insists_is_not_passed()
{
	ownroute -q add uid 1001-1010 dev tun0 source rule
	remember_state
	refuses 2 "mapping 1 can't have source rule" add uid 1005 bypass priority 10
	refuses 2 "source keep" add uid 1010 dev tun1 priority 10
	same_state
}

another_table_is_changed_without_a_gap()
{
	ownroute -q add uid 1001 dev tun0
	ownroute --dry-run replace id 1 uid 1001 dev tun1 >"$scratch/steps"
	prints "\
rule add ipv4 uidrange 1001-1001 lookup 20001
rule del ipv4 uidrange 1001-1001 lookup 20000" grep "ipv4 uidrange" "$scratch/steps"
	ownroute -q replace id 1 uid 1001 dev tun1
	prints "1001-1001 20001" rules
	prints 10.2.0.1 address 1001 203.0.113.1
}

run_tests it_is_the_tunnels \
	keep_keeps_that_of_the_others \
	an_exception_takes_the_rule_away_and_back \
	a_block_in_front_takes_no_rule_away \
	the_uid_of_a_mapping_with_keep_is_left \
	who_insists_is_not_passed \
	another_table_is_changed_without_a_gap
