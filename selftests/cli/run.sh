#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "ownroute run": who the command is, how it ends, and what is left of it: nothing.
# shellcheck disable=SC2016 # it is the shell of the command that shall expand what stands in quotes
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	at_exit "end_all"
	cgroups >"$scratch/cgroups"
}

run()
{
	ownroute run dev tun0 -- "$@"
}

# cgroups: of commands, here or anywhere
cgroups()
{
	find /sys/fs/cgroup -name 'ownroute-run-*'
}

# all_gone: what run makes, and nothing else has changed
all_gone()
{
	cgroups >"$scratch/cgroups_after"
	same_files "$scratch/cgroups" "$scratch/cgroups_after"
	same_state
}

# exits STATUS CMD…
exits()
{
	local wanted=$1 status=0

	shift
	"$@" || status=$?
	[ "$status" -eq "$wanted" ] || not echo "expected exit status $wanted, got $status"
}

# In the background: $command is the wrapper, $cgroup that of what it runs. The
# command says in $scratch/started that it is there.
start()
{
	rm -f "$scratch/started"
	ownroute run dev tun0 -- "$@" >"$scratch/output" 2>&1 &
	command=$!
	cgroup=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$$/cgroup")/ownroute-run-$command
	wait_for "the command" 10 started
}
started()
{
	[ -e "$scratch/started" ]
}

end_all()
{
	local left

	for left in $(cgroups); do
		echo 1 >"$left/cgroup.kill"
	done
}

# A command that says that it is there, and waits
waiting='touch $0/started; while :; do sleep 0.1; done'

its_exit_status_is_passed_on()
{
	exits 0 run true
	exits 5 run sh -c 'exit 5'
	exits 2 run sh -c 'exit 2'
	all_gone
}

its_signal_is_passed_on()
{
	exits $((128 + 15)) run sh -c 'kill -TERM $$'
	exits $((128 + 9)) run sh -c 'kill -KILL $$'
	# As a shell sees it: killed by it, not exited with the number.
	prints "15" perl -e 'system(@ARGV); print $? & 127, "\n"' \
		ownroute run dev tun0 -- sh -c 'kill -TERM $$'
	all_gone
}

what_cannot_be_run_is_said_as_env_does()
{
	touch "$scratch/file"
	fails 126 "Permission denied" run "$scratch/file"
	fails 126 "Permission denied" run /
	fails 127 "'no-such-command'" run no-such-command
	fails 127 "No such file" run "$scratch/nothing"
	all_gone
}

its_arguments_are_passed_on()
{
	prints $'[a b]\n[]\n[--]\n[$x *]\n[dev]' run printf '[%s]\n' 'a b' '' -- '$x *' dev
	# Found by PATH, and with its name.
	prints sh run sh -c 'echo "$0"'
}

its_streams_are_ours()
{
	prints "got in" run sed 's/^/got /' <<<"in"
	run sh -c 'echo err >&2; echo out' >"$scratch/out" 2>"$scratch/err"
	prints out cat "$scratch/out"
	prints err cat "$scratch/err"
	# Ends with its reader, as any command does.
	run yes 2>&1 | head -n 1 | grep -x y
	# No more files of ours
	prints "$(ls /proc/self/fd)" run ls /proc/self/fd
}

it_has_our_terminal()
{
	script --quiet --return --command "ownroute run dev tun0 -- tty" "$scratch/typed" </dev/null |
		grep /dev/pts/
}

# on_a_terminal KEYS: $scratch/shell is run by a shell on a terminal, where KEYS are typed as soon as
# the command is there. What is said there is in $scratch/said.
on_a_terminal()
{
	rm -f "$scratch/started"
	(
		wait_for "the command" 10 started
		printf %b "$1"
		# The terminal stays until the shell is done with it.
		wait_for "the end" 10 test -e "$scratch/ended"
	) | script --quiet --command "trap : INT; bash $scratch/shell; touch $scratch/ended" "$scratch/typed" |
		tr -d '\r' >"$scratch/said"
	cat "$scratch/said"
}

ctrl_c_reaches_it_once()
{
	# Perl counts those that come while it is busy; what is passed on comes in order.
	cat >"$scratch/command" <<-EOF
		\$wrapper = getppid;
		\$SIG{INT} = sub { fork || exec "kill", "-USR1", \$wrapper unless \$got++ };
		\$SIG{USR1} = sub { print "\\ngot \$got\\n"; exit 7 };
		open started, ">$scratch/started";
		sleep 1 while 1;
	EOF
	cat >"$scratch/shell" <<-EOF
		trap : INT
		ownroute run dev tun0 -- perl $scratch/command
		echo "status \$?"
	EOF
	on_a_terminal '\003'
	grep -x "got 1" "$scratch/said"
	grep -x "status 7" "$scratch/said"
	all_gone
}

