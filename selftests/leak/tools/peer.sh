# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What the tools have in common that need rules and routes made by hand. A tool has these
# functions:
#
#	tool_there	can it be used here?
#	tool_up		have the owner's packets go by tun0
#	tool_down	take away whatever there is of that
#	tool_replace	the same by another mark or table, without a gap

# by_table TABLE: a table that leads to tun0, or nowhere
by_table()
{
	local family

	for family in -4 -6; do
		ip $family -batch - <<-EOF
			route replace default dev tun0 table $1
			route replace unreachable default metric 4294967295 table $1
		EOF
	done
}

# by_rule PRIORITY TABLE SELECTOR…: a rule that leads to a table
by_rule()
{
	local family priority=$1 table=$2

	shift 2
	for family in -4 -6; do
		ip $family rule add priority "$priority" "$@" lookup "$table"
	done
}

# no_rules: that lead to the tables, be it several to one
no_rules()
{
	local family

	for family in -4 -6; do
		ip $family -force -batch - <<-EOF 2>/dev/null
			rule del table $table
			rule del table $table
			rule del table $other_table
			rule del table $other_table
		EOF
	done
	true
}

# no_tables: ip(8) takes routes that are unreachable in IPv6 for those of lo, and leaves them
no_tables()
{
	local family

	for family in -4 -6; do
		ip $family -force -batch - <<-EOF 2>/dev/null
			route flush table $table
			route flush table $other_table
			route del unreachable default metric 4294967295 table $table
			route del unreachable default metric 4294967295 table $other_table
		EOF
	done
	true
}

# no_way: neither
no_way()
{
	no_rules
	no_tables
}
