#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# ownroute(8) and what the command says of itself.
# shellcheck disable=SC2317 # check calls the functions
. "$(dirname "$0")/../lib/ktap.sh"

man=$(dirname "$0")/../../Documentation/man

its_text_is_current()
{
	"$man/render" "$man/ownroute.8" | diff -u "$man/ownroute.8.txt" -
}

it_has_the_words_of_the_help()
{
	local word words

	words=$(ownroute help | grep -o -e '--[a-z-]*' -e '^  ownroute [a-z]*' -e '[a-z]* [A-Z][A-Z]*' |
		sed 's/^  ownroute //; s/ [A-Z]*$//' | sort -u)
	echo "$words"
	[ "$(echo "$words" | wc -l)" -ge 19 ]
	for word in $words; do
		grep -qw -e "$word" "$man/ownroute.8.txt"
	done
}

it_has_the_version()
{
	grep -qF "\"$(ownroute --version)\"" "$man/ownroute.8"
}

for test in its_text_is_current it_has_the_words_of_the_help it_has_the_version; do
	check "${test//_/ }" $test
done
ktap_finish
