#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Nothing of ours leaks: see Documentation/leaks.rst.
. "$(dirname "$0")/../lib/traffic.sh"
. "$(dirname "$0")/../subtests.sh"
. "$(dirname "$0")/suite.sh"

leak_topology
at_exit "rmmod ownroute"
results=$(mktemp)
at_exit "rm $results"
subtests 4
for tool in ours guard; do
	for family in 4 6; do
		subtest "$tool, IPv$family" leak_suite $family $tool "$results"
	done
done
ktap_finished=y
exit "$subtest_status"
