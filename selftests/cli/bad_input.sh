#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Command lines that are wrong: one line that says what, exit status 1 or 2, and
# nothing changed.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
}

no_command_or_an_unknown_one()
{
	refuses 1 "command"
	refuses 1 "'ad'" ad uid 1001 dev tun0
	refuses 1 "'show'" show
	refuses 1 "'--nonsense'" --nonsense list
	refuses 1 "'-x'" -x
}

an_unknown_keyword()
{
	refuses 1 "'nonsense'" add uid 1001 dev tun0 nonsense
	refuses 1 "'masquerade'" add uid 1001 dev tun0 masquerade
	refuses 1 "'snat'" add uid 1001 dev tun0 source snat
	refuses 1 "'priority'" add uid 1001 dev tun0 priorty 5
	refuses 1 "'prio'" add uid 1001 dev tun0 prio 5
	refuses 1 "'1001'" add 1001 dev tun0
	refuses 1 "before the command" list -j
	refuses 1 "'junk'" list junk
	refuses 1 "'junk'" del id 1 junk
}

a_word_twice_or_without_a_value()
{
	refuses 1 "'dev'" add uid 1001 dev tun0 dev tun0
	refuses 1 "'user'" add uid 1001 user daemon dev tun0
	refuses 1 "'dev'" add uid 1001 dev
	refuses 1 "'comment'" add uid 1001 dev tun0 comment
}

words_that_need_others()
{
	refuses 1 "guard needs dev" add uid 1001 guard
	refuses 1 "guard needs dev" add uid 1001 mark 1 table 200 guard
	refuses 1 "guard needs dev" add uid 1001 bypass guard
	refuses 1 "connmark" add uid 1001 block connmark
	refuses 1 "uid alone" add gid 5 dev tun0 source rule
	refuses 1 "uid 0" add uid 0-5 dev tun0 source rule
}

nobody_or_nothing()
{
	refuses 1 "uid N" add dev tun0
	refuses 1 "mark" add uid 1001
	refuses 1 "mark" add uid 1001 priority 5 comment text
}

an_unknown_device()
{
	refuses 1 "'nonsense'" add uid 1001 dev nonsense
	refuses 1 "'nonsense'" add uid 1001 mark 1 table fresh dev nonsense
	refuses 1 "'longer-than-a-device'" add uid 1001 dev longer-than-a-device
	refuses 1 "'a/b'" add uid 1001 dev a/b
}

an_unknown_user()
{
	refuses 1 "'nonsense'" add user nonsense dev tun0
	refuses 1 "'1001'" add user 1001 dev tun0
	refuses 1 "''" add user '' dev tun0
	refuses 1 "'nonsense'" del user nonsense
}

an_unknown_table()
{
	refuses 1 "'nonsense'" add uid 1001 table nonsense
}

a_mark_outside_its_mask()
{
	refuses 1 "0x100" add uid 1001 mark 0x100/0xff table 200 dev tun0
	refuses 1 "mask" add uid 1001 mark 0/0
	refuses 1 "'0x1/'" add uid 1001 mark 0x1/
	refuses 1 "'0x100000000'" add uid 1001 mark 0x100000000
	refuses 1 "'-1'" add uid 1001 mark -1
}

a_range_upside_down()
{
	refuses 1 "1001-1010" add uid 1010-1001 dev tun0
	refuses 1 "1001-1010" del uid 1010-1001
}

what_is_no_uid()
{
	refuses 1 "'4294967295'" add uid 4294967295 dev tun0
	refuses 1 "'1001x'" add uid 1001x dev tun0
	refuses 1 "'-1'" add uid -1 dev tun0
	refuses 1 "'0x10'" add uid 0x10 dev tun0
}

an_id_that_is_taken()
{
	ownroute -q add uid 1001 id 3 mark 1
	remember_state
	refuses 2 "id 3" add uid 1002 id 3 mark 2
	refuses 1 "'0'" add uid 1002 id 0 mark 2
}

an_id_that_is_not_there()
{
	refuses 2 "id 3" del id 3
	refuses 2 "id 3" replace id 3 uid 1001 mark 1
	refuses 2 "id 3" list id 3
}

a_comment_of_64_kb()
{
	local comment

	comment=$(printf '%065536d' 0)
	refuses 1 "comment" add uid 1001 dev tun0 comment "$comment"
	refuses 1 "unknown word" add uid 1001 dev tun0 "$comment" text
	comment=$(printf '%0255d' 0)
	ownroute -q add uid 1001 dev tun0 comment "$comment"
	remember_state
	refuses 1 "comment" add uid 1001 dev tun0 comment "${comment}0"
	refuses 1 "comment" add uid 1001 dev tun0 comment "two
lines"
}

# It is the other module that is missing, and not ownroute that is old.
connmark_without_its_module()
{
	if [ -d /sys/module/ownroute_connmark ]; then
		rmmod ownroute_connmark
	fi
	at_exit "echo /sbin/modprobe >/proc/sys/kernel/modprobe"
	echo /bin/false >/proc/sys/kernel/modprobe
	refuses 2 "modprobe ownroute_connmark" add uid 1001 mark 1 connmark
	not grep "update the module" "$scratch/err"
}

run_tests no_command_or_an_unknown_one \
	an_unknown_keyword \
	a_word_twice_or_without_a_value \
	words_that_need_others \
	nobody_or_nothing \
	an_unknown_device \
	an_unknown_user \
	an_unknown_table \
	a_mark_outside_its_mask \
	a_range_upside_down \
	what_is_no_uid \
	an_id_that_is_taken \
	an_id_that_is_not_there \
	a_comment_of_64_kb \
	connmark_without_its_module