ctrl_c_ends_both()
{
	cat >"$scratch/shell" <<-EOF
		trap : INT
		ownroute run dev tun0 -- sh -c 'touch $scratch/started; sleep 100'
		status=\$?
		echo
		echo "status \$status"
	EOF
	on_a_terminal '\003'
	grep -x "status 130" "$scratch/said"
	all_gone
}

ctrl_z_stops_both()
{
	cat >"$scratch/command" <<-EOF
		touch $scratch/started
		until [ -e $scratch/go ]; do sleep 0.1; done
		exit 7
	EOF
	cat >"$scratch/shell" <<-EOF
		set -m
		ownroute run dev tun0 -- sh $scratch/command
		status=\$?
		echo
		echo "status \$status"
		ps -o stat= -C ownroute,sh >$scratch/states
		touch $scratch/go
		fg
		echo "status \$?"
	EOF
	on_a_terminal '\032'
	grep -x "status $((128 + 20))" "$scratch/said"
	grep -x "status 7" "$scratch/said"
	# The wrapper and the command; the guardian is no job of the terminal.
	[ "$(grep -c ^T "$scratch/states")" -eq 2 ]
	all_gone
}

# is_in_state PID STATE: the letter of ps(1)
is_in_state()
{
	[[ $(ps -o stat= -p "$1") == "$2"* ]]
}

signals_are_passed_on()
{
	local signal

	# Else the shell has it ignore some.
	set -m
	for signal in HUP INT QUIT TERM USR1 USR2; do
		start bash -c "trap 'exit 42' $signal; $waiting" "$scratch"
		kill -$signal $command
		exits 42 wait $command
	done
	all_gone
}

it_stops_and_goes_on()
{
	local child

	set -m
	start sh -c "$waiting" "$scratch"
	child=$(head -n 1 "$cgroup/cgroup.procs")
	kill -TSTP $command
	wait_for "the command to stop" 10 is_in_state "$child" T
	wait_for "the wrapper to stop" 10 is_in_state "$command" T
	kill -CONT $command
	wait_for "the wrapper to go on" 10 is_in_state "$command" S
	wait_for "the command to go on" 10 is_in_state "$child" S
	kill -STOP "$child"
	wait_for "the wrapper to stop with it" 10 is_in_state "$command" T
	kill -CONT $command
	wait_for "the command to go on again" 10 is_in_state "$child" S
	kill $command
	exits 143 wait $command
	all_gone
}

its_signals_are_as_ours_were()
{
	local line

	line=$(run grep SigIgn /proc/self/status)
	[ "$line" = "$(grep SigIgn /proc/self/status)" ]
	line=$(run grep SigBlk /proc/self/status)
	[ "$line" = "$(grep SigBlk /proc/self/status)" ]
	# nohup(1)'s
	(trap '' HUP; run grep SigIgn /proc/self/status) | grep '0001$'
	# Where children leave no status to others, they do to us.
	(trap '' CHLD; exits 5 run sh -c 'exit 5')
}

what_it_leaves_behind_is_killed()
{
	run sh -c 'setsid sleep 1000 & setsid sh -c "sleep 1000; true" & echo $!' >"$scratch/left"
	not kill -0 "$(cat "$scratch/left")"
	all_gone
}

cgroups_that_it_makes_go()
{
	run sh -c 'cd /sys/fs/cgroup$(sed s/0::// /proc/self/cgroup); mkdir -p a/b; sleep 1000 & echo $! >a/b/cgroup.procs'
	all_gone
}

all_goes_when_the_wrapper_is_killed()
{
	start sh -c "sleep 1000 & $waiting" "$scratch"
	has "$cgroup" cgroups
	ownroute list | grep "cgroup ${cgroup#/sys/fs/cgroup} .* comment 'run: sh'"
	kill -KILL $command
	exits 137 wait $command
	wait_for "all to go" 10 all_gone
}

all_goes_when_the_process_group_is_killed()
{
	set -m
	start sh -c "$waiting" "$scratch"
	kill -KILL -$command
	exits 137 wait $command
	wait_for "all to go" 10 all_gone
}

a_guardian_that_is_killed_is_told()
{
	local guardian

	start sh -c "$waiting" "$scratch"
	guardian=$(pgrep -P $command -f "run dev tun0" | tail -n 1)
	kill -KILL "$guardian"
	kill $command
	exits 2 wait $command
	grep "guardian" "$scratch/output"
	grep "cgroup ${cgroup#/sys/fs/cgroup} " <(ownroute list)
	ownroute flush
	rmdir "$cgroup"
	all_gone
}

a_mapping_that_is_gone_already_is_none_to_delete()
{
	silent run ownroute flush
	all_gone
}

# the_others: what there was before
the_others()
{
	ownroute -q del id 1
	all_gone
}

