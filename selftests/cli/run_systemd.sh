#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "ownroute run" where systemd is the init: in a container, whose cgroups are below
# that of this test.
. "$(dirname "$0")/../lib/traffic.sh"

topology
scratch=$(mktemp -d)
at_exit "rm -rf $scratch"

# unit NAME: of stdin
unit()
{
	cat >"$scratch/units/$1"
}

# The units of a container that does nothing but to reach systemd by D-Bus
units()
{
	mkdir "$scratch/units"
	unit bus.target <<-EOF
		[Unit]
		DefaultDependencies=no
		Requires=dbus.service
	EOF
	unit dbus.service <<-EOF
		[Unit]
		DefaultDependencies=no
		[Service]
		Type=notify
		ExecStart=/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation
		Sockets=dbus.socket
	EOF
	unit dbus.socket <<-EOF
		[Unit]
		DefaultDependencies=no
		[Socket]
		ListenStream=/run/dbus/system_bus_socket
	EOF
}

# What is run first in the container
init()
{
	mount -t tmpfs -o mode=755 run /run
	umount /sys/fs/cgroup
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	exec env container=ownroute SYSTEMD_UNIT_PATH="$scratch/units" \
		/lib/systemd/systemd --system --unit=bus.target --log-target=console --show-status=no
}

# boot: $systemd is its PID
boot()
{
	export scratch
	export -f init
	unshare --pid --fork --mount --mount-proc --cgroup bash -c init >"$scratch/log" 2>&1 &
	at_exit "kill -KILL $!"
	wait_for "systemd" 60 find_systemd
	wait_for "D-Bus" 60 inside systemctl is-active dbus.service
}
find_systemd()
{
	systemd=$(pgrep -f "^/lib/systemd/systemd --system --unit=bus.target")
	[ -n "$systemd" ]
}

# inside CMD…: in the container
inside()
{
	nsenter --target "$systemd" --pid --mount --cgroup -- "$@"
}

units
boot
module_load

# run CMD…
run()
{
	inside ownroute run dev tun0 -- "$@"
}

# scopes: of commands, those that have failed, too
scopes()
{
	inside systemctl list-units --all --no-legend --plain 'ownroute-run-*'
}

nothing_left()
{
	[ -z "$(scopes)" ]
	[ -z "$(ownroute list)" ]
	[ -z "$(inside find /sys/fs/cgroup -name 'ownroute-run-*')" ]
}

all_gone()
{
	wait_for "all to go" 10 nothing_left
}

# start CMD…: in the background; $wrapper is its PID here, $scope its unit
start()
{
	inside ownroute run dev tun0 -- "$@" &
	wait_for "the scope" 20 find_scope
	wrapper=$(pgrep -o -f "^ownroute run dev tun0")
}
find_scope()
{
	scope=$(scopes | awk '$3 == "active" { print $1 }')
	[ -n "$scope" ]
}

the_command_is_in_a_scope()
{
	run cat /proc/self/cgroup | grep -x "0::/system.slice/ownroute-run-[0-9]*.scope"
	run ownroute list | grep " cgroup /system.slice/ownroute-run-[0-9]*.scope .* comment 'run: ownroute'"
	all_gone
}

its_packets_go_by_the_device()
{
	expect tunnel run who ask "$server4" udp
	expect tunnel run who ask "$server6" tcp
	expect isp inside who ask "$server4" udp
}

# ended PID
ended()
{
	not kill -0 "$1"
}

its_exit_status_is_passed_on()
{
	local status=0

	run sh -c 'exit 5' || status=$?
	[ "$status" -eq 5 ]
	all_gone
}

what_it_leaves_behind_is_killed()
{
	run sh -c 'setsid sleep 4711 &'
	not pgrep -f "sleep 4711"
	all_gone
}

systemctl_shows_and_stops_it()
{
	start sleep 1000
	[ "$(inside systemctl show -P ControlGroup "$scope")" = "/system.slice/$scope" ]
	[ "$(inside systemctl show -P Description "$scope")" = "Command of ownroute run" ]
	inside systemctl stop "$scope"
	wait_for "the wrapper's end" 10 ended "$wrapper"
	all_gone
}

all_goes_when_the_wrapper_is_killed()
{
	start sh -c 'trap "" TERM; sleep 1000; true'
	kill -KILL "$wrapper"
	all_gone
}

two_at_once()
{
	run ownroute run block -- ownroute list >"$scratch/list"
	[ "$(grep -c " cgroup /system.slice/ownroute-run-" "$scratch/list")" -eq 2 ]
	all_gone
}

nothing_is_left_of_what_is_refused()
{
	local status=0

	inside ownroute run dev tun9 -- touch "$scratch/touched" 2>"$scratch/said" || status=$?
	[ "$status" -eq 1 ]
	grep tun9 "$scratch/said"
	not test -e "$scratch/touched"
	all_gone
}

a_dry_run_names_the_scope()
{
	inside ownroute --dry-run run dev tun0 -- true |
		grep -x "cgroup add /system.slice/ownroute-run-[0-9]*.scope"
	nothing_left
}

without_d_bus_it_says_so()
{
	local status=0

	inside mv /run/dbus/system_bus_socket /run/dbus/away
	run touch "$scratch/touched" 2>"$scratch/said" || status=$?
	inside mv /run/dbus/away /run/dbus/system_bus_socket
	[ "$status" -eq 2 ]
	[ "$(wc -l <"$scratch/said")" -eq 1 ]
	grep "start dbus" "$scratch/said"
	not test -e "$scratch/touched"
	nothing_left
}

for test in the_command_is_in_a_scope its_packets_go_by_the_device its_exit_status_is_passed_on \
	what_it_leaves_behind_is_killed systemctl_shows_and_stops_it \
	all_goes_when_the_wrapper_is_killed two_at_once nothing_is_left_of_what_is_refused \
	a_dry_run_names_the_scope without_d_bus_it_says_so; do
	check "${test//_/ }" $test
done
ktap_finish
