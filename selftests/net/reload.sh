#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The module comes and goes while packets of mapped users are on their way from
# all CPUs. The kernel log must stay clean, which is for the machine that runs
# this to see.
. "$(dirname "$0")/../lib/traffic.sh"

topology
way 1 tun0 100
module_load

flood()
{
	nice taskset -c "$1" who flood "$2" "$3" uid 1001 count 0 deadline 100 >/dev/null &
	at_exit "kill $!"
}
flood 0 "$server4" udp
flood 1 "$server6" udp
flood 1 "$server4" tcp
flood 0 "$server6" tcp

counted()
{
	not expect 0 mapping_packets uid 1001
}

# The floods crowd out single datagrams, so ask by TCP, and again.
answers()
{
	wait_for "an answer by $1" 60 answered "$1" "$2" tcp uid 1001
}

comes_and_goes()
{
	ownroute add uid 1001 mark 1
	wait_for "packets to be counted" 60 counted
	answers tunnel "$server4"
	answers tunnel "$server6"
	"$@"
	rmmod ownroute
	answers isp "$server4"
	answers isp "$server6"
}

for round in 1 2 3 4 5; do
	check "round $round: unloaded with a mapping" comes_and_goes true
	insmod "$OWNROUTE_KO"
	check "round $round: unloaded after its last mapping went" \
		comes_and_goes ownroute flush
	insmod "$OWNROUTE_KO"
done

ktap_finish
