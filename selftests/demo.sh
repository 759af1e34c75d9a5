#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Shows the main job step by step: what one user sends goes through a tunnel and
# nowhere else. Exit status 0 if every step held.
#
# It makes users and changes the network of the machine it runs on, so it runs
# only in the VM of `make demo`, which is gone afterwards.
if [ ! -e /run/ownroute-vm ]; then
	echo "${0##*/}: runs only in a virtual machine; type: make demo" >&2
	exit 1
fi

# Nothing to clean up, nothing to wait for: see topology.sh.
at_exit()
{
	:
}
. "$(dirname "$0")/lib/topology.sh"

held=0 failed=0

# title TEXT…: of a step
title()
{
	printf '\n%s\n' "$*"
}

# judge STATUS SENTENCE
judge()
{
	if [ "$1" -eq 0 ]; then
		held=$((held + 1))
		echo "    ✓ $2"
	else
		failed=$((failed + 1))
		echo "    ✗ $2"
	fi
}

# type WORD…: as a person would type it, with what it prints; kept in $output
type_command()
{
	local status

	echo "  # $*"
	output=$("$@" 2>&1)
	status=$?
	[ -z "$output" ] || echo "    ${output//$'\n'/$'\n    '}"
	return $status
}

# not WORD…: "! WORD…" as a command, whose status $? has
not()
{
	! "$@"
}

# step SENTENCE WORD…: holds if the command succeeds
step()
{
	local sentence=$1

	shift
	type_command "$@"
	judge $? "$sentence"
}

# answer WANTED SENTENCE USER ADDR: who answers the user there, or which error
answer()
{
	type_command runuser -u "$3" -- who ask "$4" udp
	[ "$output" = "$1" ]
	judge $? "$2"
}

# answers WANTED USER HOW: in both families
answers()
{
	answer "$1" "$2 $3 (IPv4)" "$2" "$server4"
	answer "$1" "$2 $3 (IPv6)" "$2" "$server6"
}

# routing: all that `ownroute add` may change
routing()
{
	ip rule
	ip -6 rule
	ip route show table all | sort
	ip -6 route show table all | sort
}

cat <<EOF

This machine reaches the server, $server4 and $server6, on two ways. At
the end of each somebody else answers for it:

                   ┌── eth0 ────── "isp"        the default route
    this machine ──┤
                   └── tun0 ────── "tunnel"     no route yet
EOF

topology
# Where users may run it, too
install "$(command -v who)" /usr/local/bin/
PATH=/usr/local/bin:$PATH

title "1. Two users, both answered by the ISP"
step "there is a user torrent" useradd torrent
step "there is a user web" useradd web
answers isp torrent "is answered by the ISP"
answers isp web "is answered by the ISP"
before=$(routing)

title "2. What torrent sends shall go through the tunnel"
step "the module is loaded" insmod "$OWNROUTE_KO"
step "torrent is mapped to tun0" ownroute add user torrent dev tun0

title "3. Only torrent goes there"
answers tunnel torrent "is answered through the tunnel"
answers isp web "is still answered by the ISP"

title "4. What there is now"
step "the list can be read" ownroute list
[[ $output == *"uid $(id -u torrent) "*"dev tun0"* ]]
judge $? "the mapping is in it"

title "5. The tunnel goes down"
step "tun0 is down" ip link set tun0 down
answers EHOSTUNREACH torrent "gets an error, and not the ISP"
answers isp web "has not noticed"

title "6. The tunnel is up again, and the mapping becomes a guard: a kill switch"
step "tun0 is up" ip link set tun0 up
step "torrent's mapping guards tun0; the route that went with it is back" \
	ownroute replace id 1 user torrent dev tun0 guard
answers tunnel torrent "is answered through the tunnel"

title "7. Somebody deletes the rules that lead there"
step "the IPv4 rules are gone" ip -4 rule flush protocol 111
step "the IPv6 rules are gone" ip -6 rule flush protocol 111
answers EPERM torrent "gets an error, and not the ISP"
answers isp web "has not noticed"
step "the list says what is missing" ownroute list
[[ $output == *missing* ]]
judge $? "it does"
not type_command rmmod ownroute
judge $? "the module can't be unloaded while it guards"

title "8. The mapping is taken away"
step "torrent is not mapped any more" ownroute del user torrent
answers isp torrent "is answered by the ISP again"
answers isp web "is answered by the ISP"
diff <(echo "$before") <(routing)
judge $? "ip rule and ip route print what they printed in the beginning"
step "the module is unloaded" rmmod ownroute

title "$held of $((held + failed)) held."
exit $((failed > 0))
