#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "repair" puts back what somebody took away of what mappings need, and nothing else.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device tun1 2
}

# Of each kind one, and two that share a way
several()
{
	ownroute -q add uid 1001 dev tun0
	ownroute -q add uid 1002 dev tun0 comment "it's shared"
	ownroute -q add uid 1003 dev tun1 table torrents source keep priority 7
	ownroute -q add uid 1004 via 10.2.0.254 via fd00:2::fe mark 0x10/0xf0 id 77
	ownroute -q add uid 1005 table 300
	ownroute -q add uid 1006 bypass
	nothing_missing
	remember_state
	generation=$(generation)
}

generation()
{
	ownroute -j stats | jq '.[0].generation'
}

# whole: as several() has left it, whichever of two rules is first, and no mapping was
# changed on the way
whole()
{
	nothing_missing
	state >"$scratch/after"
	diff -u <(sort "$scratch/before") <(sort "$scratch/after")
	expect_generation
}

expect_generation()
{
	prints "$generation" generation
}

# nothing_of_ours: what a program does that wants all rules and routes for itself
nothing_of_ours()
{
	local family words

	for family in -4 -6; do
		while read -r words; do
			# shellcheck disable=SC2086 # words
			ip $family rule del $words
		done < <(ip $family rule show | sed -n 's/:\tfrom all/ from all/; s/ proto 111$/ protocol 111/p' |
			sed 's/^/priority /')
		while read -r words; do
			# shellcheck disable=SC2086
			ip $family route del $words
		done < <(ip $family route show table all | grep "proto 111")
	done
	lacks "proto 111" routing
}

nothing_is_missing()
{
	several
	silent ownroute repair
	silent ownroute repair dev tun0
	prints "[]" ownroute -j repair
	whole
}

all_is_missing()
{
	several
	nothing_of_ours
	ownroute repair >"$scratch/steps"
	[ "$(wc -l <"$scratch/steps")" -eq "$(grep -c "proto 111" "$scratch/before")" ]
	lacks "del" cat "$scratch/steps"
	whole
	silent ownroute repair
}

it_says_what_it_has_put_back()
{
	several
	ip -6 rule del fwmark 0x10/0xf0
	ip rule del uidrange 1001-1001
	prints "\
rule add ipv4 uidrange 1001-1001 lookup 20000
rule add ipv6 fwmark 0x10/0xf0 lookup 77" repair_sorted
	whole
}

repair_sorted()
{
	ownroute repair | sed 's/lookup 2000[1-9]$/lookup 77/' | sort
}

dry_run_and_quiet_and_json()
{
	several
	ip rule del uidrange 1001-1001
	prints "rule add ipv4 uidrange 1001-1001 lookup 20000" ownroute --dry-run repair
	lacks "uidrange 1001" ip rule show
	prints '["rule add ipv4 uidrange 1001-1001 lookup 20000"]' \
		jq -c 'map(.step)' <(ownroute -j --dry-run repair)
	silent ownroute -q repair
	whole
}

a_tunnel_that_has_come_back()
{
	several
	ip link del tun0
	fails_but 2 "tun0" ownroute repair
	device tun0 1
	prints "\
route add ipv4 default dev tun0 table 20000
route add ipv6 default dev tun0 table 20000" ownroute repair dev tun0
	nothing_missing
	expect_generation
}

# fails_but STATUS TEXT CMD…: as fails(), but what it prints is up to the caller
fails_but()
{
	local wanted=$1 text=$2 status=0

	shift 2
	"$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	cat "$scratch/out" "$scratch/err"
	[ "$status" -eq "$wanted" ]
	[ "$(wc -l <"$scratch/err")" -eq 1 ]
	grep -q "^ownroute: .*$text" "$scratch/err"
}

the_rest_is_put_back()
{
	several
	ip link set tun0 down
	nothing_of_ours
	fails_but 2 "device tun0 is down: bring it up" ownroute repair
	grep -q "dev tun1" "$scratch/out"
	prints "\
    missing: IPv4 default route in table 20000
    missing: IPv6 default route in table 20000" eval "ownroute list | grep missing | sort -u"
	ip link set tun0 up
	ip address replace fd00:1::1/64 dev tun0 nodad
	ownroute -q repair
	nothing_missing
	expect_generation
}

only_of_one_device()
{
	several
	nothing_of_ours
	ownroute -q repair dev tun1
	has "default dev tun1 proto 111 scope link" ip route show table torrents
	lacks "table 300\|dev tun0\|lookup 20000" \
		eval "ip rule show; ip route show table all proto 111"
	ownroute -q repair
	whole
}

an_alternative_name_will_do()
{
	several
	ip link property add dev tun0 altname the-tunnel
	ip rule del uidrange 1001-1001
	prints "rule add ipv4 uidrange 1001-1001 lookup 20000" ownroute repair dev the-tunnel
	whole
}

what_is_in_the_way_of_one_stays()
{
	several
	ip route replace default dev tun1 table 20000
	ip -6 route del default dev tun0 table 20000
	fails_but 2 "isn't ownroute's" ownroute repair
	prints "route add ipv6 default dev tun0 table 20000" cat "$scratch/out"
	has "default dev tun1 scope link" ip route show table 20000
}

a_gateway_that_is_not_reached()
{
	several
	ip address del 10.2.0.1/24 dev tun1
	ip -6 rule del fwmark 0x10/0xf0
	fails_but 2 "IPv4" ownroute repair
	grep -q "^rule add ipv6 fwmark 0x10/0xf0" "$scratch/out"
	ip address add 10.2.0.1/24 dev tun1
	ownroute -q repair
	nothing_missing
	expect_generation
}

export_and_apply_put_back_the_same()
{
	several
	nothing_of_ours
	ownroute export | ownroute apply - | sort >"$scratch/applied"
	whole
	nothing_of_ours
	ownroute repair | sort | diff -u "$scratch/applied" -
	whole
}

it_refuses_what_it_does_not_know()
{
	several
	refuses 1 "no mapping has dev 'tun7'" repair dev tun7
	refuses 1 "IFNAME" repair dev
	refuses 1 "'uid'" repair uid 1001
	whole
}

no_mappings_nothing_to_do()
{
	silent ownroute repair
	same_state
}

run_tests nothing_is_missing \
	all_is_missing \
	it_says_what_it_has_put_back \
	dry_run_and_quiet_and_json \
	a_tunnel_that_has_come_back \
	the_rest_is_put_back \
	only_of_one_device \
	an_alternative_name_will_do \
	what_is_in_the_way_of_one_stays \
	a_gateway_that_is_not_reached \
	export_and_apply_put_back_the_same \
	it_refuses_what_it_does_not_know \
	no_mappings_nothing_to_do
