#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "stats" and "limit": the numbers of a network namespace.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
}

# stat KEY…: these numbers, on one line
stat()
{
	local keys

	printf -v keys '.%s,' "$@"
	ownroute -j stats | jq -c ".[0] | [${keys%,}]"
}

a_fresh_namespace()
{
	ownroute stats >"$scratch/stats"
	[ "$(grep -cE '^[a-z_]+ +[0-9]+$' "$scratch/stats")" -eq 13 ]
	[ "$(wc -l <"$scratch/stats")" -eq 13 ]
	has "limit           131072" cat "$scratch/stats"
	has "mappings        0" cat "$scratch/stats"
	ownroute -j stats >"$scratch/json"
	prints '["mappings","limit","generation","lookups","misses","ownerless","nomem","refused_invalid","refused_exists","refused_missing","refused_limit","refused_busy","refused_other"]' \
		jq -c '.[0] | keys_unsorted' "$scratch/json"
	prints true jq 'all(.[0][]; type == "number")' "$scratch/json"
}

packets_are_counted()
{
	ownroute -q add uid 1001 mark 1
	echo packet >/dev/udp/10.1.0.99/9
	prints "[1,1]" stat lookups misses
	ownroute -q add uid 0 mark 2
	echo packet >/dev/udp/10.1.0.99/9
	prints "[2,1]" stat lookups misses
}

changes_are_counted()
{
	local before

	before=$(ownroute -j stats | jq '.[0].generation')
	ownroute -q add uid 1001 mark 1
	prints "[1,$((before + 1))]" stat mappings generation
	ownroute flush
	prints "[0,$((before + 2))]" stat mappings generation
}

refusals_are_counted()
{
	ownroute -q add uid 1001 mark 1 id 3
	remember_state
	refuses 2 "id 3" add uid 1002 mark 1 id 3
	prints "[1,0]" stat refused_exists refused_limit
}

a_limit_is_kept()
{
	silent ownroute limit 2
	prints "[2,0]" stat limit mappings
	ownroute -q add uid 1 mark 1
	ownroute -q add uid 2 mark 2
	remember_state
	refuses 2 "limit" add uid 3 table 200 dev tun0
	prints "[1,2]" stat refused_limit mappings
	ownroute limit 3
	ownroute -q add uid 3 mark 3
	ownroute limit 1
	[ "$(mappings | wc -l)" -eq 3 ]
}

dry_run_sets_no_limit()
{
	prints "limit 2" ownroute --dry-run limit 2
	prints '[{"step":"limit 2"}]' ownroute -j --dry-run limit 2
	prints "[131072]" stat limit
}

bad_input()
{
	refuses 1 "1 to 1048576" limit
	refuses 1 "'0'" limit 0
	refuses 1 "'1048577'" limit 1048577
	refuses 1 "'many'" limit many
	refuses 1 "'5'" limit 2 5
	refuses 1 "'all'" stats all
	ownroute limit 1048576
}

run_tests a_fresh_namespace \
	packets_are_counted \
	changes_are_counted \
	refusals_are_counted \
	a_limit_is_kept \
	dry_run_sets_no_limit \
	bad_input
