# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Two ways to one server.  The client is the namespace that the script runs in.
# Needs at_exit() and wait_for() of ktap.sh.
#
#	┌───────────────────────────── client ─────────────────────────────┐
#	│            eth0                                 tun0             │
#	│  10.1.1.2/24 fd00:1:1::2/64          10.1.2.2/24 fd00:1:2::2/64  │
#	└───────────┬──────────────────────────────────────┬───────────────┘
#	            │ default route                        │ no route but way()
#	┌───────────┴────── isp ─────────┐  ┌──────────────┴─── tunnel ─────┐
#	│          client1               │  │             client1           │
#	│  10.1.1.1/24 fd00:1:1::1/64    │  │  10.1.2.1/24 fd00:1:2::1/64   │
#	│  203.0.113.1 2001:db8::1       │  │  203.0.113.1 2001:db8::1      │
#	│  who serve isp                 │  │  who serve tunnel             │
#	└────────────────────────────────┘  └───────────────────────────────┘
#
# Both far ends own the server's address and answer with their own name, so who
# answers says which way a question went.  Both lead what is for the client, on
# whatever link its address is, back through their own veth: no NAT is needed.
#
# Networks are 10.CLIENT.LINK.0/24 and fd00:CLIENT:LINK::/64.

server4=203.0.113.1
server6=2001:db8::1

# client CMD…: here, so that functions can be told where to run something
client()
{
	"$@"
}

# netns_ready NS: replies may come another way than the questions went, addresses
# can be used at once and stay when a device goes down, everybody may ping
netns_ready()
{
	"$1" sysctl -qw \
		net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0 \
		net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.conf.default.accept_dad=0 \
		net.ipv6.conf.all.keep_addr_on_down=1 \
		net.ipv6.conf.default.keep_addr_on_down=1 \
		"net.ipv4.ping_group_range=0 2147483647"
	"$1" ip link set lo up
}

# netns_name NS: from now on "NS CMD…" runs CMD in that namespace
netns_name()
{
	at_exit "ip netns del $1-$$"
	eval "$1() { within /run/netns/$1-$$ \"\$@\"; }"
	netns_ready "$1"
}

# netns_add NS: a new namespace
netns_add()
{
	ip netns add "$1-$$"
	netns_name "$1"
}

# netns_attach NS PID: the namespace of a process
netns_attach()
{
	ip netns attach "$1-$$" "$2"
	netns_name "$1"
}

# join CLIENT N DEV FAR LINK: DEV of client number N leads to the namespace FAR.
join()
{
	local client=$1 n=$2 dev=$3 far=$4 link=$5

	"$client" ip -batch - <<-EOF
		link add $dev type veth peer name client$n netns $far-$$
		address add 10.$n.$link.2/24 dev $dev
		address add fd00:$n:$link::2/64 dev $dev nodad
		link set $dev up
	EOF
	"$far" ip -batch - <<-EOF
		address add 10.$n.$link.1/24 dev client$n
		address add fd00:$n:$link::1/64 dev client$n nodad
		address add $server4/32 dev client$n
		address add $server6/128 dev client$n nodad
		link set client$n up
		route add 10.$n.0.0/16 via 10.$n.$link.2
		route add fd00:$n::/32 via fd00:$n:$link::2
	EOF
}

# default_route CLIENT N: by the ISP
default_route()
{
	"$1" ip -batch - <<-EOF
		route add default via 10.$2.1.1
		route add default via fd00:$2:1::1
	EOF
}

# link_is_up NS DEV: it can send, which is not as soon as it is told to be up: it
# has its queue when the kernel has noticed the other end, and finds no IPv6
# neighbour without a link-local address
link_is_up()
{
	wait_for "$2 in $1" 10 eval "$1 ip link show $2 | grep 'state UP'"
	wait_for "link-local address of $2 in $1" 10 \
		eval "$1 ip -6 address show $2 scope link -tentative | grep inet6"
}

# serve NS NAME [port N] ADDR…: answer NAME to what is sent to ADDR in NS, at port N if
# it is given.  Returns when the server is ready.
serve()
{
	local ns=$1 ready

	shift
	read -r ready < <(
		[ "$ns" = client ] ||
			exec within "/run/netns/$ns-$$" who serve "$@"
		exec who serve "$@"
	)
	at_exit "kill $!"
	[ "$ready" = ready ]
}

# far_end NS: a namespace that owns the server's address, not joined to anything
far_end()
{
	netns_add "$1"
	# The server answers pings, with its name; the kernel would with an echo.
	"$1" sysctl -qw net.ipv4.icmp_echo_ignore_all=1 net.ipv6.icmp.echo_ignore_all=1
}

# way MARK[/MASK] DEV TABLE [CLIENT]: packets with this mark go by DEV
way()
{
	local family

	for family in -4 -6; do
		"${4:-client}" ip $family -batch - <<-EOF
			rule add fwmark $1 lookup $3 priority $3
			route add default dev $2 table $3
		EOF
	done
}

# The ISP's half of the drawing
isp_alone()
{
	netns_ready client
	far_end isp
	join client 1 eth0 isp 1
	default_route client 1
	link_is_up client eth0
	serve isp isp "$server4" "$server6" 10.1.1.1 fd00:1:1::1
}

# The topology of the drawing
topology()
{
	isp_alone
	far_end tunnel
	join client 1 tun0 tunnel 2
	link_is_up client tun0
	serve tunnel tunnel "$server4" "$server6"
}

# Beside the tunnel another device, tun1, at whose end "other" answers: mark 1
# leads to the tunnel, by table 100, and mark 2 to the other, by table 200
two_ways()
{
	far_end other
	join client 1 tun1 other 3
	link_is_up client tun1
	serve other other "$server4" "$server6"
	way 1 tun0 100
	way 2 tun1 200
}
