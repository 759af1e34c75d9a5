#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A mapped user runs a service. Whoever calls it at the address of the ISP's link is answered
# by the ISP, if the mapping says so, and whoever calls through the tunnel by the tunnel. What
# the user begins goes by the tunnel, guarded: none of it is to be seen at the ISP.
. "$(dirname "$0")/../lib/traffic.sh"

# Who calls has the server's address, which the default route leads to.
topology
for ns in isp:1 tunnel:2; do
	link=${ns#*:}
	"${ns%:*}" ip -4 route replace "10.1.$link.0/24" dev client1 src "$server4"
	"${ns%:*}" ip -6 route add "fd00:1:$link::/64" dev client1 src "$server6" metric 1
done
at_the_isp=(10.1.1.2 fd00:1:1::2)
at_the_tunnel=(10.1.2.2 fd00:1:2::2)

# What leads the owner's packets, as the command makes it for a mapping by uid; but the tests
# have connections that are older.
for option in -4 -6; do
	ip $option rule add fwmark 2 lookup main priority 80
	ip $option rule add fwmark 3 lookup main priority 80
	ip $option route add unreachable default metric 4294967295 table 100
done
way 1 tun0 100
uid_rule()
{
	local option

	for option in -4 -6; do
		ip $option rule "$1" uidrange 1001-1001 lookup 100 priority 110
	done
}

# The tunnel's end knows nothing of the connections that tests lead there, and would end them.
tunnel nft -f - <<EOF
	table inet stray {
		chain stray {
			type filter hook input priority 0
			ip saddr ${at_the_isp[0]} tcp sport { 7, 8010 } drop
			ip6 saddr ${at_the_isp[1]} tcp sport { 7, 8010 } drop
		}
	}
EOF
nft_counter isp heard input ip daddr "$server4"
isp nft add rule inet watch heard ip6 nexthdr tcp ip6 daddr "$server6" counter name heard
isp nft add rule inet watch heard ip6 nexthdr udp ip6 daddr "$server6" counter name heard
module_load
# Or a guard holds the module.
at_exit "ownroute flush"

# as UID GID CMD…: with all capabilities
as()
{
	exec setpriv --securebits=+no_setuid_fixup --reuid "$1" --regid "$2" --clear-groups \
		--inh-caps=+all --ambient-caps=+all "${@:3}"
}

# service [ADDR]…: the owner's, of group 2001
service()
{
	local ready

	[ $# -gt 0 ] || set -- "${at_the_isp[@]}" "${at_the_tunnel[@]}"
	read -r ready < <(as 1001 2001 who serve here "$@")
	service=$!
	ends_with_the_test "$service"
	[ "$ready" = ready ]
}

service_ends()
{
	kill "$service"
	wait_for "the service's end" 10 not kill -0 "$service"
}

# ends_with_the_test PID
ends_with_the_test()
{
	children+=("$1")
	trap 'kill "${children[@]}" 2>/dev/null || :' EXIT
}

# called NS WANTED ADDR KIND…: the service, from there
called()
{
	local ns=$1 wanted=$2

	shift 2
	expect "$wanted" "$ns" who ask "$@"
}

# open_call ADDR: a connection from the ISP that asks whenever next_answer says so
open_call()
{
	local line

	coproc asker {
		exec within "/run/netns/isp-$$" who ask "$1" tcp wait count 1000 deadline 1000
	}
	ends_with_the_test "$asker_PID"
	read -r -t 10 line <&"${asker[0]}"
	[ "$line" = open ]
}

# forget_calls: what the isp has heard, and whatever old connections may still say
forget_calls()
{
	client ss -Kt state connected 'sport = 7' >/dev/null
	isp ss -Kt state connected 'dport = 7' >/dev/null
	nft_reset isp
}

nothing_at_the_isp()
{
	expect 0 nft_packets isp heard
}

# stamps WANTED: of the service's connections
stamps()
{
	expect "$1" eval \
		"ss -Htne state established 'sport = 7' | grep -o 'fwmark:[0-9a-fx]*' | sort -u"
}

mapped="id 1 uid 1001 mark 1 dev tun0 guard"

# map [WORD]…: the owner, instead of what was there
map()
{
	# shellcheck disable=SC2086 # words
	mapping add $mapped "$@"
}

remap()
{
	# shellcheck disable=SC2086 # words
	mapping replace $mapped "$@"
}

without_the_word()
{
	map
	service
	called isp timeout "${at_the_isp[$1]}" tcp deadline 1000
	nothing_at_the_isp
	called tunnel here "${at_the_tunnel[$1]}" tcp
}

from_the_isp()
{
	map inbound 2
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	expect here next_answer
	stamps "fwmark:0x2"
}

through_the_tunnel()
{
	map inbound 2
	service
	called tunnel here "${at_the_tunnel[$1]}" tcp
	# The listener has been called from both sides then.
	called isp here "${at_the_isp[$1]}" tcp
	forget_calls
	called tunnel here "${at_the_tunnel[$1]}" tcp
	nothing_at_the_isp
}

any_address()
{
	map inbound 2
	service ::
	called isp here "${at_the_isp[$1]}" tcp
	forget_calls
	called tunnel here "${at_the_tunnel[$1]}" tcp
	nothing_at_the_isp
}

# A listener has no request then to remember by.
syn_cookies()
{
	sysctl -qw net.ipv4.tcp_syncookies=2
	through_the_tunnel "$1"
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	stamps "fwmark:0x2"
	sysctl -qw net.ipv4.tcp_syncookies=1
}

# Which device has the address can't be said: there is none.
without_a_device()
{
	mapping add id 1 uid 1001 mark 1 inbound 2
	service
	called isp here "${at_the_isp[$1]}" tcp
	answered tunnel "${servers[$1]}" tcp uid 1001
}

older_than_the_mapping()
{
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	uid_rule add
	map inbound 2
	expect here next_answer
	expect here next_answer
	stamps "fwmark:0x2"
}

older_than_the_mapping_without_the_word()
{
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	map
	nft_reset isp
	expect timeout next_answer
	nothing_at_the_isp
}

# What the owner has begun before, even from a port at which a service listens.
own_connection_older_than_the_mapping()
{
	local here=${at_the_isp[$1]} port=8010 line

	# shellcheck disable=SC2016 # perl's
	as 1001 2001 perl -MIO::Socket::IP -e '$listener = IO::Socket::IP->new(
		LocalAddr => $ARGV[0], LocalPort => $ARGV[1], Listen => 1,
		ReusePort => 1) or die $@; sleep' "$here" $port &
	ends_with_the_test $!
	wait_for "the listener" 10 eval "ss -Htln 'sport = $port' | grep ."
	coproc asker {
		as 1001 2001 socat - "TCP:$(bracketed "${servers[$1]}"):7,bind=$(bracketed \
			"$here"):$port,reuseport"
	}
	ends_with_the_test "$asker_PID"
	echo >&"${asker[1]}"
	read -r -t 10 line <&"${asker[0]}"
	[ "$line" = isp ]
	map inbound 2
	nft_reset isp
	echo >&"${asker[1]}"
	wait_for "the stamp" 10 eval \
		"ss -Htne state established 'dport = 7' | grep fwmark:0x1"
	nothing_at_the_isp
}

own_connections()
{
	local here=${at_the_isp[$1]} server=${servers[$1]}

	map inbound 2
	# The owner has been called, too.
	service
	called isp here "$here" tcp
	forget_calls
	answered tunnel "$server" tcp uid 1001
	answered tunnel "$server" udp uid 1001
	answered tunnel "$server" tcp uid 1001 mark 2
	answered tunnel "$server" udp uid 1001 mark 2
	answered tunnel "$server" udp connect uid 1001 mark 2
	expect tunnel eval "echo | (as 1001 2001 socat -t 5 - \
		'TCP:$(bracketed "$server"):7,bind=$(bracketed "$here")')"
	answered timeout "$server" tcp uid 1001 dev eth0 deadline 300
	answered EPERM "$server" udp uid 1001 dev eth0
	nothing_at_the_isp
}

# A socket that was called, and calls then
called_before_it_calls()
{
	local answer line

	map inbound 2
	# shellcheck disable=SC2016 # perl's
	exec {answer}< <(
		as 1001 2001 perl -MSocket=:all -e '
			my ($here, $there) = @ARGV;
			my ($err, $at) = Socket::getaddrinfo($here, 8010, {
				flags => AI_NUMERICHOST, socktype => SOCK_STREAM });
			socket(my $listener, $at->{family}, SOCK_STREAM, 0) or die;
			setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1) or die;
			bind($listener, $at->{addr}) or die "bind: $!";
			listen($listener, 5) or die;
			accept(my $called, $listener) or die;
			close $listener;
			connect($called, pack("S x14", AF_UNSPEC)) or die "disconnect: $!";
			($err, $at) = Socket::getaddrinfo($there, 7, {
				flags => AI_NUMERICHOST, socktype => SOCK_STREAM });
			connect($called, $at->{addr}) or die "connect: $!";
			syswrite($called, "?\n");
			sysread($called, my $answer, 64);
			print $answer' "${at_the_isp[$1]}" "${servers[$1]}"
	)
	ends_with_the_test $!
	wait_for "the listener" 10 eval "ss -Htln 'sport = 8010' | grep ."
	nft_counter client leak postrouting oifname eth0 tcp dport 7
	isp timeout 10 socat -u "TCP:$(bracketed "${at_the_isp[$1]}"):8010" - || :
	read -r -t 10 line <&"$answer"
	[ "$line" = tunnel ]
	expect 0 nft_packets client leak
}

