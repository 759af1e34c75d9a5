#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "apply" makes the mappings those of a file, and "export" writes such a file.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device tun1 2
}

# policy: standard input is the file from now on
policy()
{
	cat >"$scratch/policy"
}

apply()
{
	ownroute apply "$scratch/policy"
}

three()
{
	policy <<-EOF
		[[mapping]]
		id = 1
		uid = 0
		mark = 1

		[[mapping]]
		id = 2
		uid = "1001-1010"
		mark = "0x10/0xf0"
		table = 200
		dev = "tun0"

		[[mapping]]
		id = 3
		gid = 5
		bypass = true
		priority = 10
	EOF
}

# counters ID: all of that mapping
counters()
{
	ownroute -j list id "$1" | jq -c '.[0] | [.packets, .bytes, .stamped, .reroutes, .drops]'
}

it_creates()
{
	three
	prints "\
route add ipv4 unreachable default table 200 metric 4294967295
route add ipv6 unreachable default table 200 metric 4294967295
route add ipv4 default dev tun0 table 200
route add ipv6 default dev tun0 table 200
rule add ipv4 fwmark 0x10/0xf0 lookup 200
rule add ipv6 fwmark 0x10/0xf0 lookup 200
rule add ipv4 fwmark 0xf0/0xf0 lookup 254
rule add ipv6 fwmark 0xf0/0xf0 lookup 254
made id 1 priority 1000 uid 0 mark 0x1
made id 2 priority 1000 uid 1001-1010 mark 0x10/0xf0 table 200 dev tun0
made id 3 priority 10 gid 5 bypass" apply
	prints "\
id 3 priority 10 gid 5 bypass
id 1 priority 1000 uid 0 mark 0x1
id 2 priority 1000 uid 1001-1010 mark 0x10/0xf0 table 200 dev tun0" mappings
	nothing_missing
}

it_reads_standard_input()
{
	three
	ownroute -q apply - <"$scratch/policy"
	[ "$(mappings | wc -l)" -eq 3 ]
}

a_second_time_it_changes_nothing()
{
	local generation

	policy <<-EOF
		[[mapping]]
		uid = 1001
		dev = "tun0"
		[[mapping]]
		user = "daemon"
		dev = "tun1"
		table = "fresh"
		[[mapping]]
		group = "daemon"
		suppl = true
		block = true
	EOF
	ownroute -q apply "$scratch/policy"
	remember_state
	generation=$(ownroute -j stats | jq '.[0].generation')
	silent apply
	prints "[]" ownroute -j apply "$scratch/policy"
	same_state
	[ "$(ownroute -j stats | jq '.[0].generation')" = "$generation" ]
}

it_changes_only_what_differs()
{
	local before

	three
	apply
	echo packet >/dev/udp/10.1.0.99/9
	before=$(counters 1)
	[ "${before%%,*}" = "[1" ]
	policy <<-EOF
		[[mapping]]
		id = 1
		uid = 0
		mark = 1
		[[mapping]]
		id = 2
		uid = "1001-1010"
		mark = "0x10/0xf0"
		table = 200
		dev = "tun1"
		[[mapping]]
		uid = 7
		mark = 7
	EOF
	apply >"$scratch/changes"
	prints "\
made id 4 priority 1000 uid 7 mark 0x7
changed id 2 priority 1000 uid 1001-1010 mark 0x10/0xf0 table 200 dev tun1
withdrawn id 3 priority 10 gid 5 bypass" grep "^[mcw].* id" "$scratch/changes"
	[ "$(counters 1)" = "$before" ]
	has "default dev tun1 proto 111 scope link" ip route show table 200
	lacks tun0 ip route show table 200
	nothing_missing
}

nostamp_alone_is_a_change()
{
	policy <<-EOF
		[[mapping]]
		uid = 1001
		dev = "tun0"
	EOF
	ownroute -q apply "$scratch/policy"
	echo "nostamp = true" >>"$scratch/policy"
	# Calls from outside are known by their stamps.
	prints "\
rule del ipv4 fwmark 0xff000000/0xff000000 lookup 254
rule del ipv6 fwmark 0xff000000/0xff000000 lookup 254
changed id 1 priority 1000 uid 1001 mark 0x1000000/0xff000000 table 20000 dev tun0 nostamp" apply
	silent apply
	sed -i 's/nostamp = true/nostamp = false/' "$scratch/policy"
	prints "\
rule add ipv4 fwmark 0xff000000/0xff000000 lookup 254
rule add ipv6 fwmark 0xff000000/0xff000000 lookup 254
changed id 1 priority 1000 uid 1001 mark 0x1000000/0xff000000 table 20000 dev tun0" apply
}

counters_of_what_is_replaced_go_on()
{
	policy <<-EOF
		[[mapping]]
		uid = 0
		mark = 1
	EOF
	apply
	echo packet >/dev/udp/10.1.0.99/9
	sed -i 's/mark = 1/mark = 2/' "$scratch/policy"
	prints "changed id 1 priority 1000 uid 0 mark 0x2" apply
	prints 1 jq '.[0].packets' <(ownroute -j list)
}

