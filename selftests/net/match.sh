#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Which of several mappings a uid falls under: the first by (priority, id).
. "$(dirname "$0")/../lib/traffic.sh"

topology
two_ways
module_load

# goes WAY UID: in both families
goes()
{
	answered "$1" "$server4" udp uid "$2"
	answered "$1" "$server6" udp uid "$2"
}

no_mapping()
{
	goes isp 1001
}

edges()
{
	ownroute add uid 1001-1010 mark 1
	goes isp 1000
	goes tunnel 1001
	goes tunnel 1005
	goes tunnel 1010
	goes isp 1011
}

root()
{
	ownroute add uid 0 mark 1
	goes tunnel 0
	goes isp 1
}

last_uid()
{
	ownroute add uid 4294967294 mark 1
	goes tunnel 4294967294
	goes isp 4294967293
}

everybody()
{
	ownroute add uid 0-4294967294 mark 1
	goes tunnel 0
	goes tunnel 1001
	goes tunnel 2147483647
	goes tunnel 2147483648
	goes tunnel 4294967294
}

lower_priority_first()
{
	ownroute add uid 1001-1010 mark 1 priority 200
	ownroute add uid 1005 mark 2 priority 100
	goes tunnel 1004
	goes other 1005
	goes tunnel 1006
}

order_of_making_is_nothing()
{
	ownroute add uid 1005 mark 2 priority 200
	ownroute add uid 1001-1010 mark 1 priority 100
	goes tunnel 1005
}

lower_id_first()
{
	ownroute add uid 1001-1010 mark 1 id 7
	ownroute add uid 1005-1015 mark 2 id 3
	goes tunnel 1004
	goes other 1005
	goes other 1010
	goes other 1015
}

priority_before_id()
{
	ownroute add uid 1001 mark 1 id 7 priority 1
	ownroute add uid 1001 mark 2 id 3 priority 2
	goes tunnel 1001
}

priority_zero_and_last()
{
	ownroute add uid 1001 mark 1 priority 4294967295
	goes tunnel 1001
	ownroute add uid 1001 mark 2 priority 0
	goes other 1001
}

interleaved()
{
	ownroute add uid 1000-1009 mark 1 priority 3
	ownroute add uid 1002-1003 mark 2 priority 1
	ownroute add uid 1003-1006 mark 1 priority 2
	ownroute add uid 1008-1020 mark 2 priority 4
	goes tunnel 1001
	goes other 1002
	goes other 1003
	goes tunnel 1004
	goes tunnel 1009
	goes other 1010
	goes other 1020
	goes isp 1021
}

deleting_uncovers()
{
	ownroute add uid 1001 mark 2 id 1 priority 1
	ownroute add uid 1001-1002 mark 1 id 2 priority 2
	goes other 1001
	ownroute del id 1
	goes tunnel 1001
	ownroute del id 2
	goes isp 1001
}

replacing_moves()
{
	ownroute add uid 1001 mark 2 id 1 priority 1
	ownroute add uid 1001 mark 1 id 2 priority 2
	goes other 1001
	ownroute replace id 1 uid 1001 mark 2 priority 3
	goes tunnel 1001
	ownroute replace id 2 uid 1002 mark 1 priority 2
	goes other 1001
	goes tunnel 1002
}

only_the_first_counts()
{
	ownroute add uid 1001 mark 1 id 1
	ownroute add uid 1001 mark 2 id 2
	goes tunnel 1001
	expect 2 mapping_packets id 1
	expect 0 mapping_packets id 2
}

flushing_brings_all_back()
{
	ownroute add uid 1001 mark 1
	ownroute add uid 1002 mark 2
	ownroute flush
	goes isp 1001
	goes isp 1002
}

for test in no_mapping edges root last_uid everybody lower_priority_first \
	order_of_making_is_nothing lower_id_first priority_before_id \
	priority_zero_and_last interleaved deleting_uncovers replacing_moves \
	only_the_first_counts flushing_brings_all_back; do
	check "${test//_/ }" $test
	ownroute flush
done

ktap_finish
