#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The stack's own answers have no owner: they leave by the device whose address they come
# from, if a mapping names it, and go as they came else. Who asks here has an address that
# the main table leads to the ISP.
. "$(dirname "$0")/../lib/traffic.sh"

topology
# Questions to the client's end of the tunnel come from the server's address.
tunnel ip -4 route replace 10.1.2.0/24 dev client1 src "$server4"
tunnel ip -6 route add fd00:1:2::/64 dev client1 src "$server6" metric 1
nft_counter isp IPv4 input ip daddr "$server4"
nft_counter isp IPv6 input ip6 daddr "$server6"
module_load
# Or a guard holds the module.
at_exit "ownroute flush"

client4=10.1.2.2
client6=fd00:1:2::2

# asked_from_the_tunnel WANTED ADDR KIND…
asked_from_the_tunnel()
{
	local wanted=$1

	shift
	expect "$wanted" tunnel who ask "$@" deadline 1000
}

# The question itself comes back.
echo_reply()
{
	asked_from_the_tunnel "${2-???????}" "$1" ping
}

port_unreachable()
{
	asked_from_the_tunnel "${2-ECONNREFUSED}" "$1" udp connect port 8008
}

reset()
{
	asked_from_the_tunnel "${2-ECONNREFUSED}" "$1" tcp port 8008
}

answers=(echo_reply port_unreachable reset)

nothing_at_the_isp()
{
	expect 0 nft_packets isp "$(family "$1")"
}

by_the_tunnel()
{
	nft_reset isp
	"$2" "$1"
	nothing_at_the_isp "$1"
}

by_the_isp()
{
	nft_reset isp
	"$2" "$1" timeout
	not nothing_at_the_isp "$1"
}

not_at_all()
{
	nft_reset isp
	"$2" "$1" timeout
	nothing_at_the_isp "$1"
}

# each WAY WHAT: of both families' answers
each()
{
	local address answer

	for address in "$client4" "$client6"; do
		for answer in "${answers[@]}"; do
			check "$(family "$address"): ${answer//_/ }, $2" \
				"$1" "$address" "$answer"
		done
	done
}

of_the_other_device()
{
	expect "???????" isp who ask 10.1.1.2 ping
	expect ECONNREFUSED isp who ask 10.1.1.2 tcp port 8008
	expect "???????" isp who ask fd00:1:1::2 ping
	expect ECONNREFUSED isp who ask fd00:1:1::2 tcp port 8008
}

counted()
{
	not expect 0 eval "ownroute -j list | jq '.[0].$1'"
}

# A firewall's refusal has no socket at all.
firewall_rejects()
{
	nft -f - <<-EOF
		table inet firewall {
			chain input {
				type filter hook input priority 0
				iifname tun0 tcp dport 8008 reject with tcp reset
				iifname tun0 udp dport 8008 reject
			}
		}
	EOF
}

no_rule()
{
	ip -4 rule del fwmark 1
	ip -6 rule del fwmark 1
}

each by_the_isp "no mapping"

ownroute add uid 1001 mark 1 table 100 dev tun0 >/dev/null
each by_the_tunnel "a mapping with the device"
check "counted as routed again" counted reroutes
check "those from the other device's address" of_the_other_device

# An unnumbered tunnel: the address is that of another device as well.
ip -4 address add "$client4/32" dev eth0
ip -6 address add "$client6/128" dev eth0 nodad
each by_the_isp "the address of two devices"
ip -4 address del "$client4/32" dev eth0
ip -6 address del "$client6/128" dev eth0
each by_the_tunnel "the address of one again"

firewall_rejects
each by_the_tunnel "a firewall rejects"
nft delete table inet firewall

no_rule
each by_the_isp "the rule is deleted"
ownroute flush
ownroute add uid 1001 mark 1 table 100 dev tun0 guard >/dev/null
each by_the_tunnel "a guard"
no_rule
each not_at_all "a guard, the rule is deleted"
check "counted as dropped by the guard" counted guarded

ktap_finish
