#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Without CAP_NET_ADMIN over the namespace nothing is shown or changed.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	device tun0 1
}

as_daemon()
{
	setpriv --reuid daemon --regid daemon --clear-groups -- "$@"
}

# refused_as WRAPPER…: what it wraps may not do anything here
refused_as()
{
	ownroute -q add uid 1001 dev tun0
	remember_state
	fails 2 "CAP_NET_ADMIN" "$@" ownroute add uid 1002 mark 2 table 201 dev tun0
	fails 2 "CAP_NET_ADMIN" "$@" ownroute replace id 1 uid 1002 dev tun0
	fails 2 "CAP_NET_ADMIN" "$@" ownroute del id 1
	fails 2 "CAP_NET_ADMIN" "$@" ownroute list
	fails 2 "CAP_NET_ADMIN" "$@" ownroute flush
	fails 2 "CAP_NET_ADMIN" "$@" ownroute apply /dev/null
	fails 2 "CAP_NET_ADMIN" "$@" ownroute export
	fails 2 "CAP_NET_ADMIN" "$@" ownroute monitor
	fails 2 "CAP_NET_ADMIN" "$@" ownroute stats
	fails 2 "CAP_NET_ADMIN" "$@" ownroute limit 1
	fails 2 "CAP_NET_ADMIN" "$@" ownroute explain uid 1001 to 10.1.0.99
	same_state
}

an_ordinary_user()
{
	refused_as as_daemon
}

root_without_the_capability()
{
	refused_as setpriv --bounding-set -net_admin --inh-caps -net_admin --
}

root_of_another_user_namespace()
{
	refused_as unshare --user --map-root-user --
}

another_namespace_by_name()
{
	ip netns add cli-$$
	at_exit "ip netns del cli-$$"
	fails 2 "CAP_SYS_ADMIN" as_daemon ownroute -n cli-$$ list
}

run_tests an_ordinary_user \
	root_without_the_capability \
	root_of_another_user_namespace \
	another_namespace_by_name
