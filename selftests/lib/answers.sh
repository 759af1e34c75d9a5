# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Questions, and what the answers ought to be.

# What a packet can belong to, as words for who(1); "connect" is the flag
sockets=(udp "udp connect" tcp raw "raw connect" ping "ping connect")

# family ADDR: its name, for the names of tests
family()
{
	case $1 in
	*:*) echo IPv6 ;;
	*) echo IPv4 ;;
	esac
}

# bracketed ADDR: as what stands before a port
bracketed()
{
	case $1 in
	*:*) echo "[$1]" ;;
	*) echo "$1" ;;
	esac
}

# expect WANTED CMD…: CMD prints WANTED; lines count as words
expect()
{
	local wanted=$1 got

	shift
	got=$("$@")
	got=${got//$'\n'/ }
	if [ "$got" != "$wanted" ]; then
		echo "$*: expected \"$wanted\", got \"$got\""
		return 1
	fi
}

# answered WANTED ADDR KIND…: the answers to the questions of this `who ask`
answered()
{
	local wanted=$1

	shift
	expect "$wanted" who ask "$@"
}

# open_asker ADDR KIND…: open a socket (and a connection) that asks whenever
# next_answer says so, until the caller's shell ends
open_asker()
{
	local line

	coproc asker { exec who ask "$@" wait count 1000; }
	read -r -t 10 line <&"${asker[0]}"
	[ "$line" = open ]
}

# next_answer: to the next question of the open asker
next_answer()
{
	local line

	echo >&"${asker[1]}"
	read -r -t 10 line <&"${asker[0]}"
	echo "$line"
}
