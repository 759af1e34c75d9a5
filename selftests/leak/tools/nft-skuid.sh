# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# nftables: packets of the owner's sockets get a mark; NAT gives them their address

tool_there()
{
	nft list ruleset
}

nft_rules() # MARK
{
	nft -f - <<-EOF
		table inet leak
		delete table inet leak
		table inet leak {
			chain output {
				type route hook output priority mangle
				meta skuid $owner meta mark set $1
			}
			chain postrouting {
				type nat hook postrouting priority srcnat
				oifname "tun0" masquerade
			}
		}
	EOF
}

tool_up()
{
	by_table "$table" && by_rule 2000 "$table" fwmark "$mark" && nft_rules "$mark"
}

tool_down()
{
	nft delete table inet leak
	no_way
}

tool_replace()
{
	by_table "$other_table" && by_rule 1999 "$other_table" fwmark "$other_mark" &&
		nft_rules "$other_mark" &&
		ip rule del priority 2000 && ip -6 rule del priority 2000
}
