#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A tunnel that a program carries by a socket of its own, in the user's namespace: by root's,
# or by one of the mapped user, with an exception for the program's group. It goes out by
# the ISP, not into itself, and no guard minds it.
. "$(dirname "$0")/../lib/traffic.sh"

topology
# Unless it is built in
modprobe -q tun || [ -e /dev/net/tun ] || ktap_skip_all "the kernel has no tun devices"
chmod a+rw /dev/net/tun
module_load
at_exit "ownroute flush"
key=$(mktemp)
at_exit "rm $key"
openvpn --genkey secret "$key"
chmod a+r "$key"

vpn_group=1900
vpn_pids=()

# openvpn_end NS UID HERE THERE
openvpn_end()
{
	local log enter=()

	# A function's process couldn't be killed.
	[ "$1" = client ] || enter=(within "/run/netns/$1-$$")
	log=$(mktemp)
	"$1" ip tuntap add vpn0 mode tun user "$2"
	"${enter[@]}" setpriv --reuid "$2" --regid $vpn_group --clear-groups \
		openvpn --dev vpn0 --dev-type tun --proto "$(protocol "$3")" --local "$3" --remote "$4" \
		--secret "$key" --cipher AES-256-CBC --ifconfig-noexec --route-noexec --ping 1 \
		>"$log" 2>&1 &
	vpn_pids+=($!)
	at_exit "rm $log"
	wait_for "OpenVPN of uid $2" 20 grep "TUN/TAP device vpn0 opened" "$log" ||
		cat "$log"
}

protocol()
{
	case $1 in
	*:*) echo udp6 ;;
	*) echo udp4 ;;
	esac
}

# vpn_up UID HERE THERE: who has the client's end; the other one is moved on to where
# the answer is "tunnel"
vpn_up()
{
	openvpn_end client "$@"
	openvpn_end isp 0 "$3" "$2"
	isp ip link set vpn0 netns tunnel-$$
	ip link set vpn0 up
	tunnel ip link set vpn0 up
}

vpn_down()
{
	ownroute flush
	kill "${vpn_pids[@]}"
	wait "${vpn_pids[@]}"
	vpn_pids=()
	ip link del vpn0
	tunnel ip link del vpn0
}

# Who asks is answered through the tunnel, and it isn't the tunnel that it goes by.
goes_in_once()
{
	local address

	for address in "$server4" "$server6"; do
		wait_for "an answer" 20 answered tunnel "$address" udp uid 1001 deadline 1000
		answered "tunnel tunnel" "$address" tcp uid 1001 count 2
	done
	not expect 0 nft_packets client outside
	expect 0 nft_packets client again
}

by_root()
{
	ownroute add uid 1001 mark 1 table 100 dev vpn0 "$@"
	goes_in_once
}

by_the_user()
{
	ownroute add uid 1001 gid $vpn_group bypass priority 10
	ownroute add uid 1001 mark 1 table 100 dev vpn0 "$@"
	goes_in_once
}

nft_counter client outside postrouting oifname eth0 udp dport 1194
nft_counter client again postrouting oifname vpn0 udp dport 1194

for underlay in "10.1.1.2 10.1.1.1" "fd00:1:1::2 fd00:1:1::1"; do
	name="OpenVPN over $(family "$underlay")"
	# shellcheck disable=SC2086 # two addresses
	vpn_up 0 $underlay
	nft_reset client
	check "$name, root's" by_root
	ownroute flush
	check "$name, root's, with a guard" by_root guard
	vpn_down >/dev/null 2>&1
	# shellcheck disable=SC2086
	vpn_up 1001 $underlay
	nft_reset client
	check "$name, the user's" by_the_user
	ownroute flush
	check "$name, the user's, with a guard" by_the_user guard
	vpn_down >/dev/null 2>&1
done

ktap_finish
