# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# ip rule uidrange: the route look-up itself asks whose socket it is for

tool_there()
{
	:
}

tool_up()
{
	by_table "$table" && by_rule 2000 "$table" uidrange "$owner-$owner"
}

tool_down()
{
	no_way
}

tool_replace()
{
	by_table "$other_table" && by_rule 1999 "$other_table" uidrange "$owner-$owner" &&
		ip rule del priority 2000 && ip -6 rule del priority 2000
}
