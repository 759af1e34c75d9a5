#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Nothing leaks of an owner who is known by a group alone, either.
here=$(dirname "$0")
. "$here/../subtests.sh"

subtests 2
for family in 4 6; do
	subtest "gid, IPv$family" "$here/run-tool" $family gid /dev/null
done
exit "$subtest_status"
