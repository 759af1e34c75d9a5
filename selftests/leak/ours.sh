#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Nothing of ours leaks: see Documentation/leaks.rst.
here=$(dirname "$0")
. "$here/../subtests.sh"

subtests 4
for tool in ours guard; do
	for family in 4 6; do
		subtest "$tool, IPv$family" "$here/run-tool" $family $tool /dev/null
	done
done
exit "$subtest_status"
