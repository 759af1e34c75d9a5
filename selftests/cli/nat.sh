#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Words that need the kernel's NAT: "source masquerade", "source ADDR", "dns".
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device eth0 2
	ip route add default dev eth0
}

# nat_modules: those that NAT has brought
nat_modules()
{
	grep -oE '^(ownroute_nat|nf_nat|nf_conntrack) ' /proc/modules | sort
}

a_group_is_masqueraded()
{
	prints "id 1 priority 1000 gid 100 mark 0x1000000/0xff000000 table 20000 dev tun0" \
		ownroute add gid 100 dev tun0
	has "mapping add priority 1000 gid 100 mark 0x1000000/0xff000000 source masquerade" \
		ownroute --dry-run add gid 100 dev tun0
	nothing_missing
	silent eval "ownroute export | ownroute apply -"
	ownroute -q del gid 100
	same_state
}

each_word_reads_as_it_is_given()
{
	local words

	for words in "source masquerade" "source 10.1.0.1" "source 10.1.0.1 source fd00:1::1" \
		"dns 10.1.0.53" "source masquerade lan dns 10.1.0.53 dns fd00:1::53 inbound follow"; do
		prints "id 7 priority 1000 uid 1001 mark 0x1 table 200 dev tun0 $words" \
			eval "ownroute add id 7 uid 1001 mark 0x1 table 200 dev tun0 $words"
		prints "id 7 priority 1000 uid 1001 mark 0x1 table 200 dev tun0 $words" mappings
		silent eval "ownroute export | ownroute apply -"
		ownroute -q del id 7
		same_state
	done
}

json_has_addresses_as_arrays()
{
	ownroute -q add uid 1001 dev tun0 source 10.1.0.1 dns fd00:1::53
	prints '["10.1.0.1"] ["fd00:1::53"]' \
		jq -r '.[0] | "\(.source) \(.dns)"' <(ownroute -j list)
}

# unload_netfilter: what other tests have had loaded, as far as it is idle
unload_netfilter()
{
	local module users before=

	until [ "$before" = "$(cut -d ' ' -f 1 /proc/modules)" ]; do
		before=$(cut -d ' ' -f 1 /proc/modules)
		while read -r module _ users _; do
			case $module:$users in
			nf*:0 | xt_*:0 | ip*table*:0 | ipt_*:0 | ip6t_*:0) rmmod "$module" || : ;;
			esac
		done </proc/modules
	done
}

modules_come_and_go()
{
	local brought=3

	unload_netfilter
	# What is built in neither comes nor goes.
	! modprobe --show-depends nf_nat | grep -q builtin || brought=1
	remember_state
	silent nat_modules
	ownroute -q add uid 1001 dev tun0 source masquerade
	ownroute -q add uid 1002 dev tun0 dns 10.1.0.53
	[ "$(nat_modules | wc -l)" -eq "$brought" ]
	ownroute -q del uid 1001
	[ "$(nat_modules | wc -l)" -eq "$brought" ]
	ownroute -q del uid 1002
	silent nat_modules
	same_state
}

modules_that_were_there_stay()
{
	unload_netfilter
	modprobe nf_conntrack
	remember_state
	ownroute -q add uid 1001 dev tun0 source masquerade
	ownroute flush
	same_state
}

a_failure_leaves_no_module()
{
	ownroute -q add id 5 uid 1001 dev tun0
	remember_state
	refuses 2 "id 5" add id 5 uid 1002 dev tun0 source masquerade
}

loopback_is_let_out_for_dns()
{
	ownroute -q add uid 1001 dev tun0 dns 10.1.0.53
	prints 1 sysctl -n net.ipv4.conf.tun0.route_localnet
	prints 0 sysctl -n net.ipv4.conf.eth0.route_localnet
	ownroute -q del uid 1001
	same_state
	ownroute -q add uid 1001 dev tun0 dns fd00:1::53
	prints 0 sysctl -n net.ipv4.conf.tun0.route_localnet
}

explain_tells_addresses()
{
	ownroute -q add gid 100 dev tun0 dns 10.1.0.53
	has "source   10.2.0.1, then 10.1.0.1 by NAT" ownroute explain gid 100 to 203.0.113.1
	has "to       10.1.0.53, by dns" ownroute explain gid 100 to 127.0.0.1 port 53
	has "route    unicast dev tun0" ownroute explain gid 100 to 127.0.0.1 port 53
	has "route    none, the mapping has no name server of this family" \
		ownroute explain gid 100 to ::1 port 53
}

bad_words_are_refused()
{
	refuses 1 "source masquerade needs dev" add uid 1001 table 200 source masquerade
	refuses 1 "dns needs dev" add uid 1001 table 200 dns 10.1.0.53
	refuses 1 "'source' is given twice" add uid 1001 dev tun0 source keep source 10.1.0.1
	refuses 1 "the second IPv4 source address" \
		add uid 1001 dev tun0 source 10.1.0.1 source 10.1.0.2
	refuses 1 "give another name server" add uid 1001 dev tun0 dns 127.0.0.53
	refuses 1 "leave source out" add uid 1001 block source masquerade
	refuses 1 "mark 0" add uid 1001 mark 0 dev tun0 source masquerade
}

run_tests modules_come_and_go \
	modules_that_were_there_stay \
	a_failure_leaves_no_module \
	a_group_is_masqueraded \
	each_word_reads_as_it_is_given \
	json_has_addresses_as_arrays \
	loopback_is_let_out_for_dns \
	explain_tells_addresses \
	bad_words_are_refused
