#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a machine forwards for others belongs to none of its users.
. "$(dirname "$0")/../lib/traffic.sh"

topology
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
nft_counter client forwarded forward iifname tun0 meta mark 0
# Were they marked, they would go back where they came from.
way 1 tun0 100
module_load
ownroute add uid 0-4294967294 mark 1 >/dev/null

# Through the client to the ISP's own addresses
forwarded()
{
	local kind

	for kind in udp tcp raw ping; do
		expect "isp isp" tunnel who ask "$1" $kind uid 1001 count 2
	done
	not expect 0 nft_packets client forwarded
	expect "0 0" mapping_stats id 1
}

check "IPv4" forwarded 10.1.1.1
check "IPv6" forwarded fd00:1:1::1
check "IPv4: its own are another matter" answered tunnel "$server4" udp uid 1001
check "IPv6: its own are another matter" answered tunnel "$server6" udp uid 1001

# As the tunnel's address, which the stack's own answers leave by the tunnel from
masqueraded()
{
	expect "isp isp" tunnel who ask "$1" tcp count 2
	not expect 0 nft_packets isp masqueraded
}

ownroute flush
ownroute add uid 0-4294967294 mark 1 table 100 dev tun0 guard >/dev/null
at_exit "ownroute flush"
nft -f - <<-EOF
	table inet nat {
		chain postrouting {
			type nat hook postrouting priority srcnat
			oifname eth0 ip saddr 10.1.2.1 snat ip to 10.1.2.2
			oifname eth0 ip6 saddr fd00:1:2::1 snat ip6 to fd00:1:2::2
		}
	}
EOF
nft_counter isp masqueraded input ip saddr 10.1.2.2
nft_counter isp masqueraded input ip6 saddr fd00:1:2::2
check "IPv4: a guard is none of their business" masqueraded 10.1.1.1
nft_reset isp
check "IPv6: a guard is none of their business" masqueraded fd00:1:1::1

ktap_finish
