# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# ownroute with its guard, by the group of the owner: a closed socket has none but by its stamp

. "$leak_dir/tools/guard.sh"
selector=(gid "$owner")
options=(connmark guard)
