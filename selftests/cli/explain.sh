#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "explain" says where packets go, and why, when all is well and when it isn't.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	default_by_eth0
	device tun0 1
}

torrent_takes_the_tunnel()
{
	ownroute -q add uid 7001 mark 0x1111 table 200 dev tun0 "$@"
}

all_is_well()
{
	torrent_takes_the_tunnel
	remember_state
	prints "\
owner    uid 7001
mapping  id 1 priority 1000 uid 7001 mark 0x1111 table 200 dev tun0
mark     0x1111
rule     priority 2000 fwmark 0x1111 lookup 200
table    200
route    unicast dev tun0
source   10.1.0.1" ownroute explain uid 7001 to 203.0.113.1
	prints "\
owner    uid 7001
mapping  id 1 priority 1000 uid 7001 mark 0x1111 table 200 dev tun0
mark     0x1111
rule     priority 2000 fwmark 0x1111 lookup 200
table    200
route    unicast dev tun0
source   fd00:1::1" ownroute explain uid 7001 to 2001:db8:1::1 port 443
	same_state
	prints "[0]" jq -c 'map(.packets)' <(ownroute -j list)
}

packets_alone_are_marked()
{
	ownroute -q add uid 7001 mark 0x1111 table 200 dev tun0 nostamp
	ownroute explain uid 7001 to 203.0.113.1 >"$scratch/said"
	has "mapping  id 1 priority 1000 uid 7001 mark 0x1111 table 200 dev tun0 nostamp" cat "$scratch/said"
	has "mark     0x1111, on packets alone" cat "$scratch/said"
	prints "[true,4369]" jq -c '.[0] | [.mapping.nostamp, .mark]' \
		<(ownroute -j explain uid 7001 to 203.0.113.1)
}

nobodys_mapping()
{
	torrent_takes_the_tunnel
	ownroute explain uid 7002 to 203.0.113.1 >"$scratch/said"
	prints "\
owner    uid 7002
mapping  none
mark     0x0
rule     priority 32766 lookup 254
table    254 (main)
route    unicast via 192.0.2.1 dev eth0
source   192.0.2.17" cat "$scratch/said"
}

near_ones()
{
	ownroute -q add uid 7001 gid 5 mark 1
	ownroute -q add uid 7001 block priority 2000
	torrent_takes_the_tunnel
	ownroute explain uid 7001 gid 6 to 203.0.113.1 >"$scratch/said"
	cat "$scratch/said"
	grep -q "^owner    uid 7001 gid 6$" "$scratch/said"
	grep -q "^not      id 1 priority 1000 uid 7001 gid 5 mark 0x1: .*gid" "$scratch/said"
	grep -q "^not      id 2 priority 2000 uid 7001 block: .*mapping 3" "$scratch/said"
	grep -q "^mapping  id 3 " "$scratch/said"
}

a_rule_that_is_gone()
{
	torrent_takes_the_tunnel source keep
	ip rule del fwmark 0x1111
	ownroute explain uid 7001 to 203.0.113.1 >"$scratch/said"
	cat "$scratch/said"
	has "rule     priority 32766 lookup 254" cat "$scratch/said"
	has "table    254 (main)" cat "$scratch/said"
	has "route    unicast via 192.0.2.1 dev eth0" cat "$scratch/said"
}

# An IPv4 packet that has just got its mark is routed again as one of uid 0: the rule for the uid,
# which gives the source address, doesn't lead it.
a_rule_that_is_gone_beside_one_for_the_uid()
{
	torrent_takes_the_tunnel guard
	ip rule del fwmark 0x1111
	ip -6 rule del fwmark 0x1111
	ownroute explain uid 7001 to 203.0.113.1 >"$scratch/said"
	cat "$scratch/said"
	has "rule     priority 32766 lookup 254" cat "$scratch/said"
	has "route    unicast via 192.0.2.1 dev eth0" cat "$scratch/said"
	has "guard    drops the packet, it isn't leaving by tun0" cat "$scratch/said"
	has "source   10.1.0.1" cat "$scratch/said"
	ownroute explain uid 7001 to 2001:db8:1::1 >"$scratch/said"
	cat "$scratch/said"
	has "rule     priority 2001 uidrange 7001-7001 lookup 200" cat "$scratch/said"
	has "route    unicast dev tun0" cat "$scratch/said"
	has "guard    passes" cat "$scratch/said"
	# What is sent goes that way: two packets to each, and the stamp shows in the second one.
	udp 203.0.113.1
	prints "[1,1]" jq -c '.[0] | [.guarded, .stamped]' <(ownroute -j list)
	udp 2001:db8:1::1
	prints "[1,2]" jq -c '.[0] | [.guarded, .stamped]' <(ownroute -j list)
}

