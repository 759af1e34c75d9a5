# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# How something gets from Debian into the cache without being installed.
. "$(dirname "${BASH_SOURCE[0]}")/../cache.sh"

die() { echo "deps: $*" >&2; exit 1; }

sudo=()
[ "$(id -u)" -eq 0 ] || ! command -v sudo >/dev/null || sudo=(sudo)

# Runs a command; if it fails, once more with fresh package lists.
with_fresh_lists() {
	"$@" && return
	[ -z "${lists_are_fresh:-}" ] || return 1
	lists_are_fresh=1
	"${sudo[@]}" apt-get -qq update && "$@"
}

# download PACKAGE: the package's name without version -> $work/PACKAGE*.deb
download_now() {
	(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download "$1")
}

download() {
	echo "deps: fetching $1"
	with_fresh_lists download_now "$1" || die "can't download $1"
}

# dependency PACKAGE PATTERN: the name of the package it depends on
dependency_now() {
	apt-cache depends --important "$1" 2>/dev/null |
		awk -v pattern="^$2\$" '$1 ~ /Depends:/ && $2 ~ pattern { print $2; exit }' | grep .
}

dependency() {
	with_fresh_lists dependency_now "$1" "$2" || die "no package $1 that depends on a $2"
}

# version PACKAGE: of the one that download would fetch
version_now() {
	apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n 's/^Version: //p' | grep .
}

version() {
	with_fresh_lists version_now "$1" || die "no package $1"
}

# unpack PACKAGE DIRECTORY
unpack() {
	dpkg -x "$work/$1"_*.deb "$2"
	rm "$work/$1"_*.deb
}

# unpack_source DIRECTORY [FILE]...: all of the kernel's source, or some files
source_package=linux-source-6.12
unpack_source() {
	local directory=$1

	shift
	mkdir "$directory"
	dpkg --fsys-tarfile "$work/$source_package"_*.deb |
		tar -xO "./usr/src/$source_package.tar.xz" | xz -dc |
		tar -x -C "$directory" --strip-components=1 "${@/#/$source_package/}"
}

# Everything is put together in $work, on the file system of the cache, and
# moved to its place by one rename when it is complete.
begin() {
	work=$(mktemp -d "$cache/.incomplete.XXXXXX")
}

finish() { # FROM TO
	rm -rf "${cache:?}/$2"
	mv "$work/$1" "$cache/$2"
	rm -rf "$work"
}

# lock_cache: until the script ends, which takes along what it hasn't finished
lock_cache() {
	mkdir -p "$cache"
	exec 9>"$cache/.lock"
	flock 9
	rm -rf "$cache"/.incomplete.*
	work=
	trap 'rm -rf "$work"' EXIT
}
