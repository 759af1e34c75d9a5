# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# ownroute with its guard

. "$leak_dir/tools/ours.sh"
options=(guard)

tool_there()
{
	ownroute --dry-run add uid "$owner" dev tun0 guard ||
		[ $? -ne 1 ]
}
