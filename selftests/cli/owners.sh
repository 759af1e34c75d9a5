#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Whose packets go where, as the command was told: by group, by cgroup, by all
# together, with exceptions and with bans, in both families.
. "$(dirname "$0")/../lib/traffic.sh"

cgroup=/owners-$$

topology
module_load
mkdir -p "/sys/fs/cgroup$cgroup/x/y"
at_exit "rmdir /sys/fs/cgroup$cgroup/x/y /sys/fs/cgroup$cgroup/x /sys/fs/cgroup$cgroup"

# goes WAY CMD…: so is answered what "CMD… who" asks
goes()
{
	local way=$1

	shift
	expect "$way" "$@" who ask "$server4" udp
	expect "$way" "$@" who ask "$server6" udp
}

# in_group GID CMD…, in_groups GID,… CMD…: beside their primary group 4400
in_group()
{
	setpriv --regid "$1" --clear-groups -- "${@:2}"
}
in_groups()
{
	setpriv --regid 4400 --groups "$1" -- "${@:2}"
}

# as UID GID CMD…
as()
{
	setpriv --reuid "$1" --regid "$2" --clear-groups -- "${@:3}"
}

# in_cgroup PATH CMD…: below the one of this test
in_cgroup()
(
	echo "$BASHPID" >"/sys/fs/cgroup$cgroup/$1/cgroup.procs"
	"${@:2}"
)

a_group()
{
	ownroute -q add gid 4401-4402 dev tun0
	goes isp in_group 4400
	goes tunnel in_group 4401
	goes tunnel in_group 4402
	goes isp in_group 4403
}

a_supplementary_group()
{
	ownroute -q add id 1 gid 4401 dev tun0
	goes isp in_groups 4401
	ownroute -q replace id 1 gid 4401 suppl dev tun0
	goes tunnel in_groups 4401
	goes tunnel in_groups 4399,4401,4403
	goes tunnel in_group 4401
	goes isp in_groups 4402
}

a_cgroup()
{
	ownroute -q add cgroup "$cgroup/x" dev tun0
	goes tunnel in_cgroup x
	goes tunnel in_cgroup x/y
	goes isp in_cgroup .
	goes isp env
}

all_together()
{
	ownroute -q add uid 1001 gid 4401 cgroup "$cgroup/x" dev tun0
	goes tunnel in_cgroup x as 1001 4401
	goes isp in_cgroup x as 1002 4401
	goes isp in_cgroup x as 1001 4402
	goes isp as 1001 4401
}

an_exception()
{
	ownroute -q add uid 1001-1010 dev tun0
	ownroute -q add uid 1005 bypass priority 10
	ownroute -q add uid 1006 gid 4401 bypass priority 10
	goes tunnel as 1004 4400
	goes isp as 1005 4400
	goes tunnel as 1006 4400
	goes isp as 1006 4401
}

a_ban()
{
	ownroute -q add gid 4401 block
	goes EPERM in_group 4401
	goes isp in_group 4402
	[ "$(ownroute -j list | jq -c '.[0] | [.packets, .drops]')" = "[2,2]" ]
}

a_cgroup_that_is_made_again()
{
	mkdir "/sys/fs/cgroup$cgroup/z"
	ownroute -q add id 1 cgroup "$cgroup/z" dev tun0
	goes tunnel in_cgroup z
	rmdir "/sys/fs/cgroup$cgroup/z"
	ownroute list | grep "missing: .*$cgroup/z"
	mkdir "/sys/fs/cgroup$cgroup/z"
	ownroute list | grep "missing: .*$cgroup/z"
	goes isp in_cgroup z
	ownroute -q replace id 1 cgroup "$cgroup/z" dev tun0
	not grep missing <(ownroute list)
	goes tunnel in_cgroup z
	rmdir "/sys/fs/cgroup$cgroup/z"
}

for test in a_group a_supplementary_group a_cgroup all_together an_exception a_ban \
	a_cgroup_that_is_made_again; do
	check "${test//_/ }" $test
	ownroute flush
done
ktap_finish
