#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "via": default routes by gateway, in one family or both.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device tun1 2
}

backstop4="unreachable default proto 111 metric 4294967295"
backstop6="unreachable default dev lo proto 111 metric 4294967295 pref medium"

both_families()
{
	prints "id 1 priority 1000 uid 1001 mark 0x1 table 200 via 10.1.0.254 via fd00:1::fe" \
		ownroute add uid 1001 mark 1 table 200 via fd00:1::fe via 10.1.0.254
	has "default via 10.1.0.254 dev tun0 proto 111" ip route show table 200
	has "$backstop4" ip route show table 200
	has "default via fd00:1::fe dev tun0 proto 111 metric 1024 pref medium" \
		ip -6 route show table 200
	has "$backstop6" ip -6 route show table 200
	nothing_missing
	ownroute del id 1
	same_state
}

ipv4_alone_leaves_ipv6_the_backstop()
{
	prints "id 1 priority 1000 uid 1001 mark 0x1 table 200 via 10.1.0.254" \
		ownroute add uid 1001 mark 1 table 200 via 10.1.0.254
	has "default via 10.1.0.254 dev tun0 proto 111" ip route show table 200
	prints "$backstop6" trimmed ip -6 route show table 200
	nothing_missing
	ownroute del id 1
	same_state
}

ipv6_alone_leaves_ipv4_the_backstop()
{
	ownroute add uid 1001 mark 1 table 200 via fd00:1::fe
	has "default via fd00:1::fe dev tun0 proto 111 metric 1024 pref medium" \
		ip -6 route show table 200
	prints "$backstop4" trimmed ip route show table 200
	nothing_missing
}

with_a_device()
{
	prints "id 1 priority 1000 uid 1001 mark 0x1 table 200 dev tun1 via 10.2.0.254 via fe80::1" \
		ownroute add uid 1001 mark 1 table 200 dev tun1 via 10.2.0.254 via fe80::1
	has "default via 10.2.0.254 dev tun1 proto 111" ip route show table 200
	has "default via fe80::1 dev tun1 proto 111 metric 1024 pref medium" \
		ip -6 route show table 200
	nothing_missing
	ownroute del id 1
	same_state
}

with_a_device_and_ipv4_alone()
{
	ownroute add uid 1001 mark 1 table 200 dev tun1 via 10.2.0.254
	has "default via 10.2.0.254 dev tun1 proto 111" ip route show table 200
	prints "$backstop6" trimmed ip -6 route show table 200
}

another_gateway_gets_another_table()
{
	ownroute add uid 1001 via 10.1.0.254
	ownroute add uid 1002 via 10.1.0.253
	ownroute add uid 1003 via 10.1.0.254
	[ "$(ownroute -j list | jq -c 'map(.table)')" = "[20000,20001,20000]" ]
}

a_second_gateway_of_a_family_is_refused()
{
	refuses 1 "via 10.1.0.2" add uid 1001 via 10.1.0.1 via 10.1.0.2
	refuses 1 "via fd00:1::2" add uid 1001 via fd00:1::1 via fd00:1::2
}

what_is_no_gateway_is_refused()
{
	refuses 1 "'gateway'" add uid 1001 via gateway
	refuses 1 "'10.0.0.0/8'" add uid 1001 via 10.0.0.0/8
	refuses 1 "0.0.0.0" add uid 1001 via 0.0.0.0
	refuses 1 "ff02::1" add uid 1001 via ff02::1 dev tun0
	refuses 1 "fe80::1" add uid 1001 via fe80::1
}

# trimmed CMD…: what CMD prints, without spaces at the ends of lines
trimmed()
{
	"$@" | sed 's/[[:space:]]*$//'
}

run_tests both_families \
	ipv4_alone_leaves_ipv6_the_backstop \
	ipv6_alone_leaves_ipv4_the_backstop \
	with_a_device \
	with_a_device_and_ipv4_alone \
	another_gateway_gets_another_table \
	a_second_gateway_of_a_family_is_refused \
	what_is_no_gateway_is_refused
