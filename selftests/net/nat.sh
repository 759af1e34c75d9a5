#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Source addresses that a mapping changes: whatever its owner is, and whatever else on the machine
# does NAT.
. "$(dirname "$0")/../lib/traffic.sh"
. "$(dirname "$0")/../lib/late.sh"
. "$(dirname "$0")/../lib/nat.sh"

cgroup=/sys/fs/cgroup/nat-$$
mkdir $cgroup
at_exit "rmdir $cgroup"
topology
netns_add second
join second 2 eth0 isp 1
join second 2 tun0 tunnel 2
default_route second 2
link_is_up second eth0
link_is_up second tun0
way 1/0xf tun0 100 second
way 1/0xf tun0 100
module_load

kinds=(udp tcp ping)

# address_on LINK ADDR [HOST [CLIENT]]: the client's address there, in the family of ADDR
address_on()
{
	case $2 in
	*:*) echo "fd00:${4:-1}:$1::${3:-2}" ;;
	*) echo "10.${4:-1}.$1.${3:-2}" ;;
	esac
}

# goes FAR SOURCE ADDR KIND CMD…: what CMD asks there reaches FAR with this source address, and
# with no other
goes()
{
	local far=$1 source=$2 address=$3 kind=$4 ip hops=ttl

	shift 4
	ip=$(ip_of "$address")
	[ "$ip" = ip ] || hops=hoplimit
	"$far" nft flush ruleset
	nft_counter "$far" right input "$ip" daddr "$address" "$ip" saddr "$source"
	# Neighbour discovery has a hop limit of 255.
	nft_counter "$far" wrong input "$ip" daddr "$address" "$ip" saddr != "$source" \
		"$ip" $hops != 255
	expect "$far" "$@" who ask "$address" "$kind"
	not expect 0 nft_packets "$far" right
	expect 0 nft_packets "$far" wrong
}

# all_go FAR SOURCE ADDR CMD…: of every kind
all_go()
{
	local far=$1 source=$2 address=$3 kind

	shift 3
	for kind in "${kinds[@]}"; do
		goes "$far" "$source" "$address" "$kind" "$@"
	done
}

user()
{
	setpriv --reuid "$1" --clear-groups "${@:2}"
}

group()
{
	setpriv --regid "$1" --clear-groups "${@:2}"
}

in_cgroup()
(
	echo "$BASHPID" >$cgroup/cgroup.procs
	exec "$@"
)

# masquerade SELECTOR: who it takes goes by the tunnel with its address
masquerade()
{
	ownroute -q add "$@" mark 1/0xf table 100 dev tun0 source masquerade
}

of_a_group()
{
	masquerade gid 2001
	all_go tunnel "$(address_on 2 "$1")" "$1" group 2001
	all_go isp "$(address_on 1 "$1")" "$1" group 2002
}

of_a_cgroup()
{
	masquerade cgroup "${cgroup#/sys/fs/cgroup}"
	all_go tunnel "$(address_on 2 "$1")" "$1" in_cgroup
	all_go isp "$(address_on 1 "$1")" "$1" user 1001
}

of_a_user()
{
	masquerade uid 1001
	all_go tunnel "$(address_on 2 "$1")" "$1" user 1001
}

fixed()
{
	local source

	source=$(address_on 2 "$1" 7)
	lend tun0 "$source"
	ownroute -q add uid 1001 mark 1/0xf table 100 dev tun0 source "$source"
	all_go tunnel "$source" "$1" user 1001
}

# A family without one keeps its address.
fixed_in_the_other_family()
{
	local other=$server6

	[ "$1" = "$server4" ] || other=$server4
	ownroute -q add uid 1001 mark 1/0xf table 100 dev tun0 source "$(address_on 2 "$other" 7)"
	goes tunnel "$(address_on 1 "$1")" "$1" udp user 1001
}

others_by_the_tunnel()
{
	masquerade uid 1001
	ownroute add uid 1002 mark 1/0xf
	all_go tunnel "$(address_on 1 "$1")" "$1" user 1002
}

# As what goes to the LAN
by_another_device()
{
	local ip="ip -4"

	[ "$1" = "$server4" ] || ip="ip -6"
	ownroute -q add uid 1001 mark 1/0xf table 100 dev tun0 source "$(address_on 2 "$1" 7)"
	# shellcheck disable=SC2064 # as it is now
	trap "$ip rule del priority 50" EXIT
	$ip rule add to "$1" lookup main priority 50
	all_go isp "$(address_on 1 "$1")" "$1" user 1001
}

