# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# ownroute, without a guard

selector=(uid "$owner" source rule)
options=()

tool_there()
{
	[ -n "${OWNROUTE_KO:-}" ]
}

tool_up()
{
	[ -d /sys/module/ownroute ] || insmod "$OWNROUTE_KO" || return
	ownroute add id 1 "${selector[@]}" mark "$mark" table "$table" dev tun0 "${options[@]}"
}

tool_down()
{
	[ ! -d /sys/module/ownroute ] || ownroute flush
	no_way
}

tool_replace()
{
	ownroute replace id 1 "${selector[@]}" mark "$other_mark" table "$other_table" dev tun0 \
		"${options[@]}"
}
