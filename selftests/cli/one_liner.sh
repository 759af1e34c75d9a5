#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What "ownroute add uid 1001 mark 0x1111 table 200 dev tun0" makes, and that del
# takes away exactly that.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device tun1 2
}

add_it()
{
	ownroute add uid 1001 mark 0x1111 table 200 dev tun0
}

add_prints_the_mapping()
{
	prints "id 1 priority 1000 uid 1001 mark 0x1111 table 200 dev tun0" add_it
}

add_makes_a_rule_in_both_families()
{
	add_it
	has "2000:	from all fwmark 0x1111 lookup 200 proto 111" ip rule show
	has "2000:	from all fwmark 0x1111 lookup 200 proto 111" ip -6 rule show
	has "2001:	from all uidrange 1001-1001 lookup 200 proto 111" ip rule show
	has "2001:	from all uidrange 1001-1001 lookup 200 proto 111" ip -6 rule show
	has "1999:	from all fwmark 0xff000000 lookup main proto 111" ip rule show
	has "1999:	from all fwmark 0xff000000 lookup main proto 111" ip -6 rule show
}

add_makes_a_route_and_a_backstop_in_both_families()
{
	add_it
	has "default dev tun0 proto 111 scope link" ip route show table 200
	has "unreachable default proto 111 metric 4294967295" ip route show table 200
	has "default dev tun0 proto 111 metric 1024 pref medium" ip -6 route show table 200
	has "unreachable default dev lo proto 111 metric 4294967295 pref medium" \
		ip -6 route show table 200
}

add_leaves_an_ipv6_route_out_where_the_device_has_no_ipv6()
{
	device tun2 3
	sysctl -qw net.ipv6.conf.tun2.disable_ipv6=1
	ownroute add uid 1001 table 200 dev tun2
	has "default dev tun2 proto 111 scope link" ip route show table 200
	has "unreachable default dev lo proto 111 metric 4294967295 pref medium" \
		ip -6 route show table 200
	lacks tun2 ip -6 route show table 200
	nothing_missing
}

list_shows_what_add_printed()
{
	prints "$(add_it)" mappings
	nothing_missing
}

# del_restores PREPARE: what PREPARE leaves is the same after add and del
del_restores()
{
	"$1"
	remember_state
	add_it
	not same_state >/dev/null
	silent ownroute del uid 1001
	same_state
}

nothing()
{
	:
}

del_takes_all_away()
{
	del_restores nothing
}

add_and_del_again_and_again()
{
	del_restores nothing
	del_restores nothing
	del_restores nothing
}

foreign()
{
	ip rule add fwmark 0x3333 lookup 300 priority 500
	ip -6 rule add fwmark 0x3333 lookup 300 priority 500
	ip rule add fwmark 0xff000000 lookup 300 priority 501
	ip rule add fwmark 0x2222 lookup 200 priority 2000
	ip route add default dev tun1 table 300
	ip route add 192.0.2.0/24 dev tun1 table 200
	ip route add default dev tun1 metric 2000 table 200
	ip -6 route add 2001:db8::/32 dev tun1 table 200
	ip -6 route add default dev tun1 metric 2000 table 200
	echo "200 theirs" >/etc/iproute2/rt_tables.d/theirs.conf
}

del_leaves_what_is_foreign()
{
	del_restores foreign
}

identical()
{
	local family

	for family in -4 -6; do
		ip $family rule add fwmark 0x1111 lookup 200 priority 2000
		ip $family rule add uidrange 1001-1001 lookup 200 priority 2001
		ip $family route add default dev tun0 table 200
		ip $family route add unreachable default metric 4294967295 table 200
	done
}

del_leaves_what_is_foreign_and_identical()
{
	del_restores identical
}

add_makes_no_second_of_what_is_there()
{
	identical
	routing >"$scratch/before"
	add_it
	# The rule for answers to the outside has a mark that nobody uses.
	routing | grep -v "^1999:" | diff -u "$scratch/before" -
	nothing_missing
}

run_tests add_prints_the_mapping \
	add_makes_a_rule_in_both_families \
	add_makes_a_route_and_a_backstop_in_both_families \
	add_leaves_an_ipv6_route_out_where_the_device_has_no_ipv6 \
	list_shows_what_add_printed \
	del_takes_all_away \
	add_and_del_again_and_again \
	del_leaves_what_is_foreign \
	del_leaves_what_is_foreign_and_identical \
	add_makes_no_second_of_what_is_there
