#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# --json, read by jq(1).
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
}

# json WANTED FILTER CMD…: CMD prints one line of JSON of which the filter makes
# WANTED
json()
{
	local wanted=$1 filter=$2

	shift 2
	"$@" >"$scratch/json"
	[ "$(wc -l <"$scratch/json")" -eq 1 ]
	prints "$wanted" jq -c "$filter" "$scratch/json"
}

add_prints_one_object()
{
	json '[{"id":1,"priority":1000,"uid":1001,"action":"mark","mark":4369,"mask":4294967295,"table":200,"dev":"tun0"}]' \
		. ownroute -j add uid 1001 mark 0x1111 table 200 dev tun0
	json '[{"id":1,"priority":1000,"uid":1002,"action":"mark","mark":1,"mask":255}]' \
		. ownroute --json replace id 1 uid 1002 mark 1/255
}

list_prints_every_key()
{
	ownroute -q add uid 1001-1010 mark 0x10/0xf0 table fresh dev tun0 via 10.1.0.254 \
		via fd00:1::fe id 7 priority 3 comment "it's \"quoted\" łódź"
	ip rule del fwmark 0x10/0xf0
	json '{"id":7,"priority":3,"uid":"1001-1010","action":"mark","mark":16,"mask":240,"table":20000,"table_name":"fresh","dev":"tun0","via":["10.1.0.254","fd00:1::fe"],"comment":"it'\''s \"quoted\" łódź","packets":0,"bytes":0,"stamped":0,"reroutes":0,"drops":0,"guarded":0}' \
		'.[0] | del(.missing)' ownroute -j list
	json 1 '.[0].missing | length' ownroute -j list
	json '"string"' '.[0].missing[0] | type' ownroute -j list
}

flags_are_true()
{
	ownroute -q add gid 5 suppl kernel nostamp mark 1
	json '[true,true,true]' '.[0] | [.suppl, .kernel, .nostamp]' ownroute -j list
}

list_leaves_out_what_is_not_there()
{
	ownroute -q add uid 1001 mark 1
	json '["id","priority","uid","action","mark","mask","packets","bytes","stamped","reroutes","drops","guarded"]' '.[0] | keys_unsorted' \
		ownroute -j list
}

list_prints_numbers_as_numbers()
{
	ownroute -q add uid 4294967294 mark 0xffffffff id 4294967295 priority 4294967295 \
		table 4294967295
	json '[4294967295,4294967295,4294967294,4294967295,4294967295]' \
		'.[0] | [.id, .priority, .uid, .mark, .table]' ownroute -j list
}

nothing_is_an_empty_array()
{
	json '[]' . ownroute -j list
	ownroute -q add uid 1001 mark 1
	json '[]' . ownroute -j list uid 1002
}

run_tests add_prints_one_object \
	list_prints_every_key \
	flags_are_true \
	list_leaves_out_what_is_not_there \
	list_prints_numbers_as_numbers \
	nothing_is_an_empty_array
