# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# A tunnel whose own packets leave from the client's namespace.  Needs the topology of
# topology.sh.

wireguard_port=51820

# An end of vpn0 in this namespace and one at the ISP, from where it is moved on:
# what comes out of it arrives at who answers "tunnel".
vpn_device()
{
	local type=$1 here=$2 there=$3 key peer_key

	case $type in
	wireguard)
		ip link add vpn0 type wireguard
		isp ip link add vpn0 type wireguard
		;;
	*)
		ip link add vpn0 type "$type" local "$here" remote "$there"
		isp ip link add vpn0 type "$type" local "$there" remote "$here"
		;;
	esac
	isp ip link set vpn0 netns tunnel-$$
	if [ "$type" = wireguard ]; then
		key=$(wg genkey) peer_key=$(wg genkey)
		wireguard_end client "$key" "$peer_key" "$there"
		wireguard_end tunnel "$peer_key" "$key" "$here"
	fi
	ip link set vpn0 up
	tunnel ip link set vpn0 up
}

# wireguard_end NS KEY PEER_KEY PEER_ADDR
wireguard_end()
{
	local endpoint=$4:$wireguard_port

	case $4 in
	*:*) endpoint=[$4]:$wireguard_port ;;
	esac
	"$1" wg set vpn0 private-key <(echo "$2") listen-port $wireguard_port \
		peer "$(wg pubkey <<<"$3")" allowed-ips 0.0.0.0/0,::/0 \
		endpoint "$endpoint"
}
