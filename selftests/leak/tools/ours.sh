# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# ownroute, without a guard

options=()

tool_there()
{
	[ -n "${OWNROUTE_KO:-}" ]
}

# source_rule TABLE: the owner's source addresses are the tunnel's
source_rule()
{
	by_rule 2001 "$1" uidrange "$owner-$owner"
}

tool_up()
{
	[ -d /sys/module/ownroute ] || insmod "$OWNROUTE_KO" || return
	ownroute add id 1 uid "$owner" mark "$mark" table "$table" dev tun0 "${options[@]}" &&
		source_rule "$table"
}

tool_down()
{
	[ ! -d /sys/module/ownroute ] || ownroute flush
	no_way
}

tool_replace()
{
	source_rule "$other_table" &&
		ownroute replace id 1 uid "$owner" mark "$other_mark" table "$other_table" dev tun0 \
			"${options[@]}"
}
