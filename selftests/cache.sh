# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The cache: what `make deps` fetches and no package manager should install.
# It lies outside the tree, so that all clones of a user share it.
#
#	busybox			static, for the VM's initramfs
#	kernels/6.1, 6.12	links to the directories of these kernels:
#	kernels/debug		link to that of the kernel of check-debug
#	kernels/$KVER/		image, modules and headers, laid out as in /
#	linux-source/		test headers and checkpatch of the kernel's source

cache=${OWNROUTE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ownroute}

# kernel_directory VERSION: where the kernel 6.1, 6.12, debug or $KVER is, if it is there.
# The last part of the path is its full version.
kernel_directory() {
	readlink -e "$cache/kernels/$1"
}

# module_targets VERSION: what make can build for this kernel, a line each
module_targets() {
	echo kmod
	! grep -qsx CONFIG_KUNIT=y "$(kernel_directory "$1")"/boot/config-* || echo kunit
}