it_puts_back_what_is_missing()
{
	three
	apply
	remember_state
	ip -6 rule del fwmark 0x10/0xf0
	prints "rule add ipv6 fwmark 0x10/0xf0 lookup 200" apply
	same_state
}

it_takes_all()
{
	three
	apply
	policy </dev/null
	apply >"$scratch/changes"
	grep -q "^withdrawn id 2 " "$scratch/changes"
	same_state
}

dry_run_and_quiet()
{
	three
	ownroute --dry-run apply "$scratch/policy" >"$scratch/steps"
	grep -q "^rule add ipv6 fwmark 0x10/0xf0 lookup 200" "$scratch/steps"
	grep -q "^mapping add id 3 " "$scratch/steps"
	same_state
	silent ownroute -q apply "$scratch/policy"
	[ "$(mappings | wc -l)" -eq 3 ]
}

json()
{
	three
	prints '["rule add ipv4 fwmark 0x10/0xf0 lookup 200",["made",2,"1001-1010",16,240,200,"tun0"]]' \
		jq -c '[.[4].step, (.[9] | [.change, .id, .uid, .mark, .mask, .table, .dev])]' \
		<(ownroute -j apply "$scratch/policy")
}

# refuses_file STATUS TEXT: the file that is standard input
refuses_file()
{
	policy
	refuses "$1" "$2" apply "$scratch/policy"
}

a_bad_file_changes_nothing()
{
	ownroute -q add uid 1001 mark 0x10/0xf0 table 200 dev tun0
	remember_state
	refuses_file 2 "$scratch/policy:2:" <<<$'[[mapping]]\nuid = = 5'
	refuses_file 2 "$scratch/policy:1:" <<<$'[[mapping]]\nmark = 1\nuid = "5-3"'
	refuses_file 2 "guard needs dev" <<<$'[[mapping]]\nuid = 5\nmark = 1\nguard = true'
	refuses_file 2 "source is not valid" <<<$'[[mapping]]\nuid = 5\ndev = "tun0"\nsource = "nonsense"'
	refuses_file 2 "nonsense" <<<$'[[mapping]]\nmark = 1\nuser = "nonsense"'
	refuses_file 2 "nonsense" <<<$'[[mapping]]\nmark = 1\nuid = 1\n[[mapping]]\nuid = 5\ndev = "nonsense"'
	refuses_file 2 "/nonsense" <<<$'[[mapping]]\nmark = 1\ncgroup = "/nonsense"'
	refuses_file 2 "id 3" <<<$'[[mapping]]\nmark = 1\nuid = 1\nid = 3\n[[mapping]]\nuid = 5\nid = 3\nmark = 2'
	refuses_file 2 "bypass" <<<$'[[mapping]]\nuid = 5\nbypass = true\ndev = "tun0"'
	refuses_file 2 "leave nostamp out" <<<$'[[mapping]]\nuid = 5\nblock = true\nnostamp = true'
}

a_file_that_cannot_be_read()
{
	refuses 2 "/nonsense: No such file" apply /nonsense
	refuses 2 "Is a directory" apply "$scratch"
	refuses 1 "FILE" apply
	refuses 1 "'b'" apply a b
	refuses 1 "'all'" export all
	refuses 1 "-j" -j export
}

a_refusal_in_the_middle_changes_nothing()
{
	three
	apply
	remember_state
	ownroute limit 2
	policy <<-EOF
		[[mapping]]
		uid = 0
		mark = 9
		[[mapping]]
		uid = 1
		dev = "tun1"
		[[mapping]]
		uid = 2
		mark = 9
		[[mapping]]
		uid = 3
		mark = 9
	EOF
	refuses 2 "limit" apply "$scratch/policy"
}

export_then_apply_changes_nothing()
{
	local generation

	silent ownroute export
	ownroute -q add uid 0 mark 4294967295 table 201 dev tun1 via fe80::1
	ownroute -q add uid 1001 dev tun0 comment "it's \"quoted\" \$HOME \\ \`id\` # * ? łódź = [[x]]"
	ownroute -q add uid 1002-1009 gid 4-5 suppl kernel cgroup / mark 0x10/0xf0 id 77 priority 3
	ownroute -q add user daemon table fresh via 10.2.0.254 via fd00:2::fe nostamp
	ownroute -q add group daemon bypass
	ownroute -q add uid 4294967294 block
	remember_state
	generation=$(ownroute -j stats | jq '.[0].generation')
	ownroute export >"$scratch/policy"
	silent apply
	[ "$(ownroute -j stats | jq '.[0].generation')" = "$generation" ]
	ownroute flush
	apply
	same_state
	ownroute export | diff -u "$scratch/policy" -
}

run_tests it_creates \
	it_reads_standard_input \
	a_second_time_it_changes_nothing \
	it_changes_only_what_differs \
	nostamp_alone_is_a_change \
	counters_of_what_is_replaced_go_on \
	it_puts_back_what_is_missing \
	it_takes_all \
	dry_run_and_quiet \
	json \
	a_bad_file_changes_nothing \
	a_file_that_cannot_be_read \
	a_refusal_in_the_middle_changes_nothing \
	export_then_apply_changes_nothing
