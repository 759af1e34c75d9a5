#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The options, and where output goes.
. "$(dirname "$0")/../lib/cli.sh"

other=cli-$$

setup()
{
	device tun0 1
	ip netns add $other
	at_exit "ip netns del $other"
	ip -n $other link add tun0 type dummy
	ip -n $other link set tun0 up
}

other_routing()
{
	ip -n $other rule show
	ip -n $other -6 rule show
	ip -n $other route show table all
	ip -n $other -6 route show table all
}

# in_other CMD…: run it in the other namespace
in_other()
{
	nsenter --net=/run/netns/$other -- "$@"
}

netns_is_worked_in()
{
	prints "id 1 priority 1000 uid 1001 mark 0x1 table 200 dev tun0" \
		ownroute -n $other add uid 1001 mark 0x1 table 200 dev tun0
	same_state
	has "default dev tun0 proto 111 scope link" ip -n $other route show table 200
	has "2000:	from all fwmark 0x1 lookup 200 proto 111" ip -n $other rule show
	grep -q "uid 1001" <(in_other ownroute list)
	grep -q "uid 1001" <(ownroute --netns $other list)
	grep -q "uid 1001" <(ownroute -n /run/netns/$other list)
	ownroute -n $other del uid 1001
	lacks "proto 111" other_routing
}

an_unknown_netns_is_refused()
{
	refuses 1 "'nonsense'" -n nonsense list
	refuses 1 "--netns" --netns
	fails 2 "/etc/passwd" ownroute -n /etc/passwd list
}

dry_run_prints_the_steps()
{
	ownroute --dry-run add uid 1001 table fresh dev tun0 >"$scratch/steps"
	cat "$scratch/steps"
	same_state
	prints "\
table name add 20000 fresh
route add ipv4 unreachable default table 20000 metric 4294967295
route add ipv6 unreachable default table 20000 metric 4294967295
route add ipv4 default dev tun0 table 20000
route add ipv6 default dev tun0 table 20000
rule add ipv4 fwmark 0xff000000/0xff000000 lookup 254
rule add ipv4 fwmark 0x1000000/0xff000000 lookup 20000
rule add ipv6 fwmark 0xff000000/0xff000000 lookup 254
rule add ipv6 fwmark 0x1000000/0xff000000 lookup 20000
rule add ipv4 uidrange 1001-1001 lookup 20000
rule add ipv6 uidrange 1001-1001 lookup 20000
mapping add priority 1000 uid 1001 mark 0x1000000/0xff000000" cat "$scratch/steps"
}

dry_run_changes_nothing()
{
	ownroute -q add uid 1001 table fresh dev tun0
	remember_state
	grep -q "^mapping del id 1$" <(ownroute --dry-run del id 1)
	grep -q "^rule del ipv6 fwmark" <(ownroute --dry-run del id 1)
	grep -q "^mapping replace id 1 " <(ownroute --dry-run replace id 1 uid 1001 mark 0x1)
	grep -q "^mapping flush" <(ownroute --dry-run flush)
	same_state
	ownroute -j --dry-run del id 1 | jq -e 'any(.step == "mapping del id 1")'
	same_state
}

quiet_prints_nothing()
{
	silent ownroute -q add uid 1001 dev tun0
	silent ownroute --quiet replace id 1 uid 1002 dev tun0
	grep -q "uid 1002" <(ownroute -q list)
}

help_is_there()
{
	local verb

	ownroute help >"$scratch/help"
	ownroute --help | diff -u "$scratch/help" -
	ownroute -h | diff -u "$scratch/help" -
	for verb in add replace del list flush apply export monitor stats limit explain; do
		grep -q "ownroute $verb" "$scratch/help"
		ownroute help $verb >"$scratch/help-$verb"
		grep -q "Usage: ownroute .* $verb" "$scratch/help-$verb"
		ownroute $verb help | diff -u "$scratch/help-$verb" -
		ownroute $verb --help | diff -u "$scratch/help-$verb" -
	done
	refuses 1 "'nonsense'" help nonsense
}

version_is_there()
{
	ownroute --version | grep -qx 'ownroute [0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*'
	ownroute -V | grep -q '^ownroute '
}

a_full_disk_is_noticed()
{
	ownroute -q add uid 1001 mark 0x1
	fails 2 "No space left on device" full_disk
	fails 2 "No space left on device" full_disk -j
}
full_disk()
{
	ownroute "$@" list >/dev/full
}

a_closed_pipe_is_noticed()
{
	ownroute -q add uid 1001 mark 0x1
	mkfifo "$scratch/pipe"
	fails 2 "Broken pipe" closed_pipe
}
closed_pipe()
(
	# shellcheck disable=SC2094 # it has no reader, that is the point
	exec 3<>"$scratch/pipe" 4>"$scratch/pipe" 3>&-
	ownroute list >&4
)

a_closed_output_is_noticed()
{
	ownroute -q add uid 1001 mark 0x1
	fails 2 "Bad file descriptor" closed_output
}
closed_output()
{
	ownroute list >&-
}

run_tests netns_is_worked_in \
	an_unknown_netns_is_refused \
	dry_run_prints_the_steps \
	dry_run_changes_nothing \
	quiet_prints_nothing \
	help_is_there \
	version_is_there \
	a_full_disk_is_noticed \
	a_closed_pipe_is_noticed \
	a_closed_output_is_noticed
