#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# "check" says what would leak, break or collide, says nothing when all is well, and changes nothing.
. "$(dirname "$0")/../lib/cli.sh"

setup()
{
	default_by_eth0
	device tun0 1
	sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tun0.rp_filter=0
	file /etc/resolv.conf "nameserver 192.0.2.53"
	file /etc/nsswitch.conf "hosts: files dns"
}

# file PATH TEXT: for this test alone
file()
{
	local own=$scratch/${1##*/} is_mounted=

	[ ! -e "$own" ] || is_mounted=y
	echo "$2" >"$own"
	if [ -z "$is_mounted" ]; then
		[ -e "$1" ] || : >"$1"
		mount --bind "$own" "$1"
	fi
}

# directory PATH: empty, for this test alone
directory()
{
	mkdir -p "$1"
	mount -t tmpfs check "$1"
}

torrent_takes_the_tunnel()
{
	ownroute -q add uid 1001 mark 0x1111/0xffff table 200 dev tun0 "$@"
}

# Modules, and the firewall if there is one: asked for its rules, the kernel would load it.
others()
{
	lsmod | awk '{ print $1 }' | sort
	[ ! -d /sys/module/nf_tables ] || nft list ruleset
}

# said STATUS LINE…: exactly these lines are printed, in this order, and nothing is changed
said()
{
	local status=0 wanted=$1

	shift
	printf '%s\n' "$@" >"$scratch/wanted"
	remember_state
	others >"$scratch/others"
	ownroute check >"$scratch/got" || status=$?
	others | diff -u "$scratch/others" -
	same_files "$scratch/wanted" "$scratch/got"
	[ "$status" -eq "$wanted" ]
	same_state
}

finds()
{
	said 2 "$@"
}

notes()
{
	said 0 "$@"
	silent ownroute -q check
}

is_well()
{
	said 0 "nothing is wrong"
}

repair="ownroute repair"

nothing_is_wrong()
{
	is_well
	torrent_takes_the_tunnel
	is_well
	silent ownroute -q check
	prints "[]" ownroute -j check
	ownroute -q add uid 1002 block
	ownroute -q add uid 1003 bypass
	ownroute -q add uid 1004 dev tun0 connmark guard
	is_well
}

json()
{
	torrent_takes_the_tunnel
	ip rule del fwmark 0x1111/0xffff
	status=0
	ownroute -j check >"$scratch/json" || status=$?
	[ "$status" -eq 2 ]
	prints '[{"severity":"leak","about":[1],"problem":"IPv4 rule from mark 0x1111/0xffff to table 200 is missing","remedy":"ownroute repair"}]' \
		cat "$scratch/json"
	refuses_words
}

refuses_words()
{
	remember_state
	refuses 1 "'nonsense'" check nonsense
	refuses 1 "'nonsense'" --netns nonsense check
}

rules_and_routes_are_left()
{
	local left="broken: rules and routes of ownroute are there, but no mappings: make the mappings again, or ownroute flush"

	torrent_takes_the_tunnel
	rmmod ownroute
	insmod "$OWNROUTE_KO"
	finds "$left"
	ip rule del fwmark 0x1111/0xffff
	ip -6 rule del fwmark 0x1111/0xffff
	ip rule del uidrange 1001-1001
	ip -6 rule del uidrange 1001-1001
	finds "$left"
	ownroute -q flush
	is_well
	ip route add default dev tun0 table 200
	ip rule add fwmark 0x1111/0xffff table 200
	is_well
}

a_rule_is_missing()
{
	torrent_takes_the_tunnel
	ownroute -q add uid 1002 mark 0x1111/0xffff table 200 dev tun0
	ip -6 rule del fwmark 0x1111/0xffff
	finds "leak: mappings 1, 2: IPv6 rule from mark 0x1111/0xffff to table 200 is missing: $repair"
	ip rule del fwmark 0x1111/0xffff
	ip rule del uidrange 1002-1002
	finds "leak: mappings 1, 2: IPv4 rule from mark 0x1111/0xffff to table 200 is missing: $repair" \
		"leak: mappings 1, 2: IPv6 rule from mark 0x1111/0xffff to table 200 is missing: $repair" \
		"broken: mapping 2: IPv4 rule from uid 1002 to table 200 is missing: $repair"
}

a_guard_leaks_nothing()
{
	torrent_takes_the_tunnel guard
	ip rule del fwmark 0x1111/0xffff
	ip route flush table 200
	finds "broken: mapping 1: IPv4 backstop in table 200 is missing: $repair" \
		"broken: mapping 1: IPv4 default route in table 200 is missing: $repair" \
		"broken: mapping 1: IPv4 rule from mark 0x1111/0xffff to table 200 is missing: $repair"
}

a_route_is_missing()
{
	torrent_takes_the_tunnel
	ip route del default dev tun0 table 200
	finds "broken: mapping 1: IPv4 default route in table 200 is missing: $repair"
	ip route del unreachable default metric 4294967295 table 200
	finds "leak: mapping 1: IPv4 backstop in table 200 is missing: $repair" \
		"leak: mapping 1: IPv4 default route in table 200 is missing: $repair"
	ip route add default dev tun0 proto 111 table 200
	finds "leak: mapping 1: IPv4 backstop in table 200 is missing: $repair"
}

the_device_is_down_or_gone()
{
	torrent_takes_the_tunnel
	ip link set tun0 down
	finds "broken: mapping 1: device tun0 is down: ip link set tun0 up, then $repair"
	ip link del tun0
	finds "broken: mapping 1: device tun0 is gone: bring it back, then $repair"
	ip -6 route del unreachable default metric 4294967295 table 200
	finds "leak: mapping 1: IPv6 backstop in table 200 is missing: $repair" \
		"broken: mapping 1: device tun0 is gone: bring it back, then $repair"
}

a_table_of_others_is_empty()
{
	ownroute -q add uid 1001 mark 0x1111/0xffff table 300
	finds "leak: mapping 1: IPv4 packets that table 300 has no route for go by the main table: ip -4 route add unreachable default metric 4294967295 table 300" \
		"leak: mapping 1: IPv6 packets that table 300 has no route for go by the main table: ip -6 route add unreachable default metric 4294967295 table 300"
	ip -4 route add unreachable default metric 4294967295 table 300
	ip -6 route add unreachable default metric 4294967295 table 300
	is_well
}

a_cgroup_is_gone()
{
	local cgroup=/sys/fs/cgroup/ownroute-check

	mkdir "$cgroup"
	at_exit "rmdir $cgroup"
	ownroute -q add cgroup /ownroute-check mark 0x1111/0xffff table 200 dev tun0
	is_well
	rmdir "$cgroup"
	finds "leak: mapping 1: cgroup /ownroute-check is gone, and will be another one: ownroute del id 1, or replace id 1 when it is back"
	mkdir "$cgroup"
	finds "leak: mapping 1: cgroup /ownroute-check was made again, and matches no more: ownroute replace id 1 with the same words"
}

a_mapping_in_front_takes_the_source()
{
	torrent_takes_the_tunnel
	ownroute -q add gid 5 bypass priority 10
	finds "broken: mapping 1: its packets don't have the source address of their way, because mapping 2 comes before it and takes some of its uids elsewhere: narrow that one, or give this one source masquerade"
	ownroute -q replace id 1 uid 1001 mark 0x1111/0xffff table 200 dev tun0 source masquerade
	is_well
}

rules_of_others_come_first()
{
	local comes="comes before its own and takes its packets: give that rule a priority above 2001"

	ownroute -q add uid 1001 mark 0x1000000/0xff000000 table 200 dev tun0
	ip rule add lookup main priority 1500
	finds "leak: mapping 1: IPv4 rule \"priority 1500 lookup 254\" $comes"
	# What wg-quick does, beside rules like ours: the lowest priority but one
	ip rule del priority 1500
	ip link add wg0 type dummy
	ip link set wg0 up
	ip -6 route add default dev wg0 table 51820
	ip -6 rule add not fwmark 51820 table 51820
	ip -6 rule add table main suppress_prefixlength 0
	finds "leak: mapping 1: IPv6 rule \"priority 1998 not fwmark 0xca6c lookup 51820\" $comes"
	ip -6 rule del not fwmark 51820 table 51820
	# Those that take nothing, or others' packets
	ip rule add uidrange 1002-1003 lookup main priority 1500
	ip rule add fwmark 0x2222/0xffff lookup main priority 1501
	ip rule add lookup 300 priority 1502
	ip rule add to 198.51.100.0/24 lookup main priority 1503
	is_well
	ip rule add uidrange 1000-1001 unreachable priority 1504
	finds "broken: mapping 1: IPv4 rule \"priority 1504 uidrange 1000-1001 unreachable\" $comes"
}

names_leave_by_the_resolver()
{
	local names="the names that it asks for leave as those of"

	torrent_takes_the_tunnel
	ownroute -q add uid 1002 block
	file /etc/resolv.conf "nameserver 127.0.0.53 # a stub
		nameserver 192.0.2.53
		nameserver 2001:db8::17"
	finds "leak: mapping 1: $names the resolver, because /etc/resolv.conf has nameserver 127.0.0.53: give it dns ADDR" \
		"leak: mapping 1: $names the resolver, because /etc/resolv.conf has nameserver 2001:db8::17: give it dns ADDR"
	file /etc/resolv.conf "# nameserver 127.0.0.53"
	finds "leak: mapping 1: $names the resolver, because /etc/resolv.conf has no nameserver, which means 127.0.0.1: give it dns ADDR"
	file /etc/resolv.conf "nameserver 192.0.2.53"
	is_well
	directory /run/systemd
	file /etc/nsswitch.conf "hosts: files resolve [!UNAVAIL=return] dns"
	is_well
	mkdir /run/systemd/resolve
	: >/run/systemd/resolve/io.systemd.Resolve
	finds "leak: mapping 1: $names systemd-resolved: take resolve out of hosts: in /etc/nsswitch.conf"
	file /etc/nsswitch.conf "hosts: files dns resolve"
	is_well
	directory /run/nscd
	: >/run/nscd/socket
	file /etc/nscd.conf "enable-cache hosts no"
	is_well
	file /etc/nscd.conf "	enable-cache		hosts	yes"
	finds "leak: mapping 1: $names nscd: enable-cache hosts no in /etc/nscd.conf"
}

names_leave_by_the_lan()
{
	local leave="leak: mapping 1: the names that it asks for leave by the LAN, because /etc/resolv.conf has nameserver"
	local words=(uid 1001 mark 0x1111/0xffff table 200 dev tun0 lan)

	torrent_takes_the_tunnel
	file /etc/resolv.conf "nameserver 192.0.2.53
		nameserver 2001:db8::53
		nameserver 198.51.100.53"
	is_well
	ownroute -q replace id 1 "${words[@]}"
	finds "$leave 192.0.2.53: give it dns ADDR" "$leave 2001:db8::53: give it dns ADDR"
	# What OpenVPN makes of a default route
	ip route add 0.0.0.0/1 via 192.0.2.1
	ip route add 128.0.0.0/1 via 192.0.2.1
	finds "$leave 192.0.2.53: give it dns ADDR" "$leave 2001:db8::53: give it dns ADDR"
	ownroute -q replace id 1 "${words[@]}" dns 10.1.0.53
	finds "$leave 2001:db8::53: give it dns ADDR"
	ownroute -q replace id 1 "${words[@]}" dns 10.1.0.53 dns fd00:1::53
	is_well
}

a_namespace_has_its_own_resolver()
{
	directory /etc/netns
	directory /run/netns
	ip netns add checked
	at_exit "ip netns del checked"
	ip netns exec checked ip link set lo up
	ip netns exec checked ip link add tun0 type dummy
	ip netns exec checked ip link set tun0 up
	ownroute -n checked -q add uid 1001 dev tun0
	prints "nothing is wrong" ownroute -n checked check
	mkdir /etc/netns/checked
	echo "nameserver ::1" >/etc/netns/checked/resolv.conf
	ownroute -n checked check >"$scratch/said" || [ $? -eq 2 ]
	has "leak: mapping 1: the names that it asks for leave as those of the resolver, because /etc/resolv.conf has nameserver ::1: give it dns ADDR" \
		cat "$scratch/said"
	is_well
}

a_family_has_no_way()
{
	torrent_takes_the_tunnel
	ip address del 10.1.0.1/24 dev tun0
	ip route add default dev tun0 proto 111 table 200
	notes "note: mapping 1: tun0 has no IPv4 address, answers may not find back: give it IPv4 if that is wanted, nothing leaks"
	ip address add 10.1.0.1/24 dev tun0
	sysctl -qw net.ipv6.conf.tun0.disable_ipv6=1
	ownroute -q replace id 1 uid 1001 mark 0x1111/0xffff table 200 dev tun0
	notes "note: mapping 1: tun0 carries no IPv6, senders get an error: give it IPv6 if that is wanted, nothing leaks"
	ownroute -q replace id 1 uid 1001 mark 0x1111/0xffff table 200 via 10.1.0.254
	notes "note: mapping 1: it has no IPv6 gateway, senders get an error: give it IPv6 if that is wanted, nothing leaks"
	# Nobody has IPv6.
	ip -6 route del default via 2001:db8::1
	is_well
}

rp_filter_drops_the_answers()
{
	local drops="broken: mapping 1: rp_filter drops the IPv4 answers to its packets:"

	torrent_takes_the_tunnel
	sysctl -qw net.ipv4.conf.eth0.rp_filter=1
	is_well
	sysctl -qw net.ipv4.conf.all.rp_filter=1
	finds "$drops sysctl net.ipv4.conf.tun0.rp_filter=2"
	sysctl -qw net.ipv4.conf.tun0.rp_filter=2
	is_well
	ip route del default via 192.0.2.1
	finds "$drops a default route in the main table, or connmark and sysctl net.ipv4.conf.tun0.src_valid_mark=1"
	ownroute -q replace id 1 uid 1001 mark 0x1111/0xffff table 200 dev tun0 connmark
	finds "$drops sysctl net.ipv4.conf.tun0.src_valid_mark=1"
	sysctl -qw net.ipv4.conf.tun0.src_valid_mark=1
	is_well
	sysctl -qw net.ipv4.conf.tun0.rp_filter=1
	is_well
}

others_use_its_bits()
{
	torrent_takes_the_tunnel
	ip rule add fwmark 0x100/0xf00 lookup 300 priority 3000
	finds "collision: mapping 1: the rule \"priority 3000 fwmark 0x100/0xf00 lookup 300\" looks at bits 0xf00 of its mark: use others in one of both"
	ip rule del priority 3000
	ip rule add fwmark 0x10000/0xf0000 lookup 300 priority 3000
	ip rule add fwmark 0x20000 lookup 300 priority 3000
	is_well
	ip rule add fwmark 0x20001 lookup 300 priority 3000
	finds "collision: mapping 1: the rule \"priority 3000 fwmark 0x20001 lookup 300\" looks at bits 0x1 of its mark: use others in one of both"
}

nftables_uses_its_bits()
{
	local chain="collision: mapping 1: the nftables chain inet other"

	torrent_takes_the_tunnel
	nft -f - <<-EOF
		table inet other {
			chain far {
				type filter hook output priority filter
				meta mark & 0xff0000 == 0x10000 counter accept
				meta mark set meta mark & 0xff00ffff | 0x20000
				ct mark 0x1111 counter
				ct mark set meta mark
				tcp dport 4369 accept
				meta mark 0 accept
			}
		}
	EOF
	is_well
	nft add rule inet other far meta mark 0x30001
	nft add chain inet other near
	nft add rule inet other near meta mark '&' 0xff0 != 0x10 accept
	nft add rule inet other near meta mark '&' 0xf000 '{' 0x1000, 0x2000 '}' accept
	nft add rule inet other near meta mark set meta mark '|' 0x3
	finds "$chain far looks at bits 0x1 of its mark: use others in one of both" \
		"$chain near changes bits 0x3 of its mark: use others in one of both" \
		"$chain near looks at bits 0xfff0 of its mark: use others in one of both"
	nft flush table inet other
	nft add rule inet other near meta mark set 1
	finds "$chain near changes bits 0xffff of its mark: use others in one of both"
	nft flush table inet other
	nft add rule inet other near ct mark set ct mark '&' 0xffffff00
	is_well
	ownroute -q replace id 1 uid 1001 mark 0x1111/0xffff table 200 dev tun0 connmark
	finds "$chain near changes bits 0xff of its mark in connections: use others in one of both"
}

iptables_uses_its_bits()
{
	local command=$1 chain="collision: mapping 1: the $2"

	torrent_takes_the_tunnel connmark
	"$command" -t mangle -A OUTPUT -m mark --mark 0x10000/0xf0000 -j MARK --set-mark 0x20000/0xf0000
	"$command" -t mangle -A OUTPUT -m comment --comment "0x1111" -p udp --dport 4369 -j ACCEPT
	is_well
	"$command" -t mangle -A OUTPUT -m mark ! --mark 0x10/0xf0 -j ACCEPT
	"$command" -t mangle -A OUTPUT -j MARK --set-xmark 0x1/0x1
	"$command" -t mangle -A OUTPUT -m connmark --mark 0x200/0xf00 -j ACCEPT
	"$command" -t mangle -A OUTPUT -j CONNMARK --set-mark 0x1000/0x3000
	finds "$chain changes bits 0x1 of its mark: use others in one of both" \
		"$chain changes bits 0x3000 of its mark in connections: use others in one of both" \
		"$chain looks at bits 0xf0 of its mark: use others in one of both" \
		"$chain looks at bits 0xf00 of its mark in connections: use others in one of both"
	"$command" -t mangle -F
	"$command" -t mangle -A OUTPUT -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff
	finds "$chain changes bits 0xff of its mark: use others in one of both"
	"$command" -t mangle -F
	"$command" -t mangle -A OUTPUT -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff
	finds "$chain changes bits 0xff of its mark in connections: use others in one of both"
}

iptables_in_nftables_uses_its_bits()
{
	iptables_uses_its_bits iptables-nft "nftables chain ip mangle OUTPUT"
}

iptables_legacy_uses_its_bits()
{
	iptables_uses_its_bits iptables-legacy "iptables-legacy table mangle"
}

ip6tables_legacy_uses_its_bits()
{
	iptables_uses_its_bits ip6tables-legacy "ip6tables-legacy table mangle"
}

# connections_are_not_tracked CHAIN WIDE NARROW CLEAR: of all packets after the command WIDE, of
# others' after NARROW
connections_are_not_tracked()
{
	local chain=$1 wide=$2 narrow=$3 clear=$4

	torrent_takes_the_tunnel
	$wide
	is_well
	ownroute -q add uid 1002 mark 0x2222/0xffff table 300 dev tun0 connmark
	finds "broken: mapping 2: the $chain has connections not tracked (notrack): narrow it to others' packets"
	$clear
	is_well
	$narrow
	notes "note: mapping 2: the $chain has some connections not tracked (notrack): see that its packets are not among them"
}

nftables_tracks_no_connections()
{
	nft -f - <<-EOF
		table ip other {
			chain raw {
				type filter hook output priority raw
			}
		}
	EOF
	connections_are_not_tracked "nftables chain ip other raw" \
		"nft add rule ip other raw counter notrack" \
		"nft add rule ip other raw meta skuid 1003 notrack" \
		"nft flush table ip other"
}

iptables_tracks_no_connections()
{
	connections_are_not_tracked "$2" \
		"$1 -t raw -A OUTPUT -j $3" \
		"$1 -t raw -A OUTPUT -p udp -j $3" \
		"$1 -t raw -F"
}

iptables_in_nftables_tracks_no_connections()
{
	iptables_tracks_no_connections iptables-nft "nftables chain ip raw OUTPUT" "CT --notrack"
}

iptables_legacy_tracks_no_connections()
{
	iptables_tracks_no_connections iptables-legacy "iptables-legacy table raw" "CT --notrack"
}

ip6tables_legacy_tracks_no_connections()
{
	iptables_tracks_no_connections ip6tables-legacy "ip6tables-legacy table raw" NOTRACK
}

networkd_deletes_what_is_ours()
{
	local unit=systemd/system/multi-user.target.wants/systemd-networkd.service

	torrent_takes_the_tunnel
	directory /etc/systemd
	directory /run/systemd
	mkdir -p "/etc/${unit%/*}"
	ln -s /lib/systemd/system/systemd-networkd.service "/etc/$unit"
	# It is the machine's namespace that networkd works in.
	is_well
	networkd_is_seen "Routes routes" "RoutingPolicyRules rules"
	printf '[Network]\nManageForeignRoutes=no\n' >/etc/systemd/networkd.conf
	networkd_is_seen "RoutingPolicyRules rules"
	mkdir /etc/systemd/networkd.conf.d /run/systemd/networkd.conf.d
	printf '[Network]\nManageForeignRoutingPolicyRules = 0\n' >/run/systemd/networkd.conf.d/a.conf
	networkd_is_seen
	printf '[Network]\nManageForeignRoutes=yes\n[Other]\nManageForeignRoutingPolicyRules=yes\n' \
		>/etc/systemd/networkd.conf.d/b.conf
	networkd_is_seen "Routes routes"
	# Stands for the other of its name
	: >/etc/systemd/networkd.conf.d/a.conf
	networkd_is_seen "Routes routes" "RoutingPolicyRules rules"
}

# networkd_is_seen [SETTING WHAT]…: where process 1 has this namespace
networkd_is_seen()
{
	local each

	: >"$scratch/wanted"
	for each in "$@"; do
		echo "collision: systemd-networkd deletes ${each#* } that aren't its own: ManageForeign${each% *}=no below [Network] in /etc/systemd/networkd.conf"
	done >"$scratch/wanted"
	[ $# -gt 0 ] || echo "nothing is wrong" >"$scratch/wanted"
	unshare --pid --fork --mount-proc ownroute check >"$scratch/got" || [ $? -eq 2 ]
	same_files "$scratch/wanted" "$scratch/got"
}

the_module_is_older()
{
	torrent_takes_the_tunnel
	file /sys/module/ownroute/version 0.0.9
	finds "broken: the ownroute module that is loaded is older than the library: save the mappings with ownroute export, rmmod and modprobe ownroute, apply them"
	file /sys/module/ownroute/version 99.0
	is_well
}

the_module_is_not_signed()
{
	local modules

	modules=/lib/modules/$(uname -r)/updates
	directory /lib/modules
	directory /sys/kernel/security
	mkdir -p "$modules"
	echo "a module" >"$modules/ownroute.ko"
	echo "[none] integrity confidentiality" >/sys/kernel/security/lockdown
	is_well
	echo "none [integrity] confidentiality" >/sys/kernel/security/lockdown
	finds "broken: $modules/ownroute.ko is not signed and can't be loaded, because the kernel is locked down: sign it, and enrol the key with mokutil --import"
	echo "~Module signature appended~" >>"$modules/ownroute.ko"
	is_well
}

run_tests nothing_is_wrong \
	json \
	rules_and_routes_are_left \
	a_rule_is_missing \
	a_guard_leaks_nothing \
	a_route_is_missing \
	the_device_is_down_or_gone \
	a_table_of_others_is_empty \
	a_cgroup_is_gone \
	a_mapping_in_front_takes_the_source \
	rules_of_others_come_first \
	names_leave_by_the_resolver \
	names_leave_by_the_lan \
	a_namespace_has_its_own_resolver \
	a_family_has_no_way \
	rp_filter_drops_the_answers \
	others_use_its_bits \
	nftables_uses_its_bits \
	iptables_in_nftables_uses_its_bits \
	iptables_legacy_uses_its_bits \
	ip6tables_legacy_uses_its_bits \
	nftables_tracks_no_connections \
	iptables_in_nftables_tracks_no_connections \
	iptables_legacy_tracks_no_connections \
	ip6tables_legacy_tracks_no_connections \
	networkd_deletes_what_is_ours \
	the_module_is_older \
	the_module_is_not_signed
