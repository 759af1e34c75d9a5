#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# OpenVPN as providers of VPNs have it: certificates, addresses of both families and a
# default route pushed by the server.  At the client route-nopull, and the hook that we
# ship.
. "$(dirname "$0")/../lib/e2e.sh"

# Unless it is built in
modprobe -q tun || [ -e /dev/net/tun ] || ktap_skip_all "the kernel has no tun devices"
e2e_topology

# pki: who trusts whom
pki()
{
	local name

	cd "$scratch" || exit
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
		-subj /CN=ca -keyout ca.key -out ca.crt
	for name in server client; do
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
			-subj "/CN=$name" -keyout $name.key -out $name.csr
		openssl x509 -req -in $name.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
			-extfile <(printf 'keyUsage=digitalSignature\nextendedKeyUsage=%sAuth\n' $name) -out $name.crt
		chmod a+r $name.key
	done
	cd - || exit
}

# start_server ADDR: at the ISP; its device is moved on.  The client is told which
# address it has by the file clients/client.
start_server()
{
	cat >"$scratch/server.conf" <<-END
		local $1
		proto $(protocol "$1")
		dev vpn0
		dev-type tun
		topology subnet
		server 10.9.0.0 255.255.255.0
		server-ipv6 fd00:9::/64
		ifconfig-noexec
		route-noexec
		push "redirect-gateway def1 ipv6"
		push "dhcp-option DNS $server4"
		client-config-dir $scratch/clients
		keepalive 10 60
		ca $scratch/ca.crt
		cert $scratch/server.crt
		key $scratch/server.key
		dh none
	END
	background isp openvpn --config "$scratch/server.conf" >"$scratch/server.log"
	server_pid=$background_pid
	wait_for "the server" 20 grep "Initialization Sequence Completed" "$scratch/server.log" ||
		cat "$scratch/server.log"
	isp ip link set vpn0 netns "tunnel-$$"
	tunnel_end_up
}

protocol()
{
	case $1 in
	*:*) echo udp6 ;;
	*) echo udp4 ;;
	esac
}

# client_address N: from the next connection on
client_address()
{
	mkdir -p "$scratch/clients"
	cat >"$scratch/clients/client" <<-END
		ifconfig-push 10.9.0.$1 255.255.255.0
		ifconfig-ipv6-push fd00:9::$1/64 fd00:9::1
	END
}

# start_client SERVER OPTION…: lines of the configuration
start_client()
{
	{
		cat <<-END
			client
			remote $1
			proto $(protocol "$1")
			dev vpn0
			dev-type tun
			nobind
			connect-retry 1 1
			ca $scratch/ca.crt
			cert $scratch/client.crt
			key $scratch/client.key
			remote-cert-tls server
			route-nopull
			script-security 2
			setenv PATH $PATH
			up $hook
		END
		printf '%s\n' "${@:2}"
	} >"$scratch/client.conf"
	rm -f "$scratch/client.log"
	openvpn --config "$scratch/client.conf" >>"$scratch/client.log" 2>&1 &
	client_pid=$!
	at_exit "kill $client_pid"
	connected
}

# connected: the client, since its log was empty
connected()
{
	wait_for "the connection" 30 grep "Initialization Sequence Completed" "$scratch/client.log" ||
		not tail "$scratch/client.log"
}

# stop PID: returns when it has ended
stop()
{
	kill "$1"
	wait "$1" || :
}

# index: of the client's device
index()
{
	ip -o link show vpn0 | cut -d: -f1
}

hook_has_made_it()
{
	expect 'uid 1001 mark 0x1000000/0xff000000 table 20000 dev vpn0 guard' \
		eval "ownroute list | sed -n 's/.* \(uid .*\) comment.*/\1/p'"
	missing 0
	# What the server has pushed
	expect "" ip route show 0.0.0.0/1
}

# restarted SIGNAL: the client, while the user's programs are busy
restarted()
{
	busy
	: >"$scratch/client.log"
	kill "-$1" "$client_pid"
	connected
}

# restart SIGNAL same|another: whether it has the same device then
restart()
{
	local before generation

	before=$(index)
	generation=$(generation)
	leaks_nothing restarted "$1"
	end_busy
	case $2 in
	same) expect "$before" index ;;
	another) not expect "$before" index ;;
	esac
	missing 0
	expect "$generation" generation
	# The first packets may get lost.
	wait_for "an answer" 20 answered tunnel "$server4" udp uid 1001 deadline 1000
	each_its_way
}

generation()
{
	ownroute -j stats | jq '.[0].generation'
}

# The client has another address then, and the tunnel knows no other.
another_address()
{
	client_address "$3"
	restart "$1" "$2"
	ip address show dev vpn0
	has_address "10.9.0.$3/24"
	has_address "fd00:9::$3/64"
}
has_address()
{
	ip -o address show dev vpn0 | grep -qF " $1 "
}

no_guard_any_more()
{
	expect '[[1001,null]]' eval "ownroute -j list | jq -c 'map([.uid, .guard])'"
	missing 0
	each_its_way
}

# Nobody may neither make devices nor repair mappings.
cannot_restart()
{
	leaks_nothing ends_by USR1
	goes_nowhere EHOSTUNREACH
}
ends_by()
{
	busy
	kill "-$1" "$client_pid"
	wait_for "OpenVPN's end" 30 not kill -0 "$client_pid" || not tail "$scratch/client.log"
	end_busy
}

pki >/dev/null 2>&1
remember_system
for underlay in 10.1.1.1 fd00:1:1::1; do
	name="OpenVPN over $(family "$underlay")"
	client_address 2
	start_server "$underlay"
	start_client "$underlay" 'setenv ownroute "uid 1001 guard"'
	check "$name: the hook makes the mapping" hook_has_made_it
	check "$name: each its way" each_its_way
	for address in "${addresses[@]}"; do
		check "$name: up and down, $(family "$address")" \
			leaks_nothing up_and_down "$address" "$short_transfer"
	done
	check "$name: restarted by SIGHUP, with another device" restart HUP another
	check "$name: restarted by SIGUSR1, with another address" another_address USR1 another 3
	if [ "$underlay" = 10.1.1.1 ]; then
		check "$long_transfer MB down" leaks_nothing down "$server4" "$long_transfer"
		check_disturbances
	fi
	stop "$client_pid"
	check "$name: ended, and nothing leaks" device_gone
	start_client "$underlay" 'setenv ownroute "uid 1001"'
	check "$name: other words in the configuration" no_guard_any_more
	check "$name: restarted by SIGHUP, without a guard" restart HUP another
	stop "$client_pid"
	start_client "$underlay" 'setenv ownroute "uid 1001"' persist-tun persist-key "user nobody" \
		"group nogroup"
	check "$name: restarted by SIGUSR1, persist-tun and nobody" restart USR1 same
	stop "$client_pid"
	if [ "$underlay" = 10.1.1.1 ]; then
		start_client "$underlay" 'setenv ownroute "uid 1001"' "user nobody" "group nogroup"
		check "restarted by SIGUSR1, nobody without persist-tun" cannot_restart
	fi
	stop "$server_pid"
	ownroute flush
	check "$name: nothing is left" same_system
done

ktap_finish
