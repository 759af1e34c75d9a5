#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Which mappings "del", "list" and "flush" mean.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
}

several()
{
	ownroute -q add uid 1001 mark 0x1
	ownroute -q add uid 1002 mark 0x2 priority 10
	ownroute -q add uid 1001-1010 mark 0x3
	ownroute -q add uid 1002 mark 0x4
}

list_shows_all_in_the_order_of_matching()
{
	several
	prints "[2,1,3,4]" ids
}

list_shows_one_by_id()
{
	several
	remember_state
	prints "[3]" ids id 3
	refuses 2 "id 9" list id 9
}

list_shows_those_of_a_selector()
{
	several
	prints "[2,4]" ids uid 1002
	prints "[1]" ids uid 1001
	prints "[3]" ids uid 1001-1010
	prints "[]" ids uid 1003
	ownroute -q add user daemon mark 0x5
	prints "[5]" ids user daemon
}

list_shows_nothing_where_nothing_is()
{
	silent ownroute list
	prints "[]" ownroute -j list
}

list_counts_packets_and_bytes()
{
	ownroute -q add uid 0 mark 0x1
	ownroute -q add uid 1001 mark 0x2
	echo packet >/dev/udp/10.1.0.99/9
	ownroute list >"$scratch/list"
	has "1     35        1         1      0  id 1 priority 1000 uid 0 mark 0x1" cat "$scratch/list"
	has "0      0        0         0      0  id 2 priority 1000 uid 1001 mark 0x2" cat "$scratch/list"
	has "PACKETS  BYTES  STAMPED  REROUTES  DROPS" cat "$scratch/list"
}

# twice: two packets of one socket, which stays open; its mark as ss(8) shows it
twice()
{
	exec {socket}>/dev/udp/10.1.0.99/9
	echo one >&"$socket"
	echo two >&"$socket"
	ss -Huen dst 10.1.0.99 | grep -o "fwmark:[^ ]*" || echo none
}

list_counts_stamps()
{
	ownroute -q add uid 0 mark 0x1
	prints "fwmark:0x1" twice
	has "2     64        1         2      0  id 1 priority 1000 uid 0 mark 0x1" ownroute list
	exec {socket}>&-
	ownroute -q replace id 1 uid 0 mark 0x1 nostamp
	prints "none" twice
	has "4    128        1         4      0  id 1 priority 1000 uid 0 mark 0x1 nostamp" ownroute list
}

what_list_prints_is_what_add_takes()
{
	local words

	ownroute -q add uid 1001 dev tun0 comment "it's \"quoted\" \$HOME \\ \`id\` # * ?"
	ownroute -q add uid 1002-1009 mark 0x10/0xf0 id 77 priority 3 comment plain
	ownroute -q add user daemon table fresh via 10.1.0.254 via fd00:1::fe
	ownroute -q add uid 0 mark 2147483407 table 200 dev tun0 via fe80::1
	remember_state
	mappings >"$scratch/words"
	[ "$(wc -l <"$scratch/words")" -eq 4 ]
	ownroute flush
	while read -r words; do
		eval "ownroute -q add $words"
	done <"$scratch/words"
	same_state
}

del_takes_one_by_id()
{
	several
	silent ownroute del id 3
	prints "[2,1,4]" ids
}

del_takes_one_by_selector()
{
	several
	silent ownroute del uid 1001
	prints "[2,3,4]" ids
	silent ownroute del uid 1001-1010
	prints "[2,4]" ids
}

del_refuses_to_choose()
{
	several
	remember_state
	refuses 1 "2, 4" del uid 1002
}

del_refuses_what_is_not_there()
{
	several
	remember_state
	refuses 2 "id 9" del id 9
	refuses 2 "uid 1003" del uid 1003
	refuses 1 "id N" del
	refuses 1 "'id'" del id 1 uid 1001
	refuses 1 "'mark'" del uid 1001 mark 0x1
}

flush_takes_all()
{
	several
	ownroute -q add uid 1001 dev tun0
	silent ownroute flush
	same_state
	silent ownroute flush
}

flush_takes_what_was_left_behind()
{
	ip rule add fwmark 0x1 lookup 200 priority 2000 protocol 111
	ip route add unreachable default metric 4294967295 table 200 proto 111
	ownroute flush
	same_state
}

flush_takes_no_words()
{
	several
	remember_state
	refuses 1 "'uid'" flush uid 1001
}

run_tests list_shows_all_in_the_order_of_matching \
	list_shows_one_by_id \
	list_shows_those_of_a_selector \
	list_shows_nothing_where_nothing_is \
	list_counts_packets_and_bytes \
	list_counts_stamps \
	what_list_prints_is_what_add_takes \
	del_takes_one_by_id \
	del_takes_one_by_selector \
	del_refuses_to_choose \
	del_refuses_what_is_not_there \
	flush_takes_all \
	flush_takes_what_was_left_behind \
	flush_takes_no_words