# The first call has to find a way to be answered by; then the listener knows one.
tunnel_down()
{
	uid_rule add
	map inbound 2
	service
	called isp here "${at_the_isp[$1]}" tcp
	ip link set tun0 down
	called isp here "${at_the_isp[$1]}" tcp
	answered EHOSTUNREACH "${servers[$1]}" udp uid 1001
}

rules_deleted()
{
	local option

	map inbound 2
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	for option in -4 -6; do
		ip $option rule del fwmark 1
		ip $option rule del fwmark 2
	done
	expect here next_answer
	called isp here "${at_the_isp[$1]}" tcp
	answered EPERM "${servers[$1]}" udp uid 1001
	for option in -4 -6; do
		ip $option rule add fwmark 1 lookup 100 priority 100
		ip $option rule add fwmark 2 lookup main priority 80
	done
}

withdrawn()
{
	map inbound 2
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	stamps "fwmark:0x2"
	ownroute flush
	expect here next_answer
	stamps ""
}

replaced()
{
	map inbound 2
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	mapping replace id 1 uid 1001 mark 3 dev tun0 guard inbound 2
	expect here next_answer
	stamps "fwmark:0x2"
	remap inbound 3
	expect here next_answer
	stamps "fwmark:0x3"
	remap
	nft_reset isp
	expect timeout next_answer
	stamps "fwmark:0x1"
	nothing_at_the_isp
}

