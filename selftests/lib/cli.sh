# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# For tests of the command: each is a function, and runs in network and mount
# namespaces of its own, with rt_tables files that it may change.  Source this
# first, say in setup() what all tests need, and end with run_tests.

selftests_lib=$(dirname "${BASH_SOURCE[0]}")
if [ -z "${CLI_TEST:-}" ]; then
	. "$selftests_lib/ktap.sh"
else
	. "$selftests_lib/ktap.sh" >/dev/null
fi
. "$selftests_lib/module.sh"

setup()
{
	:
}

# run_tests NAME…: each is the function of this name.  The module is loaded,
# unless the script has set without_module.
run_tests()
{
	local name

	if [ -n "${CLI_TEST:-}" ]; then
		run_this_test
	fi
	ktap_plan $#
	if [ -z "${without_module:-}" ]; then
		module_load
	fi
	for name in "$@"; do
		unload_brought
		CLI_TEST=$name check "${name//_/ }" unshare --net --mount -- "$0"
	done
	ktap_finish
}

# unload_brought: the modules that a test has loaded by its mappings. They are idle when its
# namespace is gone, which takes its time; but what else has been loaded may use conntrack.
unload_brought()
{
	local module

	[ -f /run/ownroute.modules ] || return 0
	for module in ownroute_nat ownroute_connmark; do
		[ ! -d /sys/module/$module ] ||
			wait_for "the last user of $module" 10 rmmod $module
	done
	for module in nf_nat nf_conntrack nf_defrag_ipv6 nf_defrag_ipv4; do
		! grep -qx $module /run/ownroute.modules || rmmod $module 2>/dev/null || :
	done
	rm /run/ownroute.modules
}

# What the script does when it is started again for one test.
run_this_test()
{
	ktap_finished=y
	scratch=$(mktemp -d)
	at_exit "rm -rf $scratch"
	set -e
	cp -a /etc/iproute2/. "$scratch"
	mount -t tmpfs rt_tables /etc/iproute2
	cp -a "$scratch/." /etc/iproute2
	rm -r "${scratch:?}"/*
	ip link set lo up
	setup
	remember_state
	"$CLI_TEST"
	exit
}

# ids WORD…: of the mappings that list shows, in its order
ids()
{
	ownroute -j list "$@" | jq -c 'map(.id)'
}

# device NAME N: carries 10.N.0.0/24 and fd00:N::/64, and nothing that comes and
# goes by itself
device()
{
	ip -batch - <<-EOF
		link add $1 type dummy
		link set $1 addrgenmode none
		address add 10.$2.0.1/24 dev $1
		address add fd00:$2::1/64 dev $1 nodad
		link set $1 up
	EOF
}

# default_by_eth0: the ISP's link, with a gateway in each family
default_by_eth0()
{
	ip -batch - <<-EOF
		link add eth0 type dummy
		address add 192.0.2.17/24 dev eth0
		address add 2001:db8::17/64 dev eth0 nodad
		link set eth0 up
		route add default via 192.0.2.1
		route add default via 2001:db8::1
	EOF
}

# contents FILE VARIABLE: its text, without starting a program: on the debug kernel each costs
# half a second. Fails at a NUL, which no text here has, and no variable can hold.
contents()
{
	! IFS= read -r -d '' "$2" <"$1"
}

# same_files WANTED GOT
same_files()
{
	local wanted got

	if ! contents "$1" wanted || ! contents "$2" got || [ "$wanted" != "$got" ]; then
		diff -u "$1" "$2"
	fi
}

# routing: all that the command may change beside its mappings
routing()
{
	local family file text

	for family in -4 -6; do
		ip $family -batch - <<<$'rule show\nroute show table all'
	done
	for file in /etc/iproute2/rt_tables /etc/iproute2/rt_tables.d/*; do
		[ -f "$file" ] || continue
		contents "$file" text
		echo "$file: $text"
	done
	for file in /proc/sys/net/ipv4/conf/*/{rp_filter,route_localnet,src_valid_mark}; do
		contents "$file" text
		echo "$file: $text"
	done
	while read -r text _; do
		case $text in
		ownroute_* | nf_* | libcrc32c | crc32c_*) echo "module $text" ;;
		esac
	done </proc/modules
}

# mappings: the words of each, without its counters and what is missing of it
mappings()
{
	local line lines

	ownroute list >"$scratch/list"
	mapfile -t lines <"$scratch/list"
	for line in "${lines[@]}"; do
		if [[ $line =~ ^(\ *[0-9]+){5,6}\ \ (.*) ]]; then
			echo "${BASH_REMATCH[2]}"
		fi
	done
}

# state: all that the command may change
state()
{
	routing
	if [ -d /sys/module/ownroute ]; then
		mappings
	fi
}

# remember_state, then same_state
remember_state()
{
	state >"$scratch/before"
}
same_state()
{
	state >"$scratch/after"
	same_files "$scratch/before" "$scratch/after"
}

# prints TEXT CMD…: CMD prints exactly TEXT, and succeeds
prints()
{
	echo "$1" >"$scratch/wanted"
	shift
	"$@" >"$scratch/got"
	same_files "$scratch/wanted" "$scratch/got"
}

# silent CMD…: CMD prints nothing, and succeeds
silent()
{
	"$@" >"$scratch/got" 2>&1
	[ ! -s "$scratch/got" ] || not cat "$scratch/got"
}

# has TEXT CMD…: one of the lines that CMD prints is TEXT, but for spaces at its ends
has()
{
	local text=$1 line lines

	shift
	"$@" >"$scratch/got"
	mapfile -t lines <"$scratch/got"
	for line in "${lines[@]}"; do
		if [[ $line =~ ^[[:space:]]*(.*[^[:space:]])[[:space:]]*$ &&
			${BASH_REMATCH[1]} == "$text" ]]; then
			return 0
		fi
	done
	echo "\"$text\" is not in what $* prints:"
	cat "$scratch/got"
	return 1
}

# lacks PATTERN CMD…: no line that CMD prints matches the regular expression
lacks()
{
	local pattern=$1

	shift
	"$@" >"$scratch/got"
	not grep -e "$pattern" "$scratch/got"
}

# nothing_missing: the mappings have all that they need
nothing_missing()
{
	lacks missing ownroute list
}

# fails STATUS TEXT CMD…: CMD exits with STATUS, prints nothing but one line on
# stderr that has TEXT in it
fails()
{
	local wanted=$1 text=$2 status=0 out err

	shift 2
	"$@" >"$scratch/out" 2>"$scratch/err" || status=$?
	contents "$scratch/out" out
	contents "$scratch/err" err
	echo "$out$err"
	if [ "$status" -ne "$wanted" ]; then
		echo "expected exit status $wanted, got $status"
		return 1
	fi
	[ -z "$out" ]
	local LC_ALL=C	# counts bytes
	[ "${#err}" -le 400 ]
	[[ $err == "ownroute: "*$'\n' ]]
	[[ ${err%$'\n'} != *$'\n'* ]]
	[[ $err == *"$text"* ]]
}

# refuses STATUS TEXT WORD…: "ownroute WORD…" fails so, and changes nothing of
# what setup, or remember_state since then, has left
refuses()
{
	local status=$1 text=$2

	shift 2
	fails "$status" "$text" ownroute "$@"
	same_state
}
