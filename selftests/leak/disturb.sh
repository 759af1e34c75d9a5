# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What the cases ask for: accidents, and what others do. Exit status 4: it makes no
# sense with this tool.

# What sets it right afterwards, a command each
undo=()

# restore: as it was before the case
restore()
{
	local command status=0

	for command in "${undo[@]}"; do
		$command || status=1
	done
	undo=()
	return $status
}

tool_again()
{
	tool_down
	tool_up
}

lose_packets()
{
	tc qdisc add dev tun0 root netem loss 100% && undo+=(keep_packets)
}

keep_packets()
{
	undo=()
	tc qdisc del dev tun0 root
}

force_syn_cookies()
{
	undo+=("sysctl -qw net.ipv4.tcp_syncookies=1")
	sysctl -qw net.ipv4.tcp_syncookies=2
}

# note_guarded: how many packets the guard has dropped by now
note_guarded()
{
	guarded=$(guarded_packets)
	[ -n "$guarded" ]
}

# guarded_more: it has dropped more since then
guarded_more()
{
	[ "$(guarded_packets)" -gt "$guarded" ]
}

guarded_packets()
{
	ownroute -j list id 1 | jq '.[0].guarded'
}

# in_both CMD…: holds with -4 and with -6 after it
in_both()
{
	"$@" -4 && "$@" -6
}

# something CMD…: prints something. no_rules and no_tables say nothing of what they didn't find.
something()
{
	[ -n "$("$@")" ]
}

# rules FAMILY: that lead to the tool's table
rules()
{
	ip "$1" rule show table "$table"
}

# routes FAMILY: in the tool's table
routes()
{
	ip "$1" route show table "$table"
}

delete_route()
{
	undo+=(tool_again)
	ip route del default dev tun0 table "$table" &&
		ip -6 route del default dev tun0 table "$table"
}

flush_table()
{
	undo+=(tool_again)
	in_both something routes && no_tables && in_both not something routes
}

delete_rules()
{
	undo+=(tool_again)
	in_both something rules && no_rules && in_both not something rules
}

# The one that no machine can do without is made again.
flush_rules()
{
	undo+=(foreign_rule tool_again)
	in_both something rules && ip rule flush && ip -6 rule flush &&
		in_both not something rules &&
		ip rule add priority 32766 lookup main && ip -6 rule add priority 32766 lookup main
}

flush_ruleset()
{
	undo+=(tool_again)
	nft flush ruleset
}

delete_device()
{
	undo+=(leak_tunnel tool_again)
	ip link del tun0
}

tunnel_down()
{
	undo+=(tool_again)
	ip link set tun0 down
}

# The kernel has deleted the routes with the device; whoever has it up, has them again.
tunnel_up()
{
	ip link set tun0 up && link_is_up client tun0 && by_table "$table"
}

# on_link N: the networks of case N are on the link to the ISP, and the tunnel's table has a
# gateway, so that a look-up for what is on a link passes it over. The ISP answers for its
# addresses, but in IPv6 not for those of a route.
on_link()
{
	local networks=("198.18.$1.0/24" "$(printf 2001:db8:%x::/48 "$1")")
	local server

	server=$(printf 2001:db8:%x::1 "$1")
	undo+=("ip route del ${networks[0]} dev eth0" "ip -6 route del ${networks[1]} dev eth0"
		"ip neighbour del $server dev eth0" tool_again)
	ip route add "${networks[0]}" dev eth0 && ip route add "${networks[1]}" dev eth0 &&
		ip neighbour add "$server" dev eth0 lladdr "$(isp ip -json link show client1 |
			jq -r '.[0].address')" &&
		ip route replace default via 10.1.2.1 dev tun0 table "$table" &&
		ip -6 route replace default via fd00:1:2::1 dev tun0 table "$table"
}

# With a guard it must be refused.
remove_module()
{
	[ -d /sys/module/ownroute ] || return 4
	undo+=(tool_again)
	if [ ${#options[@]} -eq 0 ]; then
		rmmod ownroute
	else
		not rmmod ownroute
	fi
}

replace()
{
	undo+=(tool_again)
	tool_replace
}