replaced_by_one_with_other_bits()
{
	map inbound 2
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	mapping replace id 1 uid 1003 mark 0x10 mask 0xf0 dev tun0
	expect here next_answer
	stamps ""
}

# deaf MATCH…: the ISP's end doesn't hear what meets it, and counts it
deaf()
{
	isp nft -f - <<-EOF
		table inet deaf
		delete table inet deaf
		table inet deaf {
			counter deaf { }
			chain deaf {
				type filter hook input priority 0
				$* counter name deaf drop
			}
		}
	EOF
}

# unheard N: as often at least
unheard()
{
	[ "$(isp nft list counter inet deaf deaf | grep -o 'packets [0-9]*' | cut -d' ' -f2)" -ge "$1" ]
}

nothing_at_the_tunnel()
{
	expect 0 nft_packets client tunnel
}

# Nobody has the sockets any more; what was a group can't be asked for.
closed()
{
	map inbound 2
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	nft_counter client tunnel postrouting oifname tun0 tcp sport 7
	deaf "tcp sport 7 tcp flags & fin == fin"
	service_ends
	wait_for "what it says again" 20 unheard 3
	nothing_at_the_tunnel
}

closed_by_group()
{
	mapped="id 1 gid 2001 mark 1 dev tun0 guard" closed "$1"
}

