# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What nft sees of the packets.

# nft_counter NS NAME HOOK MATCH…: count, in namespace NS, what matches at HOOK.
# After the module in "output"; in "postrouting" oifname is the device that a
# packet leaves by.
nft_counter()
{
	local ns=$1 name=$2 hook=$3

	shift 3
	"$ns" nft -f - <<-EOF
		table inet watch {
			counter $name { }
			chain $name {
				type filter hook $hook priority 0
				$* counter name $name
			}
		}
	EOF
}

# nft_stats NS NAME: "PACKETS BYTES"
nft_stats()
{
	local word packets bytes

	while read -r word packets _ bytes; do
		[ "$word" != packets ] || echo "$packets $bytes"
	done < <("$1" nft list counter inet watch "$2")
}

# nft_packets NS NAME
nft_packets()
{
	local stats

	stats=$(nft_stats "$1" "$2")
	echo "${stats% *}"
}

# nft_reset NS: all its counters
nft_reset()
{
	"$1" nft reset counters table inet watch >/dev/null
}

# check_and_clear NAME CMD…: leave no mapping and no counter to the next test
check_and_clear()
{
	check "$@"
	ownroute flush
	nft flush ruleset
}
