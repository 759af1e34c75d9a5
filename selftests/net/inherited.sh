#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What a socket's stamp is for: the packets whose owner can't be seen, because the socket
# has none yet, or none any more. No mapping here names a device, so nothing else says
# where they belong.
. "$(dirname "$0")/../lib/traffic.sh"

topology
way 1 tun0 100
# Who connects from the tunnel's end has the server's address.
tunnel ip -4 route replace 10.1.2.0/24 dev client1 src "$server4"
tunnel ip -6 route add fd00:1:2::/64 dev client1 src "$server6" metric 1
module_load
# The owner's address is that of the ISP's link, so whatever isn't marked goes there.
nft_counter client isp postrouting oifname eth0 meta l4proto tcp

# as UID GID CMD…
as()
{
	setpriv --reuid "$1" --regid "$2" --clear-groups --inh-caps=-all "${@:3}"
}

# deaf MATCH…: the far end doesn't hear what meets it, and counts it
deaf()
{
	tunnel nft -f - <<-EOF
		table inet watch
		delete table inet watch
		table inet watch {
			counter deaf { }
			chain deaf {
				type filter hook input priority 0
				$* counter name deaf drop
			}
		}
	EOF
}

hears_all()
{
	tunnel nft delete table inet watch
}

# unheard N: the far end has not heard that often what it is deaf for
unheard()
{
	[ "$(nft_packets tunnel deaf)" -ge "$1" ]
}

# service GID CMD…: the owner's
service()
{
	setpriv --reuid 1001 --regid "$1" --clear-groups --inh-caps=-all "${@:2}" &
	server=$!
	wait_for "the server" 60 eval "ss -Htln 'sport = 8010' | grep ."
}

# connection ADDR FROM: from the tunnel's end to the service at the owner's
connection()
{
	local -A at=(["$server4"]=10.1.2.2 ["$server6"]=fd00:1:2::2)

	exec within "/run/netns/tunnel-$$" socat "$2" "TCP:$(bracketed "${at[$1]}"):8010"
}

# The service's socket isn't the listener. Its SYN-ACK has none of both.
accepted()
{
	local server answer

	service 2001 socat TCP6-LISTEN:8010,ipv6only=0,reuseaddr,fork \
		SYSTEM:"echo tunnel; cat >/dev/null"
	coproc asker { connection "$1" -; }
	read -r -t 10 answer <&"${asker[0]}"
	[ "$answer" = tunnel ]
	expect "fwmark:0x1" eval \
		"ss -Htne state established 'sport = 8010' | grep -o 'fwmark:[0-9a-fx]*' | sort -u"
	expect 0 nft_packets client isp
	kill "$server" "$asker_PID"
	wait "$server" || :
}

# A connection that nobody has accepted yet has no file, and so no group; and the listener
# had no stamp when it came.
waiting()
{
	local server

	# shellcheck disable=SC2016 # perl's
	service 2002 perl -MIO::Socket::IP -e \
		'$listener = IO::Socket::IP->new(LocalAddr => "::", LocalPort => 8010,
			Listen => 1, ReuseAddr => 1) or die $@; sleep'
	connection "$1" "SYSTEM:echo question; cat >/dev/null" &
	wait_for "the question" 10 eval \
		"ss -Htn state established 'sport = 8010' | grep '^9 '"
	expect 0 nft_packets client isp
	kill "$server"
	wait "$server" || :
}

# The far end doesn't hear the last acknowledgement and says again that it has done.
time_wait()
{
	deaf "tcp dport 7 tcp flags & (fin | syn | rst | psh | ack) == ack"
	answered tunnel "$1" tcp uid 1001
	wait_for "the connection in TIME_WAIT" 10 eval \
		"ss -Htn state time-wait 'dport = 7' | grep -F '$1'"
	wait_for "its acknowledgements" 20 unheard 4
	hears_all
	expect 0 nft_packets client isp
}

# Nobody has the socket any more, and its groups were those of its file.
closed()
{
	local group=$2

	deaf "tcp dport 7 tcp flags & fin == fin"
	expect tunnel as 1001 "$group" who ask "$1" tcp
	wait_for "what it says again" 20 unheard 3
	hears_all
	expect 0 nft_packets client isp
}

# check_anew NAME CMD…
check_anew()
{
	nft_reset client
	check "$@"
}

for address in "$server4" "$server6"; do
	name=$(family "$address")
	ownroute add uid 1001 mark 1 >/dev/null
	check_anew "$name: an accepted connection" accepted "$address"
	check_anew "$name: the acknowledgements of TIME_WAIT" time_wait "$address"
	check_anew "$name: a closed socket" closed "$address" 2001
	ownroute flush
	ownroute add gid 2002 mark 1 >/dev/null
	check_anew "$name: a closed socket, by its group" closed "$address" 2002
	check_anew "$name: a connection that waits, by its service's group" waiting "$address"
	ownroute flush
done

ktap_finish
