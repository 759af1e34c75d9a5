#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# WireGuard by wg-quick, with a configuration as in Documentation/vpn.rst.
. "$(dirname "$0")/../lib/e2e.sh"

e2e_topology
port=51820
server_key=$(wg genkey)
client_key=$(wg genkey)

# start_server ADDR: at the ISP; the device is moved on
start_server()
{
	isp ip link add vpn0 type wireguard
	isp ip link set vpn0 netns "tunnel-$$"
	tunnel wg set vpn0 private-key <(echo "$server_key") listen-port $port \
		peer "$(wg pubkey <<<"$client_key")"
	tunnel_end_up
}

# client_address N: the server knows the client by no other
client_address()
{
	tunnel wg set vpn0 peer "$(wg pubkey <<<"$client_key")" \
		allowed-ips "10.9.0.$1/32,fd00:9::$1/128"
	cat >"$scratch/vpn0.conf" <<-END
		[Interface]
		PrivateKey = $client_key
		Address = 10.9.0.$1/24, fd00:9::$1/64
		Table = off
		PostUp = ownroute repair dev %i || { [ \$? -eq 1 ] && ownroute add uid 1001 dev %i guard; }

		[Peer]
		PublicKey = $(wg pubkey <<<"$server_key")
		AllowedIPs = 0.0.0.0/0, ::/0
		Endpoint = $server:$port
	END
}

quick_up()
{
	wg-quick up "$scratch/vpn0.conf"
}

quick_down()
{
	wg-quick down "$scratch/vpn0.conf"
}

comes_up()
{
	quick_up
	expect 'uid 1001 mark 0x1000000/0xff000000 table 20000 dev vpn0 guard' \
		eval "ownroute list | sed -n 's/.* \(uid .*\)/\1/p'"
	missing 0
	each_its_way
}

restarted()
{
	busy
	quick_down
	wait_for "packets that have no way" 10 no_way
	quick_up
}

# no_way: the user has sent something since the device is gone
no_way()
{
	not answered tunnel "$server4" udp uid 1001 deadline 100
}

restart()
{
	local generation

	generation=$(ownroute -j stats | jq '.[0].generation')
	leaks_nothing restarted
	end_busy
	missing 0
	each_its_way
	expect "$generation" eval "ownroute -j stats | jq '.[0].generation'"
}

another_ifindex()
{
	local before

	before=$(ip -o link show vpn0 | cut -d: -f1)
	restart
	not expect "$before" eval "ip -o link show vpn0 | cut -d: -f1"
}

# another_address N OLD: of the device that is up; nobody is told.  Of one network the
# second address would go with the first.
another_address()
{
	client_address "$1"
	ip -batch - <<-END
		address add 10.9.0.$1/32 dev vpn0
		address add fd00:9::$1/128 dev vpn0 nodad
		address del 10.9.0.$2/24 dev vpn0
		address del fd00:9::$2/64 dev vpn0
	END
	missing 0
	each_its_way
}

# The IPv4 routes of a device go with its last address.
no_address_meanwhile()
{
	ip -batch - <<-END
		address del 10.9.0.$2/32 dev vpn0
		address del fd00:9::$2/128 dev vpn0
	END
	missing 1
	explained 'route unreachable, senders get "No route to host"' "$server4"
	leaks_nothing answered EHOSTUNREACH "$server4" udp uid 1001
	leaks_nothing not answered tunnel "$server6" udp uid 1001 deadline 500
	client_address "$1"
	ip -batch - <<-END
		address add 10.9.0.$1/24 dev vpn0
		address add fd00:9::$1/64 dev vpn0 nodad
	END
	works_again
}

device_is_down()
{
	ip link set vpn0 down
	missing 2
	both_explained 'route unreachable, senders get "No route to host"'
	goes_nowhere EHOSTUNREACH
	not ownroute repair
	ip link set vpn0 up
	works_again
}

# The first such device changes net.ipv4.conf.all.send_redirects for good.
ip link add vpn0 type wireguard
ip link set vpn0 up
ip link del vpn0

for server in 10.1.1.1 "[fd00:1:1::1]"; do
	name="WireGuard over $(family "$server")"
	remember_system
	start_server
	client_address 2
	check "$name: wg-quick brings it up" comes_up
	for address in "${addresses[@]}"; do
		check "$name: up and down, $(family "$address")" \
			leaks_nothing up_and_down "$address" "$short_transfer"
	done
	check "$name: restarted, with another device" another_ifindex
	if [ "$server" = 10.1.1.1 ]; then
		check "$long_transfer MB up and down" leaks_nothing up_and_down "$server4" "$long_transfer"
		check_disturbances
		check "the device is down" device_is_down
		check "restarted, without a guard" unguarded restart
		check "another address" another_address 3 2
		check "another address, and none meanwhile" no_address_meanwhile 4 3
	fi
	quick_down >"$scratch/said" 2>&1
	check "$name: ended, and nothing leaks" device_gone
	quick_up >"$scratch/said" 2>&1
	check "$name: del is exact" del_is_exact
	quick_down >"$scratch/said" 2>&1
	tunnel ip link del vpn0
	ownroute flush
	check "$name: nothing is left" same_system
done

ktap_finish
