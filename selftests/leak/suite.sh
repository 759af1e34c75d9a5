# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What the leak suite needs around it: the topology, the tool that is looked at, and what
# the cases ask for. Needs traffic.sh.

leak_dir=$(dirname "${BASH_SOURCE[0]}")
. "$leak_dir/tools/peer.sh"
. "$leak_dir/disturb.sh"

# The owner, as in leak.h; the mark and the table of the tool, and others to replace them by
owner=1001
mark=0x1111 table=200
other_mark=0x3333 other_table=201
# Somebody else's, as in steer_cases.c
foreign_mark=0x2222

# leak_far_end NS: it has an address for each case
leak_far_end()
{
	"$1" sysctl -qw net.ipv4.ip_nonlocal_bind=1 net.ipv6.ip_nonlocal_bind=1
	"$1" ip -batch - <<-EOF
		route add local 198.18.0.0/16 dev lo
		route add local 2001:db8::/32 dev lo
	EOF
}

# leak_tunnel: tun0 and what it leads to. A tunnel has no neighbours that a packet waits for, so
# this one sends all to the address that both its ends have.
leak_tunnel()
{
	join client 1 tun0 tunnel 2
	ip link set tun0 gso_max_segs 1 address 02:00:00:00:02:00 arp off
	tunnel ip link set client1 address 02:00:00:00:02:00 arp off
	link_is_up client tun0
}

# foreign_rule: somebody else's
foreign_rule()
{
	ip rule add priority 100 fwmark "$foreign_mark" lookup main &&
		ip -6 rule add priority 100 fwmark "$foreign_mark" lookup main
}

# leak_topology: that of topology.sh, without its servers. Devices send the packets that are
# counted, not larger ones to be split later.
leak_topology()
{
	netns_ready client
	far_end isp
	far_end tunnel
	join client 1 eth0 isp 1
	ip link set eth0 gso_max_segs 1
	default_route client 1
	leak_tunnel
	link_is_up client eth0
	leak_far_end isp
	leak_far_end tunnel
	foreign_rule
	sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
}

# answer_requests: those that leak(1) writes; see ask.c
answer_requests()
{
	local request status

	while read -r -a request; do
		"${request[@]}" >"$ktap_log" 2>&1 </dev/null
		status=$?
		[ $status -eq 0 ] || [ $status -eq 4 ] || ktap_diag <"$ktap_log" >&2
		echo $status
	done
}

# leak_suite FAMILY TOOL RESULTS: the cases, as a KTAP stream
leak_suite()
{
	local status pipes

	# shellcheck source=/dev/null
	. "$leak_dir/tools/$2.sh"
	if ! tool_there >/dev/null 2>&1; then
		echo "KTAP version 1"
		echo "1..0 # SKIP there is no $2 here"
		return 4
	fi
	tool_up >/dev/null || return 1
	pipes=$(mktemp -d)
	mkfifo "$pipes"/{requests,answers}
	answer_requests <"$pipes/requests" >"$pipes/answers" &
	ISP_NETNS=/run/netns/isp-$$ TUNNEL_NETNS=/run/netns/tunnel-$$ \
		leak "$1" "$2" "$3" \
		5>"$pipes/requests" 4<"$pipes/answers"
	status=$?
	wait $!
	rm -r "$pipes"
	tool_down
	return $status
}
