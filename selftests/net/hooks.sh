#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A namespace without mappings has no hooks, and its packets don't meet the
# module: the kernel's function tracer sees none of its functions called, but for
# those that free what was deleted, whenever RCU is ready.
. "$(dirname "$0")/../lib/traffic.sh"

trace_module()
{
	echo ':mod:ownroute' >$tracing/set_ftrace_filter
	echo '*_rcu:mod:ownroute' >$tracing/set_ftrace_notrace
	echo function-fork >$tracing/trace_options
	echo function >$tracing/current_tracer
}
trace_nothing()
{
	echo nop >$tracing/current_tracer
	: >$tracing/set_ftrace_pid
	: >$tracing/set_ftrace_filter
	: >$tracing/set_ftrace_notrace
}

# Only questions leave the namespaces: what IPv6 sends when a timer says so may interrupt the
# one who is traced.
silence_new_devices()
{
	"$1" sysctl -qw net.ipv6.conf.default.router_solicitations=0 \
		net.ipv6.conf.default.mldv1_unsolicited_report_interval=1 \
		net.ipv6.conf.default.mldv2_unsolicited_report_interval=1
}
silence_probes()
{
	"$1" sysctl -qw net.ipv6.neigh.eth0.delay_first_probe_time=3600
}

silence_new_devices client
topology
silence_probes client
netns_add second
silence_new_devices second
join second 2 eth0 isp 1
silence_probes second
default_route second 2
link_is_up client eth0
link_is_up second eth0
module_load

tracing=/sys/kernel/tracing
mountpoint -q $tracing || mount -t tracefs tracefs $tracing
[ -e $tracing/set_ftrace_filter ] || ktap_skip_all "the kernel has no function tracer"

trace_module
at_exit trace_nothing

# calls NS ADDR: how often a question from NS calls a function of the module
calls()
{
	: >$tracing/trace
	(
		echo $BASHPID >$tracing/set_ftrace_pid
		"$1" who ask "$2" udp uid 1002
	) >/dev/null
	grep -vc '^#' $tracing/trace || true
}

unhooked()
{
	expect 0 calls "$1" "$server4"
	expect 0 calls "$1" "$server6"
}

hooked()
{
	not expect 0 calls "$1" "$server4"
	not expect 0 calls "$1" "$server6"
}

no_mapping()
{
	unhooked client
	unhooked second
}

only_where_a_mapping_is()
{
	ownroute add uid 1001 mark 1
	hooked client
	unhooked second
}

as_long_as_there_is_one()
{
	ownroute add uid 1003 mark 1
	ownroute del uid 1001
	hooked client
}

gone_with_the_last()
{
	ownroute del uid 1003
	unhooked client
}

gone_with_a_flush()
{
	second ownroute add uid 1001 mark 1
	second ownroute add uid 1003 mark 1
	hooked second
	unhooked client
	second ownroute flush
	unhooked second
}

a_refused_mapping_leaves_none()
{
	not ownroute add uid 1001 mark 0x10/0xf
	unhooked client
}

for test in no_mapping only_where_a_mapping_is as_long_as_there_is_one \
	gone_with_the_last gone_with_a_flush a_refused_mapping_leaves_none; do
	check "${test//_/ }" $test
done

ktap_finish
