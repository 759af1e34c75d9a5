#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A connection keeps the mapping's mark, and gives it to what no socket's mark is
# on: packets that come in, and those that the kernel sends for a socket that is gone.
. "$(dirname "$0")/../lib/traffic.sh"
. "$(dirname "$0")/../lib/late.sh"

client4=10.1.1.2
client6=fd00:1:1::2

topology
way 1/0xf tun0 100
for ns in client isp tunnel; do
	$ns sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
done
module_load

# client_of ADDR: the client's address, as the server ADDR sees it
client_of()
{
	case $1 in
	*:*) echo $client6 ;;
	*) echo $client4 ;;
	esac
}

# asked MATCH…, answered_with MATCH…: count the questions, or the answers, that meet it
asked()
{
	nft_counter client out postrouting udp dport 7 "$@"
}
answered_with()
{
	nft_counter client in input udp sport 7 "$@"
}

saved()
{
	ownroute add uid 1001 mark 1/0xf connmark
	asked ct mark 1
	answered tunnel "$1" udp uid 1001
	expect 1 nft_packets client out
}

restored()
{
	ownroute add uid 1001 mark 1/0xf connmark
	nft_counter client in input tcp sport 7 meta mark 1
	nft_counter client other input tcp sport 7 meta mark != 1
	answered tunnel "$1" tcp uid 1001
	not expect 0 nft_packets client in
	expect 0 nft_packets client other
}

without_a_stamp()
{
	ownroute add uid 1001 mark 1/0xf connmark nostamp
	answered_with meta mark 1
	answered tunnel "$1" udp uid 1001
	expect 1 nft_packets client in
}

not_without_the_word()
{
	ownroute add uid 1001 mark 1/0xf
	ownroute add uid 1003 mark 2/0xf connmark
	asked ct mark 0
	answered_with meta mark 0
	answered tunnel "$1" udp uid 1001
	expect 1 nft_packets client out
	expect 1 nft_packets client in
}

not_of_others()
{
	ownroute add uid 1001 mark 1/0xf connmark
	asked ct mark 0
	answered_with meta mark 0
	answered isp "$1" udp uid 1002
	expect 1 nft_packets client out
	expect 1 nft_packets client in
}

# early HOOK STATEMENT…: what nft does after conntrack, before the module
early()
{
	local hook=$1

	shift
	nft -f - <<-EOF
		table inet early {
			chain $hook {
				type filter hook $hook priority -160
				$*
			}
		}
	EOF
}

bits_of_others_stay_on_the_connection()
{
	ownroute add uid 1001 mark 1/0xf connmark
	early output "ct mark set 0x12345678"
	asked ct mark 0x12345671
	answered tunnel "$1" udp uid 1001
	expect 1 nft_packets client out
}

bits_of_others_stay_on_the_packet()
{
	ownroute add uid 1001 mark 1/0xf connmark
	early prerouting "meta mark set 0x12345678"
	answered_with meta mark 0x12345671
	answered tunnel "$1" udp uid 1001
	expect 1 nft_packets client in
}

bits_of_others_are_not_restored()
{
	ownroute add uid 1001 mark 1/0xf connmark
	early output "ct mark set 0x12345678"
	answered_with meta mark 1
	answered tunnel "$1" udp uid 1001
	expect 1 nft_packets client in
}

# Within the mask, too, as long as no mapping sets it.
marks_of_others_are_not_restored()
{
	ownroute add uid 1001 mark 1/0xf connmark
	early output "meta skuid 1002 ct mark set 4"
	asked ct mark 4
	answered_with meta mark 0
	answered isp "$1" udp uid 1002
	expect 1 nft_packets client out
	expect 1 nft_packets client in
}

# The way back is another one, for who doesn't know the mark.
strict_reverse_path()
{
	sysctl -qw net.ipv4.conf.tun0.rp_filter=1 net.ipv4.conf.tun0.src_valid_mark=1
	ownroute add uid 1001 mark 1/0xf
	answered timeout "$1" udp uid 1001 deadline 500
	ownroute flush
	ownroute add uid 1001 mark 1/0xf connmark
	answered tunnel "$1" udp uid 1001
	answered tunnel "$1" tcp uid 1001
}

