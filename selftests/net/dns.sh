#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Questions to port 53 go to the mapping's name server, by the tunnel, whomever they were for.
. "$(dirname "$0")/../lib/traffic.sh"
. "$(dirname "$0")/../lib/nat.sh"

resolver4=10.1.2.1
resolver6=fd00:1:2::1

topology
way 1/0xf tun0 100
serve tunnel resolver port 53 $resolver4 $resolver6
serve tunnel tunnel port 53 "$server4" "$server6"
serve isp isp port 53 10.1.1.1 fd00:1:1::1 "$server4" "$server6"
serve client stub port 53 127.0.0.53 ::1 10.1.1.2 fd00:1:1::2
module_load
at_exit "ownroute flush"

# Who is asked: at the ISP, in the LAN, here
far=("$server4" "$server6" 10.1.1.1 fd00:1:1::1)
here4=(127.0.0.53 10.1.1.2)
here6=(::1 fd00:1:1::2)
here=("${here4[@]}" "${here6[@]}")

# asked NAME UID ADDR [OPTION]…: NAME answers that user's questions to port 53 there
asked()
{
	answered "$1" "$3" udp port 53 uid "$2" "${@:4}"
	answered "$1" "$3" tcp port 53 uid "$2" "${@:4}"
}

redirect()
{
	ownroute -q add uid 1001 mark 1/0xf table 100 dev tun0 dns $resolver4 dns $resolver6 "$@"
}

redirected()
{
	redirect
	asked resolver 1001 "$1"
}

# One flow of several packets
connected()
{
	redirect
	answered "resolver resolver resolver" "$1" udp connect port 53 uid 1001 count 3
	answered "resolver resolver resolver" "$1" tcp port 53 uid 1001 count 3
}

others()
{
	redirect
	case " ${here[*]} " in
	*" $1 "*) asked stub 1002 "$1" ;;
	*) asked isp 1002 "$1" ;;
	esac
}

# leave_with SOURCE4 SOURCE6 ADDR: questions to ADDR leave with the source of their family
leave_with()
{
	tunnel nft flush ruleset
	nft_counter tunnel wrong input th dport 53 ip saddr != "$1"
	nft_counter tunnel wrong6 input th dport 53 ip6 saddr != "$2"
	asked resolver 1001 "$3"
	expect 0 nft_packets tunnel wrong
	expect 0 nft_packets tunnel wrong6
}

# Nothing but the redirection changes them.
sources()
{
	redirect source keep
	leave_with 10.1.2.2 fd00:1:2::2 "$1"
}

fixed_sources()
{
	lend tun0 10.1.2.7 fd00:1:2::7
	redirect source 10.1.2.7 source fd00:1:2::7
	leave_with 10.1.2.7 fd00:1:2::7 "$1"
}

guarded()
{
	redirect guard
	asked resolver 1001 "$1"
	ownroute flush
}

of_a_group()
{
	local kind

	ownroute -q add gid 2001 mark 1/0xf table 100 dev tun0 dns $resolver4 dns $resolver6
	for kind in udp tcp; do
		expect resolver setpriv --regid 2001 --clear-groups \
			who ask "$1" $kind port 53
	done
}

# Nobody else answers, here or at the ISP.
without_the_tunnel()
{
	local option

	redirect
	ip link set tun0 down
	answered EHOSTUNREACH "$1" udp port 53 uid 1001
	ip link set tun0 up
	for option in -4 -6; do
		ip $option route replace default dev tun0 table 100
	done
	link_is_up client tun0
	wait_for "the tunnel" 10 asked resolver 1001 "$1"
}

drops()
{
	ownroute -j list | jq '.[].drops'
}

# refused DNS ADDR: there is a name server in the other family only
refused()
{
	ownroute -q add uid 1001 mark 1/0xf table 100 dev tun0 dns "$1"
	answered EPERM "$2" udp port 53 uid 1001
	expect 1 drops
	answered timeout "$2" tcp port 53 uid 1001 deadline 300
	asked stub 1002 "$2"
}

# unredirected DNS ADDR: … and where nobody here is asked, it goes as all else does
unredirected()
{
	ownroute -q add uid 1001 mark 1/0xf table 100 dev tun0 dns "$1"
	asked tunnel 1001 "$2"
}

# A mapping in front that doesn't mark
exempt()
{
	redirect
	ownroute add uid 1001 bypass priority 10
	asked stub 1001 "$1"
}

other_ports()
{
	redirect
	nft_counter client lo input iif lo udp dport 8011 meta mark 0
	who flood "$1" udp uid 1001 count 1 port 8011
	expect 1 nft_packets client lo
}

after_del()
{
	ownroute -q add uid 1003 mark 2/0xf dev tun0 dns $resolver4 dns $resolver6
	redirect
	asked resolver 1001 "$1"
	ownroute del uid 1001
	asked stub 1001 "$1"
}

# One that nft would send elsewhere
beside_nft()
{
	nft -f - <<-END
		table inet other {
			chain destination {
				type nat hook output priority -100
				udp dport 53 redirect to :7
			}
		}
	END
	redirect
	answered resolver "$1" udp port 53 uid 1001
}

# What conntrack doesn't see NAT can't send elsewhere.
untracked()
{
	nft -f - <<-END
		table inet other {
			chain untracked {
				type filter hook output priority raw
				udp dport 53 notrack
			}
		}
	END
	redirect
	answered EPERM "$1" udp port 53 uid 1001
	expect 1 drops
	answered stub "$1" udp port 53 uid 1002
}

# from_outside EXPECTED: what comes in by the tunnel to the stub
from_outside()
{
	nft_counter client in input iifname tun0 udp dport 8011
	tunnel who flood 127.0.0.53 udp count 1 port 8011
	expect "$1" nft_packets client in
	nft flush ruleset
}

# As long as the far end has loopback addresses itself, it sends none of them here.
to_loopback()
{
	sysctl -qw net.ipv4.conf.tun0.route_localnet=1
	tunnel ip address flush dev lo
	tunnel ip route add 127.0.0.53 via 10.1.2.2 src 10.1.2.1
	from_outside 1
	redirect
	from_outside 0
}

for address in "${far[@]}" "${here[@]}"; do
	for test in redirected connected others sources fixed_sources guarded of_a_group; do
		check_and_clear "to $address: ${test//_/ }" $test "$address"
	done
done
for address in "${here[@]}"; do
	for test in exempt other_ports after_del beside_nft untracked \
		without_the_tunnel; do
		check_and_clear "to $address: ${test//_/ }" $test "$address"
	done
done
for address in "${here4[@]}"; do
	check_and_clear "to $address: refused" refused $resolver6 "$address"
done
for address in "${here6[@]}"; do
	check_and_clear "to $address: refused" refused $resolver4 "$address"
done
check_and_clear "to $server4: not redirected" unredirected $resolver6 "$server4"
check_and_clear "to $server6: not redirected" unredirected $resolver4 "$server6"
check_and_clear "from outside to 127.0.0.53" to_loopback

ktap_finish