# udp TO: two datagrams of uid 7001, by one socket
udp()
{
	setpriv --reuid 7001 --clear-groups bash -c \
		"exec 3<>/dev/udp/$1/9; echo >&3; echo >&3" 2>/dev/null || true
}

a_tunnel_that_is_gone()
{
	torrent_takes_the_tunnel
	ip link del tun0
	ownroute explain uid 7001 to 203.0.113.1 >"$scratch/said"
	cat "$scratch/said"
	grep -q '^route    unreachable.*"No route to host"$' "$scratch/said"
	ownroute explain uid 7001 to 2001:db8:1::1 >"$scratch/said"
	cat "$scratch/said"
	grep -q '^route    unreachable.*"No route to host"$' "$scratch/said"
}

no_way_before_the_mark()
{
	torrent_takes_the_tunnel source keep
	ip route del default
	ownroute explain uid 7001 to 203.0.113.1 >"$scratch/said"
	cat "$scratch/said"
	has "route    unicast dev tun0" cat "$scratch/said"
	grep -q "^source   none" "$scratch/said"
}

bypass_and_block()
{
	ownroute -q add uid 7001 block
	ownroute -q add uid 7002 bypass
	prints "\
owner    uid 7001
mapping  id 1 priority 1000 uid 7001 block
route    none, the mapping blocks the packet" ownroute explain uid 7001 to 203.0.113.1
	ownroute explain uid 7002 to 203.0.113.1 >"$scratch/said"
	has "mapping  id 2 priority 1000 uid 7002 bypass" cat "$scratch/said"
	has "mark     0x0" cat "$scratch/said"
}

# Users and groups that only this test has
a_login()
{
	cp /etc/passwd /etc/group "$scratch"
	echo "explained:x:7001:7010::/:" >>"$scratch/passwd"
	printf '%s\n' "primary:x:7010:" "seven:x:7077:explained" >>"$scratch/group"
	mount --bind "$scratch/passwd" /etc/passwd
	mount --bind "$scratch/group" /etc/group
}

the_groups_of_a_login()
{
	a_login
	ownroute -q add gid 7077 suppl mark 1
	ownroute -q add gid 7010 mark 2
	ownroute explain user explained to 203.0.113.1 >"$scratch/said"
	has "owner    uid 7001 gid 7010 groups 7077" cat "$scratch/said"
	has "mapping  id 1 priority 1000 gid 7077 suppl mark 0x1" cat "$scratch/said"
	ownroute explain uid 7001 to 203.0.113.1 | diff -u "$scratch/said" -
	has "owner    uid 7001 gid 5 groups 7077" ownroute explain uid 7001 gid 5 to 203.0.113.1
	has "mapping  none" ownroute explain uid 7002 group seven kernel to 203.0.113.1
}

json()
{
	a_login
	ownroute -q add uid 7001 cgroup / mark 0x1111 table fresh dev tun0
	ownroute -q add uid 7001 gid 5 block
	ownroute -j explain user explained cgroup / to 203.0.113.1 >"$scratch/json"
	cat "$scratch/json"
	prints '{"owner":[7001,7010,[7077],"/"],"near":[2,"string"],"mapping":1,"mark":4369,"rule":[2000,4369,20000],"table":[20000,"fresh"],"route":["unicast","tun0"],"source":"192.0.2.17"}' \
		jq -c '.[0] | {owner: (.owner | [.uid, .gid, .groups, .cgroup]),
			near: (.near[0] | [.id, (.why | type)]), mapping: .mapping.id, mark,
			rule: (.rule | [.priority, .mark, .table]), table: [.table, .table_name],
			route: (.route | [.type, .dev]), source}' "$scratch/json"
}

bad_input()
{
	refuses 1 "to ADDR" explain uid 1
	refuses 1 "whose packets" explain to 203.0.113.1
	refuses 1 "'example.org'" explain uid 1 to example.org
	refuses 1 "1-5" explain uid 1-5 to 203.0.113.1
	refuses 1 "'mark'" explain uid 1 to 203.0.113.1 mark 1
	refuses 1 "'65536'" explain uid 1 to 203.0.113.1 port 65536
	refuses 1 "'/nonsense'" explain cgroup /nonsense to 203.0.113.1
}

run_tests all_is_well \
	packets_alone_are_marked \
	nobodys_mapping \
	near_ones \
	a_rule_that_is_gone \
	a_rule_that_is_gone_beside_one_for_the_uid \
	a_tunnel_that_is_gone \
	no_way_before_the_mark \
	bypass_and_block \
	the_groups_of_a_login \
	json \
	bad_input
