#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Without the module every command says so, and makes no rule and no route.
. "$(dirname "$0")/../lib/cli.sh"

# shellcheck disable=SC2034 # run_tests reads it
without_module=y

setup()
{
	device tun0 1
}

every_command_says_so()
{
	refuses 2 "modprobe ownroute" add uid 1001 table fresh dev tun0
	refuses 2 "modprobe ownroute" replace id 1 uid 1001 dev tun0
	refuses 2 "modprobe ownroute" del id 1
	refuses 2 "modprobe ownroute" list
	refuses 2 "modprobe ownroute" flush
	refuses 2 "modprobe ownroute" apply /dev/null
	refuses 2 "modprobe ownroute" export
	refuses 2 "modprobe ownroute" monitor
	refuses 2 "modprobe ownroute" stats
	refuses 2 "modprobe ownroute" limit 1
	refuses 2 "modprobe ownroute" explain uid 1001 to 10.1.0.99
	refuses 2 "modprobe ownroute" --dry-run add uid 1001 dev tun0
}

# For it, that is a finding, and it doesn't have the kernel ask for the module, as others may.
check_says_so()
{
	local status=0 modprobe=/proc/sys/kernel/modprobe

	printf '#!/bin/sh\necho "$*" >>%s\n' "$scratch/asked_for" >"$scratch/modprobe"
	chmod +x "$scratch/modprobe"
	at_exit "echo $(cat "$modprobe") >$modprobe"
	echo "$scratch/modprobe" >"$modprobe"
	remember_state
	ownroute check >"$scratch/said" || status=$?
	[ "$status" -eq 2 ]
	has "broken: ownroute module is not loaded: load it with \`modprobe ownroute\`" cat "$scratch/said"
	[ ! -e "$scratch/asked_for" ] || not cat "$scratch/asked_for"
	refuses 2 "modprobe ownroute" list
	grep -q family-ownroute "$scratch/asked_for"
	same_state
}

a_wrong_command_line_is_told_first()
{
	refuses 1 "'nonsense'" add user nonsense dev tun0
	refuses 1 "'nonsense'" add uid 1001 table nonsense
	refuses 1 "1001-1010" add uid 1010-1001 dev tun0
	refuses 1 "'nonsense'" add group nonsense mark 1
	refuses 1 "'0'" limit 0
	refuses 1 "to ADDR" explain uid 1001
	refuses 2 "/nonsense" apply /nonsense
}

help_needs_no_module()
{
	ownroute help
	ownroute --version
}

run_tests every_command_says_so \
	check_says_so \
	a_wrong_command_line_is_told_first \
	help_needs_no_module
