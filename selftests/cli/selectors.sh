#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Groups, cgroups, exceptions and bans in the words of the command.
. "$(dirname "$0")/../lib/cli.sh"

cgroup="/cli $$"

setup()
{
	device tun0 1
	mkdir -p "/sys/fs/cgroup$cgroup/x"
	at_exit "rmdir '/sys/fs/cgroup$cgroup/x' '/sys/fs/cgroup$cgroup'"
}

add_prints_what_it_takes()
{
	prints "id 1 priority 1000 gid 44 mark 0x1" ownroute add gid 44 mark 1
	prints "id 2 priority 1000 uid 1001 gid 5-7 cgroup '$cgroup/x' suppl kernel mark 0x2" \
		ownroute add uid 1001 kernel gid 5-7 suppl cgroup "$cgroup//x/" mark 2
	prints "id 3 priority 10 gid $(getent group daemon | cut -d: -f3) bypass" \
		ownroute add group daemon bypass priority 10
	prints "id 4 priority 1000 uid 0 block" ownroute add uid 0 block
	prints "id 5 priority 1000 cgroup / mark 0x3" ownroute add cgroup / mark 3
	prints "id 6 priority 1000 uid 7 mark 0x4 table 200 dev tun0 nostamp comment x" \
		ownroute add nostamp uid 7 mark 4 table 200 comment x dev tun0
}

what_list_prints_is_what_add_takes()
{
	local words

	ownroute -q add uid 1001 kernel gid 5-7 suppl cgroup "$cgroup/x" mark 2
	ownroute -q add cgroup "$cgroup" dev tun0 comment "it's"
	ownroute -q add gid 4294967294 bypass priority 10
	ownroute -q add uid 0 cgroup / block
	ownroute -q add uid 7 nostamp dev tun0 comment "nostamp"
	remember_state
	mappings >"$scratch/words"
	[ "$(wc -l <"$scratch/words")" -eq 5 ]
	ownroute flush
	while read -r words; do
		eval "ownroute -q add $words"
	done <"$scratch/words"
	same_state
}

json_has_the_keys()
{
	local id

	id=$(ownroute -j add uid 1001 kernel gid 5-7 suppl cgroup "$cgroup/x" mark 2 | jq '.[0].cgroup_id')
	[ "$id" = "$(stat -c %i "/sys/fs/cgroup$cgroup/x")" ]
	ownroute -q add gid 4294967294 block
	ownroute -q add uid 7 mark 3 nostamp
	prints "{\"id\":1,\"priority\":1000,\"uid\":1001,\"gid\":\"5-7\",\"cgroup\":\"$cgroup/x\",\"cgroup_id\":$id,\"suppl\":true,\"kernel\":true,\"action\":\"mark\",\"mark\":2,\"mask\":4294967295}
{\"id\":2,\"priority\":1000,\"gid\":4294967294,\"action\":\"block\"}
{\"id\":3,\"priority\":1000,\"uid\":7,\"action\":\"mark\",\"mark\":3,\"mask\":4294967295,\"nostamp\":true}" \
		jq -c '.[] | del(.packets, .bytes, .stamped, .reroutes, .drops, .guarded)' <(ownroute -j list)
}

a_selector_is_what_the_mapping_was_made_with()
{
	ownroute -q add uid 1001 mark 1
	ownroute -q add uid 1001 gid 5 mark 2
	ownroute -q add uid 1001 gid 5 cgroup "$cgroup" mark 3
	ownroute -q add gid 5 suppl block
	prints "[1]" ids uid 1001
	prints "[2]" ids uid 1001 gid 5
	prints "[3]" ids gid 5 cgroup "$cgroup/" uid 1001
	prints "[4]" ids gid 5
	prints "[]" ids cgroup "$cgroup"
	silent ownroute del uid 1001 gid 5
	prints "[1,3,4]" ids
	ownroute -q replace id 4 gid 5 bypass
	remember_state
	refuses 2 "gid 6 cgroup '$cgroup'" del cgroup "$cgroup" gid 6
}

bad_groups()
{
	refuses 1 "'nonsense'" add group nonsense mark 1
	refuses 1 "'44'" add group 44 mark 1
	refuses 1 "'4294967295'" add gid 4294967295 mark 1
	refuses 1 "3-9" add gid 9-3 mark 1
	refuses 1 "'gid' and 'group'" add gid 1 group daemon mark 1
	refuses 1 "gid" add uid 1001 suppl mark 1
	refuses 1 "'nonsense'" del group nonsense
}

bad_cgroups()
{
	refuses 1 "'/nonsense'" add cgroup /nonsense table fresh dev tun0
	refuses 1 "'/a/../b'" add cgroup /a/../b mark 1
	refuses 1 "cgroup" add cgroup "" mark 1
	refuses 1 "cgroup" add cgroup "/$(printf '%065536d' 0)" mark 1
	refuses 2 "id 9" replace id 9 cgroup "$cgroup" mark 1
}

actions_that_do_not_go_together()
{
	refuses 1 "bypass" add uid 1001 bypass mark 1
	refuses 1 "block" add uid 1001 block dev tun0
	refuses 1 "'bypass' and 'block'" add uid 1001 bypass block
	refuses 1 "whose packets" add block
	refuses 1 "leave nostamp out" add uid 1001 bypass nostamp
	refuses 1 "leave nostamp out" add uid 1001 nostamp block
	refuses 1 "'nostamp'" list uid 1001 nostamp
}

run_tests add_prints_what_it_takes \
	what_list_prints_is_what_add_takes \
	json_has_the_keys \
	a_selector_is_what_the_mapping_was_made_with \
	bad_groups \
	bad_cgroups \
	actions_that_do_not_go_together
