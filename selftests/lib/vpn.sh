# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# A tunnel whose own packets leave from the client's namespace.  Needs the topology of
# topology.sh, and answers.sh.

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
	xfrm)
		xfrm_end client "$here" "$there" eth0 1 2
		xfrm_end isp "$there" "$here" client1 2 1
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

# xfrm_end NS HERE THERE DEV SPI_OUT SPI_IN: of an IPsec device
xfrm_end()
{
	local ns=$1 here=$2 there=$3 all
	local aead="aead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 128"

	$ns ip link add vpn0 type xfrm dev "$4" if_id 7
	$ns ip -batch - <<-EOF
		xfrm state add src $here dst $there proto esp spi $5 mode tunnel flag af-unspec if_id 7 $aead
		xfrm state add src $there dst $here proto esp spi $6 mode tunnel flag af-unspec if_id 7 $aead
	EOF
	for all in 0.0.0.0/0 ::/0; do
		$ns ip -batch - <<-EOF
			xfrm policy add src $all dst $all dir out if_id 7 tmpl src $here dst $there proto esp mode tunnel
			xfrm policy add src $all dst $all dir in if_id 7 tmpl src $there dst $here proto esp mode tunnel
		EOF
	done
}

# wireguard_end NS KEY PEER_KEY PEER_ADDR
wireguard_end()
{
	"$1" wg set vpn0 private-key <(echo "$2") listen-port $wireguard_port \
		peer "$(wg pubkey <<<"$3")" allowed-ips 0.0.0.0/0,::/0 \
		endpoint "$(bracketed "$4"):$wireguard_port"
}

vpn_device_gone()
{
	local ns

	ip link del vpn0
	tunnel ip link del vpn0
	for ns in client isp; do
		$ns ip -batch - <<<$'xfrm policy flush\nxfrm state flush'
	done
}
