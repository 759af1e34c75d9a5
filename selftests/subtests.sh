# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Test programs as subtests of one KTAP stream.

# subtests N: begins a stream of N subtests; after them $subtest_status is 1 if one
# has failed
subtests() {
	subtest_number=0 subtest_status=0
	echo "KTAP version 1"
	echo "1..$1"
}

# subtest NAME COMMAND [ARGUMENT]...: exit status 4 is a skip
subtest() {
	local name=$1 status
	shift
	"$@" </dev/null 2>&1 | sed -u 's/^/  /'
	status=${PIPESTATUS[0]}
	subtest_number=$((subtest_number + 1))
	case $status in
	0) echo "ok $subtest_number $name" ;;
	4) echo "ok $subtest_number $name # SKIP" ;;
	*)
		echo "not ok $subtest_number $name # exit status $status"
		subtest_status=1
		;;
	esac
}

# wanted NAME [PATTERN]...: NAME matches a pattern, or there is none
wanted() {
	local name=$1 pattern
	shift
	[ $# -gt 0 ] || return 0
	for pattern in "$@"; do
		# shellcheck disable=SC2053 # a pattern it is
		[[ $name != $pattern ]] || return 0
	done
	return 1
}
