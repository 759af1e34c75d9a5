# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What a user expects of a tunnel, whatever carries it.  Source this instead of
# traffic.sh.
#
#	┌───────────────────────── client ─────────────────────────┐
#	│            eth0                              vpn0        │
#	│  10.1.1.2/24 fd00:1:1::2/64        10.9.0.N fd00:9::N    │
#	└───────────┬─────────────────────────────────┬────────────┘
#	            │ default route                   ┊ in packets to the ISP
#	┌───────────┴─── isp ────────────┐  ┌─────────┴─ tunnel ───┐
#	│          client1               │  │        vpn0          │
#	│  10.1.1.1/24 fd00:1:1::1/64    │  │  10.9.0.1 fd00:9::1  │
#	│  203.0.113.1 2001:db8::1       ├┄┄┤  203.0.113.1 …       │
#	│  who serve isp; VPN server     │  │  who serve tunnel    │
#	└────────────────────────────────┘  └──────────────────────┘
#
# The server's end of the tunnel is moved to where the answer is "tunnel".  What uid
# 1001 sends is to go by vpn0.  The tunnel knows the client by the address that it
# gave it, and no other: neither side rewrites addresses.

. "$(dirname "${BASH_SOURCE[0]}")/traffic.sh"

hook=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../../tools/openvpn-up")
# Megabytes of what is sent and received: once by each kind of tunnel, and else
long_transfer=${E2E_MB:-100}
short_transfer=4
# What is sent there is summed up, and from here a file comes.
sums_port=9000
file_port=9001
addresses=("$server4" "$server6")
scratch=$(mktemp -d)
chmod a+rx "$scratch"
at_exit "rm -r $scratch"

