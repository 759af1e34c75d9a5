#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "lan", "inbound", and the device's rp_filter: what is made, said, and put back.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
	device eth0 2
	ip route add default dev eth0
	ip route add 198.51.100.0/24 via 10.2.0.254
	ip -6 route add default dev eth0
	sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tun0.rp_filter=0
}

# goes_by DEV ADDR
goes_by()
{
	has "route    unicast $1" ownroute explain uid 1001 to "$2"
}

the_lan_stays_local()
{
	ownroute -q add uid 1001 dev tun0 lan guard
	goes_by "dev eth0" 10.2.0.7
	goes_by "dev eth0" fd00:2::7
	goes_by "via 10.2.0.254 dev eth0" 198.51.100.1
	has "rule     priority 1999 fwmark 0x1000000/0xff000000 lookup 254 suppress_prefixlength 1" \
		ownroute explain uid 1001 to 10.2.0.7
	has "guard    passes" ownroute explain uid 1001 to 10.2.0.7
	goes_by "dev tun0" 203.0.113.1
	goes_by "dev tun0" 2001:db8::1
	nothing_missing
	ownroute -q del uid 1001
	same_state
}

halves_of_everything_are_no_lan()
{
	ip -batch - <<-EOF
		route add 0.0.0.0/1 dev eth0
		route add 128.0.0.0/1 dev eth0
		route add 2000::/4 dev eth0
	EOF
	ownroute -q add uid 1001 dev tun0 lan
	goes_by "dev tun0" 203.0.113.1
	goes_by "dev tun0" 2001:db8::1
	goes_by "dev eth0" 10.2.0.7
}

a_guard_looks_at_the_main_table()
{
	ownroute -q add uid 1001 dev tun0 lan guard
	ip rule del priority 1999
	ip rule del priority 1999
	ip rule del priority 2000
	ip rule del priority 2001
	has "guard    drops the packet, it isn't leaving by tun0" \
		ownroute explain uid 1001 to 203.0.113.1
	has "guard    passes" ownroute explain uid 1001 to 10.2.0.7
	grep -q "missing: IPv4 rule from mark 0x1000000/0xff000000 to the LAN" <(ownroute list)
	grep -q "missing: IPv4 rule from uid 1001 to the LAN" <(ownroute list)
}

what_wg_quick_deletes_is_not_ours()
{
	ip rule add lookup main suppress_prefixlength 0
	ip -6 rule add lookup main suppress_prefixlength 0
	remember_state
	ownroute -q add uid 1001 dev tun0 lan
	ownroute -q del uid 1001
	same_state
	ownroute -q add uid 1001 dev tun0 lan
	# As wg-quick does it.
	while [[ $(ip rule show) == *"from all lookup main suppress_prefixlength 0"* ]]; do
		ip rule delete table main suppress_prefixlength 0
	done
	nothing_missing
}

one_mark_is_not_for_both()
{
	ownroute -q add uid 1001 mark 1 table 200 dev tun0
	remember_state
	refuses 2 "one of them has lan" add uid 1002 mark 1 table 200 dev tun0 lan
	ownroute -q replace id 1 uid 1001 mark 1 table 200 dev tun0 lan
	remember_state
	refuses 2 "mark 0x1 already leads to the LAN for mapping 1" \
		add uid 1002 mark 1 table 200 dev tun0
}

a_strict_filter_is_loosened()
{
	sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.tun0.rp_filter=1
	remember_state
	ownroute -q add uid 1001 dev tun0
	prints 2 sysctl -n net.ipv4.conf.tun0.rp_filter
	prints 1 sysctl -n net.ipv4.conf.all.rp_filter
	ownroute -q add uid 1002 dev tun0
	ownroute -q del uid 1001
	prints 2 sysctl -n net.ipv4.conf.tun0.rp_filter
	ownroute -q del uid 1002
	same_state
	ownroute -q add uid 1001 dev tun0
	sysctl -qw net.ipv4.conf.tun0.rp_filter=1
	grep -q "missing: net.ipv4.conf.tun0.rp_filter=2" <(ownroute list)
	has "set net.ipv4.conf.tun0.rp_filter=2" eval "ownroute export | ownroute --dry-run apply -"
	ownroute export | ownroute -q apply -
	nothing_missing
	ownroute flush
	same_state
}

another_namespaces_filter_is_its_own()
{
	ip netns add lan-$$
	at_exit "ip netns del lan-$$"
	ip -n lan-$$ link add tun0 type dummy
	ip -n lan-$$ link set tun0 up
	ip netns exec lan-$$ sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tun0.rp_filter=1
	ownroute -q -n lan-$$ add uid 1001 dev tun0
	prints 2 ip netns exec lan-$$ sysctl -n net.ipv4.conf.tun0.rp_filter
	same_state
	ownroute -q -n lan-$$ flush
	prints 1 ip netns exec lan-$$ sysctl -n net.ipv4.conf.tun0.rp_filter
}

a_failure_puts_the_filter_back()
{
	ownroute -q add id 5 uid 1001 dev eth0
	sysctl -qw net.ipv4.conf.tun0.rp_filter=1
	remember_state
	refuses 2 "id 5" add id 5 uid 1002 dev tun0
}

inbound_is_kept()
{
	local inbound

	for inbound in back follow; do
		ownroute -q add id 1 uid 1001 mark 0x1 table 200 dev tun0 inbound $inbound
		prints "id 1 priority 1000 uid 1001 mark 0x1 table 200 dev tun0 inbound $inbound" \
			mappings
		silent eval "ownroute export | ownroute apply -"
		ownroute -q flush
		same_state
	done
	refuses 1 "leave nostamp out" add uid 1001 dev tun0 nostamp inbound back
	refuses 1 "give a wider mask" add uid 1001 mark 1/1 dev tun0 inbound back
}

run_tests the_lan_stays_local \
	halves_of_everything_are_no_lan \
	a_guard_looks_at_the_main_table \
	what_wg_quick_deletes_is_not_ours \
	one_mark_is_not_for_both \
	a_strict_filter_is_loosened \
	another_namespaces_filter_is_its_own \
	a_failure_puts_the_filter_back \
	inbound_is_kept