# What comes too late is answered by the kernel.
late_reset()
{
	map inbound 2
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	nft_counter client tunnel postrouting oifname tun0 tcp sport 7
	nft_counter isp rst input tcp sport 7 tcp flags "& rst == rst"
	service_ends
	echo >&"${asker[1]}"
	wait_for "the reset" 10 not expect 0 nft_packets isp rst
	nothing_at_the_tunnel
}

time_wait()
{
	map inbound 2
	service
	open_call "${at_the_isp[$1]}"
	expect here next_answer
	nft_counter client tunnel postrouting oifname tun0 tcp sport 7
	service_ends
	deaf "tcp sport 7 tcp flags & (fin | syn | rst | psh | ack) == ack"
	kill "$asker_PID"
	wait_for "the connection in TIME_WAIT" 10 eval \
		"ss -Htn state time-wait 'sport = 7' | grep ."
	wait_for "its acknowledgements" 20 unheard 2
	nothing_at_the_tunnel
}

datagrams()
{
	map inbound 2
	service
	called isp timeout "${at_the_isp[$1]}" udp deadline 500
	nothing_at_the_isp
	ownroute flush
	map inbound 2 connmark
	nft_counter client saved postrouting oifname eth0 ct mark 2
	called isp "here here" "${at_the_isp[$1]}" udp count 2
	expect 2 nft_packets client saved
	called isp here "${at_the_isp[$1]}" tcp
	forget_calls
	called tunnel here "${at_the_tunnel[$1]}" udp
	called tunnel here "${at_the_tunnel[$1]}" tcp
	answered tunnel "${servers[$1]}" udp uid 1001
	answered tunnel "${servers[$1]}" tcp uid 1001
	nothing_at_the_isp
}

# The mark of the connection is what comes back to it, and what is looked at for rp_filter.
datagrams_restored()
{
	map inbound 2 connmark
	service
	nft_counter client in input udp dport 7 meta mark 2
	called isp "here here here" "${at_the_isp[$1]}" udp count 3
	expect 2 nft_packets client in
}

# IPv6 lets a socket send from an address that this host has had: it isn't the ISP's.
lost_address()
{
	local address=${at_the_tunnel[1]}

	map inbound 2 connmark
	coproc speaker {
		as 1001 2001 socat STDIO "UDP6-DATAGRAM:[$server6]:7000,bind=[$address]:9000"
	}
	ends_with_the_test "$speaker_PID"
	wait_for "the socket" 10 eval "ss -Huan 'sport = 9000' | grep ."
	tunnel socat -u STDIN "UDP6-SENDTO:[$address]:9000,bind=[$server6]:7000" <<<called
	read -r -t 10 <&"${speaker[0]}"
	nft_counter client late postrouting oifname tun0 udp dport 7000
	ip -6 address del "$address/64" dev tun0
	echo late >&"${speaker[1]}"
	wait_for "what it sends" 10 expect 1 nft_packets client late
	nothing_at_the_isp
}

# check_and_clear NAME CMD…: leave nothing to the next test
check_and_clear()
{
	forget_calls
	check "$@"
	ownroute flush
	nft flush ruleset
	isp nft -f - <<<$'table inet deaf\ndelete table inet deaf'
	uid_rule del 2>/dev/null
	ip link set tun0 up
	link_is_up client tun0
	for option in -4 -6; do
		ip $option route replace default dev tun0 table 100
	done
}

servers=("$server4" "$server6")
for i in 0 1; do
	for test in without_the_word from_the_isp through_the_tunnel any_address \
		syn_cookies without_a_device older_than_the_mapping \
		older_than_the_mapping_without_the_word \
		own_connection_older_than_the_mapping own_connections \
		called_before_it_calls tunnel_down rules_deleted withdrawn replaced \
		replaced_by_one_with_other_bits closed closed_by_group late_reset \
		time_wait datagrams datagrams_restored; do
		check_and_clear "$(family "${servers[i]}"): ${test//_/ }" $test $i
	done
done
check_and_clear "IPv6: lost address" lost_address
ip -6 address add "${at_the_tunnel[1]}/64" dev tun0 nodad

ktap_finish
