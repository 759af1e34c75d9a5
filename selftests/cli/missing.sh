#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a mapping needs and somebody took away is shown, and del copes with it.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
}

add_it()
{
	ownroute -q add uid 1001 mark 0x1111 table 200 dev tun0
	nothing_missing
}

# shows_missing TEXT…: exactly these, in any order
shows_missing()
{
	printf '%s\n' "$@" | sort >"$scratch/wanted"
	ownroute list | sed -n 's/^    missing: //p' | sort | diff -u "$scratch/wanted" -
	ownroute -j list | jq -r '.[0].missing[]' | sort | diff -u "$scratch/wanted" -
}

a_rule()
{
	add_it
	ip -6 rule del fwmark 0x1111
	shows_missing "IPv6 rule from mark 0x1111 to table 200"
	ip rule del fwmark 0x1111
	shows_missing "IPv6 rule from mark 0x1111 to table 200" \
		"IPv4 rule from mark 0x1111 to table 200"
}

a_rule_for_the_uid()
{
	add_it
	ip rule del uidrange 1001-1001
	shows_missing "IPv4 rule from uid 1001 to table 200"
}

a_route()
{
	add_it
	ip route del default dev tun0 table 200
	shows_missing "IPv4 default route in table 200"
	# flush spares this backstop, see iproute2's print_route()
	ip -6 route flush table 200
	ip -6 route del unreachable default metric 4294967295 table 200
	shows_missing "IPv4 default route in table 200" "IPv6 default route in table 200" \
		"IPv6 backstop in table 200"
}

a_route_that_leads_elsewhere()
{
	add_it
	device tun1 2
	ip route replace default dev tun1 table 200
	shows_missing "IPv4 default route in table 200"
}

a_tunnel_that_is_down()
{
	add_it
	ip link set tun0 down
	shows_missing "IPv4 default route in table 200" "IPv6 default route in table 200"
	has "unreachable default proto 111 metric 4294967295" ip route show table 200
}

a_tunnel_that_is_gone()
{
	add_it
	ip link del tun0
	shows_missing "device tun0" "IPv4 default route in table 200" \
		"IPv6 default route in table 200"
}

mess()
{
	ip link del tun0
	ip rule del fwmark 0x1111
	ip -6 route flush table 200
}

del_copes()
{
	add_it
	mess
	silent ownroute del uid 1001
	nothing_left
}

flush_copes()
{
	add_it
	mess
	silent ownroute flush
	nothing_left
}

nothing_left()
{
	lacks "proto 111" routing
	silent mappings
}

run_tests a_rule \
	a_rule_for_the_uid \
	a_route \
	a_route_that_leads_elsewhere \
	a_tunnel_that_is_down \
	a_tunnel_that_is_gone \
	del_copes \
	flush_copes
