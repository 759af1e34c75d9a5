# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# A tunnel whose own packets leave from the client's namespace.  Needs the topology of
# topology.sh.

wireguard_port=51820
vxlan_port=4789
geneve_port=6081
# Of the far end, for devices that have one
vpn_far_address=02:00:00:00:03:02

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
	vxlan | geneve)
		ethernet_end client "$type" "$there" 02:00:00:00:03:01
		ethernet_end isp "$type" "$here" "$vpn_far_address"
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
	case $type in
	vxlan | geneve)
		# shellcheck disable=SC2154 # topology.sh's
		for there in "$server4" "$server6"; do
			ip neigh add "$there" lladdr "$vpn_far_address" dev vpn0
		done
		;;
	esac
}

# ethernet_end NS TYPE THERE ADDRESS
ethernet_end()
{
	local port=${2}_port

	"$1" ip link add vpn0 address "$4" type "$2" id 7 dstport "${!port}" remote "$3"
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

vpn_device_gone()
{
	ip link del vpn0
	tunnel ip link del vpn0
}
