#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# With the word cut, an owner's TCP connections that don't fit the new mapping end
# at once; all other connections, and listening sockets, live on.
. "$(dirname "$0")/../lib/traffic.sh"

cgroup=/cut-$$
listener4=127.0.0.7
listener6=fd00:7::7
service4=10.1.1.7
service6=fd00:1:1::7

topology
module_load
mkdir "/sys/fs/cgroup$cgroup"
at_exit "rmdir /sys/fs/cgroup$cgroup"

# cuts N WORD…: "ownroute WORD… cut" does it, and says that it closed N connections
cuts()
{
	local count=$1 connections=connections

	shift
	[ "$count" -ne 1 ] || connections=connection
	expect "cut $count $connections" cut_says "$@"
}
cut_says()
{
	{ ownroute "$@" cut >/dev/null; } 2>&1
}

# connected WANTED ADDR [OPTION]…: a connection, as open_asker
connected()
{
	open_asker "$2" tcp deadline 1000 "${@:3}"
	expect "$1" next_answer
}

foreign()
{
	connected isp "$1" uid 1001
	cuts 1 add uid 1001 dev tun0
	expect ECONNABORTED next_answer
	# It can connect anew at once, by the mapping's way.
	answered tunnel "$1" tcp uid 1001 dev tun0
}

nothing_is_cut_unasked()
{
	connected isp "$1" uid 1001
	ownroute -q add uid 1001 dev tun0
	# The tunnel knows nothing of the connection, and it says so.
	expect ECONNRESET next_answer
}

replaced()
{
	connected isp "$1" uid 1001
	ownroute -q add id 7 uid 1002 dev tun0
	cuts 1 replace id 7 uid 1001 dev tun0
	expect ECONNABORTED next_answer
}

another_owner()
{
	connected isp "$1" uid 1002
	cuts 0 add uid 1001 dev tun0
	expect isp next_answer
}

an_address_that_fits()
{
	connected tunnel "$1" uid 1001 dev tun0
	cuts 0 add uid 1001 dev tun0
	expect tunnel next_answer
}

an_address_that_fits_without_a_device()
{
	connected tunnel "$1" uid 1001 dev tun0
	cuts 1 add uid 1001 block
	expect ECONNABORTED next_answer
}

this_host()
{
	connected self "$1" uid 1001
	cuts 0 add uid 1001 dev tun0
	expect self next_answer
}

the_lan()
{
	connected isp "$1" uid 1001
	cuts 0 add uid 1001 dev tun0 lan
	expect isp next_answer
	ownroute flush
	cuts 1 add uid 1001 dev tun0
	expect ECONNABORTED next_answer
}

# The service's owner is uid 1003, too.
called_from_outside()
{
	local line

	coproc asker { exec within "/run/netns/isp-$$" who ask "$1" tcp wait count 1000 deadline 1000; }
	read -r -t 10 line <&"${asker[0]}"
	[ "$line" = open ]
	expect listener next_answer
	cuts 0 add uid 1003 dev tun0 inbound back
	expect listener next_answer
	ownroute flush
	cuts 1 add uid 1003 dev tun0 inbound follow
	# The reset goes the mapping's way, too.
	expect timeout next_answer
}

# The listener's owner is uid 1003.
a_listener()
{
	connected listener "$1" uid 1001
	cuts 0 add uid 1003 block
	expect listener next_answer
	answered listener "$1" tcp uid 1001
}

an_exception()
{
	connected isp "$1" uid 1001
	ownroute -q add uid 1001 bypass priority 10
	cuts 0 add id 2 uid 1000-1010 dev tun0
	expect isp next_answer
	ownroute -q del uid 1001
	cuts 1 replace id 2 uid 1000-1010 dev tun0
	expect ECONNABORTED next_answer
}

another_cgroup()
{
	connected isp "$1" uid 1001
	cuts 0 add cgroup "$cgroup" dev tun0
	expect isp next_answer
}

a_cgroup()
{
	echo "$BASHPID" >"/sys/fs/cgroup$cgroup/cgroup.procs"
	connected isp "$1" uid 1001
	cuts 1 add cgroup "$cgroup" dev tun0
	expect ECONNABORTED next_answer
}

# The kernel knows it no more, but it still knows whose the connection is.
a_cgroup_that_is_gone()
{
	local gone=/sys/fs/cgroup$cgroup-gone pid

	mkdir "$gone"
	echo "$BASHPID" >"$gone/cgroup.procs"
	connected isp "$1" uid 1001
	while read -r pid; do
		# Some have ended, that it took to ask.
		echo "$pid" >/sys/fs/cgroup/cgroup.procs || true
	done < <(cat "$gone/cgroup.procs")
	wait_for "the cgroup to go" 10 rmdir "$gone"
	cuts 1 add uid 1001 dev tun0
	expect ECONNABORTED next_answer
}

# An IPv6 socket that is connected to an IPv4 address
mapped()
{
	foreign "::ffff:$server4"
}

