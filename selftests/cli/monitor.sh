#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "monitor" prints what happens, as it happens, and ends when it is told to.
. "$(dirname "$0")/../lib/cli.sh"

# listening [CMD…]: somebody in the namespace where CMD runs things listens to a
# group of generic netlink
listening()
{
	"$@" cat /proc/self/net/netlink |
		awk '$2 == 16 && $4 !~ /^0+$/ { found = 1 } END { exit !found }'
}

# monitor [OPTION]…: in the background, ready when this returns
monitor()
{
	ownroute "$@" monitor >"$scratch/events" &
	monitor=$!
	wait_for "the monitor" 10 listening
}

# lines N: this many events are there
lines()
{
	[ "$(wc -l <"$scratch/events")" -eq "$1" ]
}

# stop_monitor SIGNAL LINES: when it has printed so many
stop_monitor()
{
	wait_for "$2 events" 10 lines "$2"
	kill -"$1" "$monitor"
	wait "$monitor"
}

# Six events
a_lot()
{
	ownroute -q add uid 1001 mark 1 comment "it's"
	ownroute -q replace id 1 uid 1002 mark 2
	ownroute del id 1
	ownroute -q apply - <<-EOF
		[[mapping]]
		uid = 1
		mark = 1
		[[mapping]]
		uid = 2
		mark = 2
	EOF
	ownroute limit 2
	fails 2 "limit" ownroute add uid 3 mark 3
	ownroute flush
}

it_prints_one_event_a_line()
{
	monitor
	a_lot
	stop_monitor TERM 6
	sed -E 's/ generation [0-9]+$//' "$scratch/events" >"$scratch/plain"
	prints "\
made id 1 priority 1000 uid 1001 mark 0x1 comment 'it'\\''s'
changed id 1 priority 1000 uid 1002 mark 0x2
withdrawn packets 0 bytes 0 stamped 0 reroutes 0 drops 0 guarded 0 id 1 priority 1000 uid 1002 mark 0x2
replaced mappings 2 limit 131072
limit mappings 2 limit 2
replaced mappings 0 limit 2" cat "$scratch/plain"
}

it_prints_json()
{
	monitor -j
	a_lot
	stop_monitor INT 6
	prints '["made",1,1001,1,4294967295,"it'\''s"]
["changed",1,1002,2,4294967295,null]
["withdrawn",1,1002,2,4294967295,null]
["replaced",null,null,null,null,null]
["limit",null,null,null,null,null]
["replaced",null,null,null,null,null]' \
		jq -c '[.event, .id, .uid, .mark, .mask, .comment]' "$scratch/events"
	prints '[[2,131072],[2,2],[0,2]]' \
		jq -sc 'map(select(.generation) | [.mappings, .limit])' "$scratch/events"
	jq -se 'map(.generation // empty) | . == sort' "$scratch/events"
}

it_works_in_another_namespace()
{
	ip netns add cli-$$
	at_exit "ip netns del cli-$$"
	ownroute -n cli-$$ monitor >"$scratch/events" &
	monitor=$!
	wait_for "the monitor" 10 listening ip netns exec cli-$$
	ownroute -q add uid 1 mark 1
	ownroute -n cli-$$ -q add uid 2 mark 2
	stop_monitor TERM 1
	prints "made id 1 priority 1000 uid 2 mark 0x2" cat "$scratch/events"
}

it_ends_with_its_reader()
{
	mkfifo "$scratch/pipe"
	ownroute monitor >"$scratch/pipe" 2>"$scratch/complaint" &
	monitor=$!
	exec 3<"$scratch/pipe"
	wait_for "the monitor" 10 listening
	exec 3<&-
	wait "$monitor"
	[ ! -s "$scratch/complaint" ]
}

it_notices_a_full_disk()
{
	ownroute monitor >/dev/full 2>"$scratch/complaint" &
	monitor=$!
	wait_for "the monitor" 10 listening
	ownroute -q add uid 1 mark 1
	fails 2 "No space left on device" ended
}
ended()
{
	local status=0

	wait "$monitor" || status=$?
	cat "$scratch/complaint" >&2
	return "$status"
}

it_takes_no_words()
{
	refuses 1 "'all'" monitor all
}

run_tests it_prints_one_event_a_line \
	it_prints_json \
	it_works_in_another_namespace \
	it_ends_with_its_reader \
	it_notices_a_full_disk \
	it_takes_no_words
