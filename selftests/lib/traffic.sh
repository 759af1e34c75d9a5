# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# All that the traffic tests need.  Source this before anything else: the script
# starts again in network and mount namespaces of its own, so that it can't harm another.

if [ "${TRAFFIC_NETNS_OF:-}" != $$ ]; then
	TRAFFIC_NETNS_OF=$$ exec unshare --net --mount -- "$0" "$@"
fi

. "$(dirname "${BASH_SOURCE[0]}")/ktap.sh"
. "$(dirname "${BASH_SOURCE[0]}")/topology.sh"
. "$(dirname "${BASH_SOURCE[0]}")/module.sh"
. "$(dirname "${BASH_SOURCE[0]}")/answers.sh"
. "$(dirname "${BASH_SOURCE[0]}")/counters.sh"
