# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# iptables: as nft-skuid.sh, in its words

tool_there()
{
	iptables -t mangle -L && ip6tables -t mangle -L
}

# both WORD…: in both families
both()
{
	iptables -w "$@" && ip6tables -w "$@"
}

tool_up()
{
	by_table "$table" && by_rule 2000 "$table" fwmark "$mark" &&
		both -t mangle -A OUTPUT -m owner --uid-owner "$owner" -j MARK --set-mark "$mark" &&
		both -t nat -A POSTROUTING -o tun0 -j MASQUERADE
}

tool_down()
{
	both -t mangle -F
	both -t nat -F
	no_way
}

tool_replace()
{
	by_table "$other_table" && by_rule 1999 "$other_table" fwmark "$other_mark" &&
		both -t mangle -R OUTPUT 1 -m owner --uid-owner "$owner" -j MARK --set-mark "$other_mark" &&
		ip rule del priority 2000 && ip -6 rule del priority 2000
}
