# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# The module, loaded for as long as a test runs.

# module_load: $OWNROUTE_KO, until the script ends
module_load()
{
	if [ -z "${OWNROUTE_KO:-}" ]; then
		ktap_skip_all "OWNROUTE_KO doesn't say which module to test"
	fi
	insmod "$OWNROUTE_KO" || exit 1
	at_exit "rmmod ownroute"
}

# mapping_stats SELECTOR…: "PACKETS BYTES" of the one mapping that this names,
# in the namespace of the caller
mapping_stats()
{
	local packets bytes

	while read -r packets bytes _; do
		[[ ! $packets =~ ^[0-9]+$ ]] || echo "$packets $bytes"
	done < <(ownroute list "$@")
}

# mapping_packets SELECTOR…
mapping_packets()
{
	local stats

	stats=$(mapping_stats "$@")
	echo "${stats% *}"
}
