# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What the kernel sends for a socket that is gone. Needs topology.sh, answers.sh and counters.sh.

# as UID CMD…: in the place of the shell, so that it can be killed
as()
{
	local uid=$1

	shift
	exec setpriv --reuid "$uid" --clear-groups --inh-caps=-all "$@"
}

# watch_for NAME MATCH…: packets that come in, at both ends
watch_for()
{
	local ns name=$1

	shift
	for ns in isp tunnel; do
		$ns nft flush ruleset
		nft_counter $ns "$name" input "$@"
	done
}

tcp_is()
{
	tunnel ss -Htn state "$1" "sport = 8010" | grep -q .
}

# late_reset ADDR: user 1001 connects to the server at the tunnel's end and goes; when
# the server has something to say then, it is reset
late_reset()
{
	local client

	coproc server {
		exec within "/run/netns/tunnel-$$" \
			socat -u STDIN "TCP6-LISTEN:8010,ipv6only=0,reuseaddr"
	}
	wait_for "the server" 10 eval \
		"tunnel ss -Htln 'sport = 8010' | grep ."
	as 1001 socat -u "TCP:$(bracketed "$1"):8010" - >/dev/null &
	client=$!
	wait_for "the connection" 10 tcp_is established
	kill $client
	wait_for "the client's end" 10 tcp_is close-wait
	echo late >&"${server[1]}"
}
