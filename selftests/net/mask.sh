#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# new mark = (old & ~mask) | mark
. "$(dirname "$0")/../lib/traffic.sh"

topology
way 1/0xf tun0 100
module_load

# leaves_with MARK ADDR [OPTION]…: a datagram of the mapped user goes out so
leaves_with()
{
	local mark=$1 address=$2

	shift 2
	nft_counter client seen postrouting meta mark "$mark"
	who flood "$address" udp uid 1001 count 1 "$@"
	expect 1 nft_packets client seen
}

masked()
{
	ownroute add uid 1001 mark 1/0xff
	leaves_with 0x12345601 "$1" mark 0x12345678
}

whole_word()
{
	ownroute add uid 1001 mark 1
	leaves_with 1 "$1" mark 0x12345678
}

highest_bits()
{
	ownroute add uid 1001 mark 0x81000000/0xff000000
	leaves_with 0x81345678 "$1" mark 0x12345678
}

cleared()
{
	ownroute add uid 1001 mark 0/0xff
	leaves_with 0x12345600 "$1" mark 0x12345678
}

same_already()
{
	ownroute add uid 1001 mark 1/0xf
	leaves_with 1 "$1" mark 1
	answered tunnel "$1" udp uid 1001 mark 1
}

marked_by_nft()
{
	nft -f - <<-EOF
		table inet earlier {
			chain output {
				type filter hook output priority raw
				meta mark set 0x500000
			}
		}
	EOF
	ownroute add uid 1001 mark 1/0xff
	leaves_with 0x500001 "$1"
}

foreign_rule()
{
	local option

	for option in -4 -6; do
		ip $option rule add fwmark 0x100000/0x100000 lookup main priority 50
	done
	ownroute add uid 1001 mark 1/0xf
	answered tunnel "$1" udp uid 1001
	answered isp "$1" udp uid 1001 mark 0x100000
}

mark_alone()
{
	ownroute add uid 1001 mark 8
	answered isp "$1" udp uid 1001
	answered isp "$1" tcp uid 1001
}

rule_with_mask()
{
	ownroute add uid 1001 mark 1/0xf
	answered tunnel "$1" udp uid 1001 mark 0x12345678
	answered tunnel "$1" tcp uid 1001 mark 0x12345678
}

# check_and_clear_rules NAME CMD…: nor a rule
check_and_clear_rules()
{
	local option

	check_and_clear "$@"
	for option in -4 -6; do
		ip $option rule del priority 50 2>/dev/null
	done
}

for address in "$server4" "$server6"; do
	name=$(family "$address")
	check_and_clear_rules "$name: bits outside the mask stay as the application set them" \
		masked "$address"
	check_and_clear_rules "$name: bits outside the mask stay as nft set them" \
		marked_by_nft "$address"
	check_and_clear_rules "$name: a mark without a mask is the whole word" \
		whole_word "$address"
	check_and_clear_rules "$name: the highest bits" highest_bits "$address"
	check_and_clear_rules "$name: a mark of 0 clears the mask's bits" cleared "$address"
	check_and_clear_rules "$name: a mark that is there already" same_already "$address"
	check_and_clear_rules "$name: a mark that no rule knows changes no way" \
		mark_alone "$address"
	check_and_clear_rules "$name: a rule with a mask, among other bits" \
		rule_with_mask "$address"
	check_and_clear_rules "$name: a rule on bits outside the mask still holds" \
		foreign_rule "$address"
done

ktap_finish