a_connection_that_is_not_complete()
{
	local asker

	tunnel nft -f - <<-EOF
		table inet silent {
			chain input {
				type filter hook input priority filter
				tcp dport 7 drop
			}
		}
	EOF
	way 1 tun0 100
	who ask "$server4" tcp uid 1001 mark 1 deadline 30000 >"$ktap_log.asker" &
	asker=$!
	wait_for "a SYN" 10 eval "ss -Htn state syn-sent | grep $server4"
	cuts 1 add uid 1001 block
	wait "$asker"
	expect ECONNABORTED cat "$ktap_log.asker"
	rm "$ktap_log.asker"
	tunnel nft delete table inet silent
}

a_dry_run()
{
	connected isp "$server4" uid 1001
	expect "would cut TCP connections of uid 1001 without an address of tun0" \
		cut_says --dry-run add uid 1001 dev tun0
	expect "would cut all TCP connections of uid 1001" \
		cut_says --dry-run add uid 1001 block
	expect isp next_answer
	expect "[]" ownroute -j list
}

only_the_mapping_is_printed()
{
	expect "id 1 priority 1000 uid 1001 mark 0x1" ownroute add id 1 uid 1001 mark 1 cut 2>/dev/null
	not grep . <(ownroute -q replace id 1 uid 1001 mark 1 cut 2>&1)
	expect "1" eval "ownroute -j replace id 1 uid 1001 mark 1 cut 2>/dev/null | jq length"
	expect "id 1 priority 1000 uid 1001 mark 0x1" ownroute replace id 1 uid 1001 mark 1
	not grep cut <(ownroute export)
}

groups_are_refused()
{
	local status=0

	connected isp "$server4" uid 1001
	ownroute add uid 1001 gid 1 dev tun0 cut || status=$?
	[ "$status" -eq 1 ]
	expect "[]" ownroute -j list
	ownroute -q add gid 1 bypass priority 10
	ownroute add uid 1001 dev tun0 cut || status=$?
	[ "$status" -eq 2 ]
	# The mapping stays, and so does the connection.
	expect "2" eval "ownroute -j list | jq length"
	ownroute -q del uid 1001
	expect isp next_answer
}

# In a user namespace of its own, where uid 0 is another's
export server4
export -f expect cuts cut_says
a_container()
{
	unshare --user --map-root-user --net -- bash -ec '
		ip link set lo up
		ip link add tun0 type dummy
		ip link set tun0 up
		cuts 0 add uid 0 dev tun0
	'
}

# From outside of it, uids are others.
another_user_namespace()
{
	local status=0

	coproc container {
		exec unshare --user --map-root-user --net -- sh -c 'echo; read -r end'
	}
	read -r -t 10 -u "${container[0]}"
	ownroute -n "/proc/$container_PID/ns/net" add uid 0 mark 1 cut || status=$?
	[ "$status" -eq 2 ]
	expect "[]" ownroute -n "/proc/$container_PID/ns/net" -j list
	ownroute -n "/proc/$container_PID/ns/net" -q add uid 0 mark 1
}

# For IPv6 sockets that are bound to it
ip -6 route add default dev tun0 metric 9999
ip address add "$listener6/128" dev lo
# Of the ISP's link, for who calls from there
ip address add "$service4/24" dev eth0
ip address add "$service6/64" dev eth0 nodad
serve client self 127.0.0.1 ::1 10.1.1.2 fd00:1:1::2
serve_as()
{
	local ready

	read -r ready < <(
		exec setpriv --reuid "$1" --inh-caps +net_raw,+net_bind_service \
			--ambient-caps +net_raw,+net_bind_service -- who serve "${@:2}"
	)
	at_exit "kill $!"
	[ "$ready" = ready ]
}
serve_as 1003 listener "$listener4" "$listener6" "$service4" "$service6"

for server in "$server4" "$server6"; do
	for test in foreign nothing_is_cut_unasked replaced another_owner an_address_that_fits \
		an_address_that_fits_without_a_device an_exception another_cgroup a_cgroup \
		a_cgroup_that_is_gone; do
		check "$(family "$server"), ${test//_/ }" $test "$server"
		ownroute flush
	done
done
for address in 127.0.0.1 10.1.1.2 ::1 fd00:1:1::2; do
	check "connection to this host, $address" this_host "$address"
	ownroute flush
done
for address in 10.1.1.1 fd00:1:1::1; do
	check "$(family "$address"), the LAN" the_lan "$address"
	ownroute flush
done
for address in "$service4" "$service6"; do
	check "$(family "$address"), called from outside" called_from_outside "$address"
	ownroute flush
done
for address in "$listener4" "$listener6"; do
	check "$(family "$address"), a listener" a_listener "$address"
	ownroute flush
done
for test in mapped a_connection_that_is_not_complete a_dry_run only_the_mapping_is_printed \
	groups_are_refused a_container another_user_namespace; do
	check "${test//_/ }" $test
	ownroute flush
done

ktap_finish