# There are no rules of ours to flush.
flushed()
{
	masquerade uid 1001
	open_asker "$1" udp connect uid 1001
	expect tunnel next_answer
	nft flush ruleset
	iptables -t nat -F
	ip6tables -t nat -F
	all_go tunnel "$(address_on 2 "$1")" "$1" user 1001
	expect tunnel next_answer
}

# nat_table STATEMENT…: what nft does at its own place
nat_table()
{
	nft -f - <<-END
		table inet other {
			chain source {
				type nat hook postrouting priority srcnat
				$*
			}
		}
	END
}

beside_nft()
{
	local ip

	ip=$(ip_of "$1")
	nat_table "$ip daddr $1 snat $ip to $(address_on 1 "$1" 9)"
	lend eth0 "$(address_on 1 "$1" 9)"
	masquerade uid 1001
	all_go tunnel "$(address_on 2 "$1")" "$1" user 1001
	all_go isp "$(address_on 1 "$1" 9)" "$1" user 1002
	ownroute flush
	all_go isp "$(address_on 1 "$1" 9)" "$1" user 1001
}

# It goes with the device, and in IPv4 with its last address.
way_is_back()
{
	local option

	for option in -4 -6; do
		ip $option route replace default dev tun0 table 100
	done
}

# move FROM TO: another address of the tunnel
move()
{
	local length=24

	case $1 in
	*:*) length=64 ;;
	esac
	ip address del "$1/$length" dev tun0
	ip address add "$2/$length" dev tun0
	way_is_back
}

address_changes()
{
	local old new

	old=$(address_on 2 "$1") new=$(address_on 2 "$1" 3)
	masquerade uid 1001
	all_go tunnel "$old" "$1" user 1001
	move "$old" "$new"
	all_go tunnel "$new" "$1" user 1001
	move "$new" "$old"
	all_go tunnel "$old" "$1" user 1001
}

made_again()
{
	masquerade uid 1001
	all_go tunnel "$(address_on 2 "$1")" "$1" user 1001
	ip link del tun0
	join client 1 tun0 tunnel 2
	link_is_up client tun0
	way_is_back
	all_go tunnel "$(address_on 2 "$1")" "$1" user 1001
}

# What conntrack knows before the mapping goes on as it was.
connected_before()
{
	ownroute -q add uid 1003 mark 2/0xf dev tun0 source masquerade
	open_asker "$1" udp connect uid 1001
	expect isp next_answer
	masquerade uid 1001
	nft_counter tunnel old input "$(ip_of "$1")" saddr "$(address_on 1 "$1")"
	expect tunnel next_answer
	expect 1 nft_packets tunnel old
}

after_del()
{
	ownroute -q add uid 1003 mark 2/0xf dev tun0 source masquerade
	masquerade uid 1001
	all_go tunnel "$(address_on 2 "$1")" "$1" user 1001
	ownroute del uid 1001
	all_go isp "$(address_on 1 "$1")" "$1" user 1001
}

reset()
{
	watch_for rst "$(ip_of "$1")" saddr "$(address_on 2 "$1")" \
		tcp dport 8010 tcp flags "& rst == rst"
	masquerade uid 1001
	late_reset "$1"
	wait_for "the reset by the tunnel" 10 expect 1 nft_packets tunnel rst
	expect 0 nft_packets isp rst
}

in_one_namespace()
{
	second ownroute -q add uid 1001 mark 1/0xf table 100 dev tun0 source masquerade
	goes tunnel "$(address_on 2 "$1" 2 2)" "$1" udp \
		second setpriv --reuid 1001 --clear-groups
	goes isp "$(address_on 1 "$1")" "$1" udp user 1001
	masquerade uid 1001
	second ownroute flush
	goes tunnel "$(address_on 2 "$1")" "$1" udp user 1001
}

for address in "$server4" "$server6"; do
	for test in of_a_group of_a_cgroup of_a_user fixed fixed_in_the_other_family \
		others_by_the_tunnel by_another_device flushed beside_nft \
		address_changes made_again connected_before after_del reset \
		in_one_namespace; do
		check_and_clear "$(family "$address"): ${test//_/ }" $test "$address"
	done
done

ktap_finish
