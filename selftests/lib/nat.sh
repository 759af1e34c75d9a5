# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Addresses, for tests of mappings that change them.

# ip_of ADDR: as nft calls its family
ip_of()
{
	case $1 in
	*:*) echo ip6 ;;
	*) echo ip ;;
	esac
}

# lend DEV ADDR…: more addresses, until the test ends
lend()
{
	local address

	# shellcheck disable=SC2064 # as they are now
	trap "$(printf "ip address del %s dev $1;" "${@:2}")" EXIT
	for address in "${@:2}"; do
		ip address add "$address" dev "$1"
	done
}