# system: all that the command may change beside its mappings
system()
{
	local family

	for family in -4 -6; do
		ip $family rule show
		ip $family route show table all
	done
	sysctl -a -r '^net\.ipv[46]\.conf\.' 2>/dev/null
	cat /etc/iproute2/rt_tables /etc/iproute2/rt_tables.d/* 2>/dev/null
}

# remember_system, then same_system
remember_system()
{
	system >"$scratch/before"
}
same_system()
{
	system | diff -u "$scratch/before" -
}

# e2e_topology: the drawing, without the tunnel
e2e_topology()
{
	local ns address

	isp_alone
	far_end tunnel
	for address in "${addresses[@]}"; do
		tunnel ip address add "$address" dev lo
	done
	serve tunnel tunnel "${addresses[@]}"
	head -c "${long_transfer}MB" /dev/urandom >"$scratch/file"
	for ns in isp tunnel; do
		# Who answers is a name server, too.
		$ns nft -f - <<-EOF
			table inet names {
				chain names {
					type nat hook prerouting priority dstnat
					meta nfproto ipv4 meta l4proto { tcp, udp } th dport 53 dnat ip to $server4:7
					meta nfproto ipv6 meta l4proto { tcp, udp } th dport 53 dnat ip6 to [$server6]:7
				}
			}
		EOF
		background $ns socat -b 65536 -t 60 "TCP6-LISTEN:$sums_port,fork,reuseaddr,ipv6only=0" EXEC:cksum 2>/dev/null
		background $ns socat -b 65536 -t 60 "TCP6-LISTEN:$file_port,fork,reuseaddr,ipv6only=0" \
			"SYSTEM:read size; head -c \$size $scratch/file" 2>/dev/null
	done
	nft_counter isp user4 prerouting "ip daddr $server4"
	nft_counter isp user6 prerouting "ip6 daddr $server6"
	# As it is hardened: a tunnel's answers would be dropped.
	sysctl -qw net.ipv4.conf.{all,default,eth0}.rp_filter=1
	module_load
	# Or a guard holds the module.
	at_exit "ownroute flush"
}

# tunnel_end_up: of the server's device, which is where the tunnel ends
tunnel_end_up()
{
	tunnel ip -batch - <<-END
		address add 10.9.0.1/24 dev vpn0
		address add fd00:9::1/64 dev vpn0 nodad
		link set vpn0 up
	END
}

# background NS CMD…: until the script ends; $background_pid may be killed before
background()
{
	within "/run/netns/$1-$$" "${@:2}" &
	background_pid=$!
	at_exit "kill $!"
}

# "${as_user[@]}" CMD…: uid 1001's.  A function's process couldn't be killed.
as_user=(setpriv --reuid 1001 --regid 1001 --clear-groups)

# The user by the tunnel, another by the ISP, whatever they send
each_its_way()
{
	local address kind

	for address in "${addresses[@]}"; do
		for kind in udp tcp ping "udp port 53" "tcp port 53"; do
			# shellcheck disable=SC2086 # words
			answered tunnel "$address" $kind uid 1001 deadline 5000
			# shellcheck disable=SC2086
			answered isp "$address" $kind uid 1002
		done
	done
}

# up ADDR MB, down ADDR MB: all arrives, without ten seconds in which nothing happens
up()
{
	expect "$(checksum "$2")" eval \
		"head -c $2MB $scratch/file | transfer $(bracketed "$1"):$sums_port"
}
down()
{
	expect "$(checksum "$2")" eval \
		"echo $2MB | transfer $(bracketed "$1"):$file_port | cksum"
}
up_and_down()
{
	up "$@"
	down "$@"
}
checksum()
{
	head -c "$1MB" "$scratch/file" | cksum
}
transfer()
{
	"${as_user[@]}" socat -b 65536 -T 10 -t 60 - "TCP:$1"
}

# leaks_nothing CMD…: nothing of the user comes to the ISP meanwhile
leaks_nothing()
{
	nft_reset isp
	"$@"
	expect "0 0" eval "nft_packets isp user4; nft_packets isp user6"
}

# goes_nowhere UDP [TCP]: what the user's sockets say then; another's packets go as ever
goes_nowhere()
{
	local address

	for address in "${addresses[@]}"; do
		leaks_nothing answered "$1" "$address" udp uid 1001
		leaks_nothing answered "${2:-$1}" "$address" tcp uid 1001 deadline 500
		answered isp "$address" udp uid 1002
	done
}

# busy: the user's programs send and receive all the time, connect anew where they must,
# until end_busy
busy()
{
	local address

	busy_pids=()
	for address in "${addresses[@]}"; do
		# As fast as the others let them
		nice -n 19 who flood "$address" udp uid 1001 count 0 >/dev/null &
		busy_pids+=($!)
		nice -n 19 who flood "$address" tcp uid 1001 count 0 deadline 1000 >/dev/null &
		busy_pids+=($!)
		address=$(bracketed "$address")
		"${as_user[@]}" socat -u OPEN:/dev/zero "TCP:$address:$sums_port" &
		busy_pids+=($!)
		echo "${long_transfer}MB" | "${as_user[@]}" socat -t 60 - "TCP:$address:$file_port" >/dev/null &
		busy_pids+=($!)
	done
}

end_busy()
{
	kill "${busy_pids[@]}" 2>/dev/null || :
	wait "${busy_pids[@]}" || :
}

# explained TEXT ADDR: a line of what explain says, spaces made one
explained()
{
	ownroute explain uid 1001 to "$2" | tr -s ' ' | tee "$scratch/explained"
	grep -qx "$1" "$scratch/explained"
}
both_explained()
{
	local address

	for address in "${addresses[@]}"; do
		explained "$1" "$address"
	done
}

# missing N: so many things are, list says
missing()
{
	ownroute list
	expect "$1" eval "ownroute list | grep -c missing: || :"
}

# no_rules_of_ours, no_routes_of_ours: as systemd-networkd and NetworkManager do with what
# they don't know
no_rules_of_ours()
{
	local family

	for family in -4 -6; do
		while ip $family rule del protocol 111 2>/dev/null; do :; done
	done
}

no_routes_of_ours()
{
	local family

	for family in -4 -6; do
		ip $family route show table all proto 111 | while read -r words; do
			# shellcheck disable=SC2086 # words
			ip $family route del $words
		done
	done
}

works_again()
{
	ownroute repair
	missing 0
	expect "" ownroute repair
	each_its_way
	both_explained "guard passes"
	both_explained "route unicast dev vpn0"
}

# deleted N CMD…: it deletes N things of ours; the guard holds, and repair mends it
deleted()
{
	"${@:2}"
	missing "$1"
	both_explained "guard drops the packet, it isn't leaving by vpn0"
	goes_nowhere EPERM timeout
	works_again
}

nothing_of_ours()
{
	no_routes_of_ours
	no_rules_of_ours
}

device_gone()
{
	not ip link show vpn0
	missing 3
	both_explained 'route unreachable, senders get "No route to host"'
	goes_nowhere EHOSTUNREACH
	not ownroute repair dev vpn0
}

# unguarded CMD…: with a mapping that has no guard
unguarded()
{
	local words

	words=$(ownroute list | sed -n 's/.*  id 1 .* \(dev vpn0\).*\(comment.*\)/\1 \2/p')
	eval "ownroute replace id 1 uid 1001 ${words:-dev vpn0}"
	"$@"
	eval "ownroute replace id 1 uid 1001 ${words:-dev vpn0} guard"
}

# It is for a guard to hold this, and explain says so.
deleted_without_guard()
{
	no_rules_of_ours
	missing 6
	both_explained "route unicast via .* dev eth0"
	answered isp "$server4" udp uid 1001
	answered isp "$server6" udp uid 1001
	ownroute repair
	missing 0
	each_its_way
}

# Others are at work while the tunnel is up.
check_disturbances()
{
	check "rules deleted" deleted 4 no_rules_of_ours
	check "routes deleted" deleted 4 no_routes_of_ours
	check "rules and routes deleted" deleted 8 nothing_of_ours
	check "rules deleted, and no guard" unguarded deleted_without_guard
}

# With rules of others beside ours, those of wg-quick for example
del_is_exact()
{
	local family

	ownroute flush
	for family in -4 -6; do
		ip $family rule add not fwmark 51820 table 51820
		ip $family rule add table main suppress_prefixlength 0
	done
	system >"$scratch/with"
	ownroute add uid 1001 dev vpn0 guard
	ownroute add uid 1003 dev vpn0 table torrents
	not eval "system | diff -q $scratch/with - >/dev/null"
	ownroute del uid 1003
	ownroute del uid 1001
	system | diff -u "$scratch/with" -
	for family in -4 -6; do
		ip $family rule del not fwmark 51820 table 51820
		ip $family rule del table main suppress_prefixlength 0
	done
}
