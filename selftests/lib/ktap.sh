# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# KTAP for the shell tests: source this, call ktap_plan if the number of tests is
# known, then check … for each, and ktap_finish as the last command.  A script
# that ends before ktap_finish has failed, whatever it printed.

ktap_planned=0 ktap_passed=0 ktap_failed=0 ktap_skipped=0 ktap_finished=
ktap_log=$(mktemp)

echo "TAP version 13"

# Commands to run when the script ends, however it ends; the last one given
# first, like the defers of other languages.
ktap_cleanups=()
at_exit()
{
	ktap_cleanups=("$*" "${ktap_cleanups[@]}")
}

ktap_exit()
{
	local status=$? cleanup

	for cleanup in "${ktap_cleanups[@]}"; do
		eval "$cleanup" >/dev/null 2>&1
	done
	rm -f "$ktap_log"
	[ -n "$ktap_finished" ] || status=1
	exit "$status"
}
trap ktap_exit EXIT
trap 'exit 1' INT TERM HUP

# ktap_plan N
ktap_plan()
{
	ktap_planned=$1
	echo "1..$1"
}

# Each line of stdin becomes a diagnostic line.
ktap_diag()
{
	sed 's/^/# /'
}

ktap_count()
{
	echo $((ktap_passed + ktap_failed + ktap_skipped))
}

ktap_ok()
{
	ktap_passed=$((ktap_passed + 1))
	echo "ok $(ktap_count) $*"
}

ktap_fail()
{
	ktap_failed=$((ktap_failed + 1))
	echo "not ok $(ktap_count) $*"
}

# ktap_skip NAME WHY
ktap_skip()
{
	ktap_skipped=$((ktap_skipped + 1))
	echo "ok $(ktap_count) $1 # SKIP $2"
}

# ktap_skip_all WHY: ends the script
ktap_skip_all()
{
	echo "1..0 # SKIP $*"
	ktap_finished=y
	exit 4
}

# check NAME CMD [ARG]…: one test.  CMD runs in a subshell under set -e, so a
# function's first failing command fails it; what it printed is shown then.
# Don't put check itself after if, && or ||: the shell turns set -e off there.
check()
{
	local name=$1

	shift
	(
		set -e
		"$@"
	) >"$ktap_log" 2>&1
	# shellcheck disable=SC2181 # "if ( … )" would turn set -e off
	if [ $? -eq 0 ]; then
		ktap_ok "$name"
	else
		ktap_fail "$name"
		ktap_diag <"$ktap_log"
	fi
}

# not CMD [ARG]…: "! CMD" that set -e takes notice of
not()
{
	! "$@"
}

# wait_for WHAT SECONDS CMD [ARG]…: until CMD succeeds, but not longer
wait_for()
{
	local what=$1 deadline=$((SECONDS + $2))

	shift 2
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$deadline" ]; then
			echo "waited in vain for $what" >&2
			return 1
		fi
		sleep 0.05
	done
}

# Prints the totals and ends the script with the status that says them.
ktap_finish()
{
	local count

	ktap_finished=y
	count=$(ktap_count)
	if [ "$ktap_planned" -eq 0 ]; then
		echo "1..$count"
	elif [ "$count" -ne "$ktap_planned" ]; then
		echo "# planned $ktap_planned tests, ran $count"
		ktap_failed=$((ktap_failed + 1))
	fi
	echo "# Totals: pass:$ktap_passed fail:$ktap_failed xfail:0 xpass:0 skip:$ktap_skipped error:0"

	if [ "$ktap_failed" -gt 0 ]; then
		exit 1
	elif [ "$ktap_passed" -eq 0 ]; then
		exit 4
	fi
	exit 0
}