# Somebody else's, that has got its id meanwhile
a_mapping_of_another_stays()
{
	run ownroute -q replace id 1 uid 1 block
	has "id 1 priority 1000 uid 1 block" mappings
	the_others
	printf '[[mapping]]\nid = 1\nuid = 1\nblock = true\n' >"$scratch/file"
	run ownroute -q apply "$scratch/file"
	has "id 1 priority 1000 uid 1 block" mappings
	the_others
}

mappings_for_its_cgroup_go()
{
	run sh -c 'ownroute -q replace id 1 cgroup $(sed s/0::// /proc/self/cgroup) block
		ownroute -q add cgroup $(sed s/0::// /proc/self/cgroup) uid 5 mark 5'
	all_gone
}

without_the_module_it_says_what_may_be_left()
{
	fails 0 "see ownroute flush" ownroute run dev tun0 source keep -- rmmod ownroute
	ip rule show | grep "proto 111"
	insmod "$OWNROUTE_KO"
	ownroute flush
	all_gone
}

two_at_once()
{
	local first first_cgroup

	start sh -c "$waiting" "$scratch"
	first=$command first_cgroup=$cgroup
	start sh -c "$waiting" "$scratch"
	[ "$(ids)" = "[1,2]" ]
	kill "$first"
	exits 143 wait "$first"
	[ "$(ids)" = "[2]" ]
	not test -e "$first_cgroup"
	nothing_missing
	kill $command
	exits 143 wait $command
	all_gone
}

# The rest of this: who the command is

# as_sudo USER CMD…: as sudo starts it, for USER
as_sudo()
{
	local user=$1

	shift
	env SUDO_UID="$(id -u "$user")" SUDO_GID="$(id -g "$user")" SUDO_USER="$user" \
		SUDO_COMMAND=x HOME=/root USER=root LOGNAME=root SHELL=/bin/sh KEPT='a  b' "$@"
}

# a_user NAME: of the group of the same name, and of daemon's
a_user()
{
	cp /etc/passwd /etc/group "$scratch"
	useradd --shell /bin/zsh --home-dir "/home/$1" --user-group --groups daemon "$1"
	at_exit "cp $scratch/passwd $scratch/group /etc"
}

it_is_who_called_sudo()
{
	a_user anna-$$
	as_sudo anna-$$ ownroute run dev tun0 -- env >"$scratch/env"
	has "HOME=/home/anna-$$" cat "$scratch/env"
	has "USER=anna-$$" cat "$scratch/env"
	has "LOGNAME=anna-$$" cat "$scratch/env"
	has "SHELL=/bin/zsh" cat "$scratch/env"
	has "KEPT=a  b" cat "$scratch/env"
	lacks SUDO cat "$scratch/env"
	prints "$(id anna-$$)" as_sudo anna-$$ ownroute run dev tun0 -- id
	prints "$(printf 'Uid:%s\nGid:%s' "$(ids_four "$(id -u anna-$$)")" "$(ids_four "$(id -g anna-$$)")")" \
		as_sudo anna-$$ ownroute run dev tun0 -- grep -E '^(Uid|Gid):' /proc/self/status
	no_capabilities as_sudo anna-$$
}

ids_four()
{
	printf '\t%s\t%s\t%s\t%s' "$1" "$1" "$1" "$1"
}

# no_capabilities CMD…: what is run so has none, but for the bounding set
no_capabilities()
{
	prints $'CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000' \
		"$@" ownroute run dev tun0 source keep -- grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status
}

root_stays_root()
{
	prints "$(id)" run id
	prints "$(grep Cap /proc/self/status)" run grep Cap /proc/self/status
	as_sudo root ownroute run dev tun0 -- grep CapEff /proc/self/status |
		grep -x "$(grep CapEff /proc/self/status)"
}

# with_capabilities CMD…: as an ordinary user who has what run takes, in a cgroup that is theirs
with_capabilities()
(
	echo "$BASHPID" >"/sys/fs/cgroup/run-$$/cgroup.procs"
	exec setpriv --reuid daemon --regid daemon --clear-groups \
		--inh-caps +net_admin,+sys_admin --ambient-caps +net_admin,+sys_admin -- "$@"
)

a_user_with_capabilities_stays_without()
{
	mkdir /sys/fs/cgroup/run-$$
	at_exit "rmdir /sys/fs/cgroup/run-$$"
	chown daemon /sys/fs/cgroup/run-$$ /sys/fs/cgroup/run-$$/cgroup.procs
	# What NAT loads they can't unload.
	no_capabilities with_capabilities
	prints "$(setpriv --reuid daemon --regid daemon --clear-groups -- id)" \
		with_capabilities ownroute run dev tun0 source keep -- id
	# Variables of theirs make nobody else of them.
	prints "$(id -u daemon)" with_capabilities env SUDO_UID=0 ownroute run dev tun0 source keep -- id -u
	all_gone
}

what_cannot_be_run_in_another_namespace()
{
	ip netns add run-$$
	at_exit "ip netns del run-$$"
	fails 127 "'no-such-command'" as_sudo daemon ownroute -n run-$$ run block -- no-such-command
	touch "$scratch/file"
	chmod a+x "$scratch"
	fails 126 "Permission denied" as_sudo daemon ownroute -n run-$$ run block -- "$scratch/file"
	all_gone
}

an_unknown_caller_is_refused()
{
	refuses_env SUDO_UID=4294967294
	refuses_env SUDO_UID=
	refuses_env DOAS_USER=nobdy
	all_gone
}
refuses_env()
{
	fails 2 "is no user" env "$1" ownroute run dev tun0 -- true
}

it_is_in_the_namespace_that_is_named()
{
	ip netns add run-$$
	at_exit "ip netns del run-$$"
	ip -n run-$$ link add tun9 type dummy
	ip -n run-$$ link set tun9 up
	prints "$(ip netns exec run-$$ readlink /proc/self/ns/net)" \
		ownroute -n run-$$ run dev tun9 -- readlink /proc/self/ns/net
	ownroute -n run-$$ run dev tun9 -- ip route show table 20000 | grep "default dev tun9"
	silent ownroute -n run-$$ list
	all_gone
}

what_is_given_is_kept()
{
	run_with comment "my own" priority 7 guard id 12 |
		grep "id 12 priority 7 .* guard comment 'my own'"
	run_with mark 0x33/0xff table 77 | grep "mark 0x33/0xff table 77 dev tun0 comment 'run: ownroute'"
	ownroute run block -- ownroute list | grep "block"
	ownroute run bypass -- ownroute list | grep "bypass"
	all_gone
}
run_with()
{
	ownroute run dev tun0 "$@" -- ownroute list
}

a_dry_run_does_nothing()
{
	ownroute --dry-run run dev tun0 -- touch "$scratch/touched" >"$scratch/steps"
	grep -x "cgroup add .*/ownroute-run-[0-9]*" "$scratch/steps"
	grep "^rule add ipv6 fwmark .* lookup 20000" "$scratch/steps"
	grep "^mapping add priority 1000 cgroup .*/ownroute-run-[0-9]* mark" "$scratch/steps"
	not test -e "$scratch/touched"
	ownroute -j --dry-run run block -- true | jq -e '.[0].step | startswith("cgroup add ")'
	all_gone
}

bad_input_starts_nothing()
{
	refuses 1 "give -- CMD" run dev tun0
	refuses 1 "give -- CMD" run dev tun0 --
	refuses 1 "unknown word 'touch'" run dev tun0 touch "$scratch/touched" -- true
	refuses 1 "leave it away" run uid 1 dev tun0 -- touch "$scratch/touched"
	refuses 1 "nothing is to be done" run -- touch "$scratch/touched"
	refuses 1 "tun9" run dev tun9 -- touch "$scratch/touched"
	refuses 1 "namespace" -n nix run dev tun0 -- touch "$scratch/touched"
	ownroute -q add id 1 uid 1 block
	remember_state
	refuses 2 "id 1" run id 1 dev tun0 -- touch "$scratch/touched"
	fails 2 "CAP_NET_ADMIN" setpriv --bounding-set -net_admin --inh-caps -net_admin -- \
		ownroute run dev tun0 -- touch "$scratch/touched"
	not test -e "$scratch/touched"
	all_gone
}

run_tests its_exit_status_is_passed_on \
	its_signal_is_passed_on \
	what_cannot_be_run_is_said_as_env_does \
	its_arguments_are_passed_on \
	its_streams_are_ours \
	it_has_our_terminal \
	ctrl_c_reaches_it_once \
	ctrl_c_ends_both \
	ctrl_z_stops_both \
	signals_are_passed_on \
	it_stops_and_goes_on \
	its_signals_are_as_ours_were \
	what_it_leaves_behind_is_killed \
	cgroups_that_it_makes_go \
	all_goes_when_the_wrapper_is_killed \
	all_goes_when_the_process_group_is_killed \
	a_guardian_that_is_killed_is_told \
	a_mapping_that_is_gone_already_is_none_to_delete \
	a_mapping_of_another_stays \
	mappings_for_its_cgroup_go \
	without_the_module_it_says_what_may_be_left \
	two_at_once \
	it_is_who_called_sudo \
	root_stays_root \
	a_user_with_capabilities_stays_without \
	what_cannot_be_run_in_another_namespace \
	an_unknown_caller_is_refused \
	it_is_in_the_namespace_that_is_named \
	what_is_given_is_kept \
	a_dry_run_does_nothing \
	bad_input_starts_nothing