loopback()
{
	local here

	here=$(client_of "$1")
	ownroute add uid 1001 mark 1/0xf connmark
	early output "ct mark set 1"
	nft_counter client lo input iif lo udp dport 8011 meta mark 0
	who flood "$here" udp uid 1001 count 1 port 8011
	expect 1 nft_packets client lo
}

deleted()
{
	ownroute add uid 1001 mark 1/0xf connmark
	ownroute add uid 1003 mark 2/0xf connmark
	open_asker "$1" udp connect uid 1001
	expect tunnel next_answer
	ownroute del uid 1001
	asked ct mark 1
	answered_with meta mark 0
	expect isp next_answer
	expect 1 nft_packets client out
	expect 1 nft_packets client in
}

replaced()
{
	ownroute add id 1 uid 1001 mark 1/0xf connmark
	open_asker "$1" udp connect uid 1001
	expect tunnel next_answer
	ownroute replace id 1 uid 1001 mark 3/0xf connmark
	asked ct mark 3
	answered_with meta mark 3
	expect isp next_answer
	expect 1 nft_packets client out
	expect 1 nft_packets client in
}

# datagram ADDR: user 1001 asks from port 8012 and doesn't wait
datagram()
{
	tunnel nft add rule inet watch unreachable udp dport 8013 drop
	echo | as 1001 socat -u - "UDP:$(bracketed "$1"):8013,sourceport=8012"
}

# late_datagram ADDR: the server sends to that port then, and the kernel answers
late_datagram()
{
	echo | tunnel socat -u - \
		"UDP:$(bracketed "$(client_of "$1")"):8012,bind=$(bracketed "$1"):8013"
}

unreachable()
{
	case $1 in
	*:*) watch_for unreachable icmpv6 type destination-unreachable ;;
	*) watch_for unreachable icmp type destination-unreachable ;;
	esac
}

icmp_error()
{
	unreachable "$1"
	ownroute add uid 1001 mark 1/0xf connmark
	datagram "$1"
	late_datagram "$1"
	wait_for "the error by the tunnel" 10 expect 1 nft_packets tunnel unreachable
	expect 0 nft_packets isp unreachable
}

# The error belongs to a connection that isn't its sender's.
icmp_error_of_a_mapped_kernel()
{
	ownroute add uid 0 kernel mark 2/0xf connmark
	ownroute add uid 1001 mark 1/0xf connmark
	watch_for unreachable udp dport 9
	nft_counter client out postrouting meta l4proto "{ icmp, ipv6-icmp }" ct mark 1
	datagram "$1"
	late_datagram "$1"
	wait_for "the error" 10 expect 1 nft_packets client out
}

icmp_error_after_del()
{
	unreachable "$1"
	ownroute add uid 1001 mark 1/0xf connmark
	ownroute add uid 1003 mark 2/0xf connmark
	datagram "$1"
	ownroute del uid 1001
	late_datagram "$1"
	wait_for "the error by the ISP" 10 expect 1 nft_packets isp unreachable
	expect 0 nft_packets tunnel unreachable
}

# The client goes while its connection is open; then the server has something to say.
reset()
{
	watch_for rst tcp dport 8010 tcp flags "& rst == rst"
	ownroute add uid 1001 mark 1/0xf connmark nostamp
	late_reset "$1"
	wait_for "the reset by the tunnel" 10 expect 1 nft_packets tunnel rst
	expect 0 nft_packets isp rst
}

for address in "$server4" "$server6"; do
	for test in saved restored without_a_stamp not_without_the_word \
		not_of_others bits_of_others_stay_on_the_connection \
		bits_of_others_stay_on_the_packet bits_of_others_are_not_restored \
		marks_of_others_are_not_restored loopback deleted replaced \
		icmp_error icmp_error_of_a_mapped_kernel icmp_error_after_del \
		reset; do
		check_and_clear "$(family "$address"): ${test//_/ }" $test "$address"
	done
done
# It stays so.
check_and_clear "IPv4: strict reverse path" strict_reverse_path "$server4"

ktap_finish
