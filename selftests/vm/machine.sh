# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What a kernel needs of the machine that it runs in.

# machine_for KERNEL_DIRECTORY: sets what depends on the kernel
#
#	machine			arguments for QEMU
#	machine_9p		its device for the host's files
#	machine_arguments	arguments for the kernel
#	machine_modules		what the initramfs has to load
#	machine_memory		MB
#	machine_timeout		seconds for a command of no great length
machine_for() {
	# The debug kernel has all drivers built in, and those of no other machine
	# than this one, which is also the one that boots it fastest.
	if grep -qsx CONFIG_VIRTIO_MMIO_CMDLINE_DEVICES=y "$1/boot/config-${1##*/}"; then
		# shellcheck disable=SC2054 # the commas are QEMU's
		machine=(-M microvm,acpi=off,pic=on,pit=on,rtc=on,isa-serial=off)
		machine_9p=virtio-9p-device
		# A namespace costs less without a device of each kind of tunnel. And who
		# waits for something slow isn't hanging.
		machine_arguments=(
			reboot=t sysctl.net.core.fb_tunnels_only_for_init_net=2
			sysctl.kernel.hung_task_timeout_secs=600
		)
		machine_modules=()
		machine_memory=2048
		machine_timeout=1800
	else
		machine=(-M pc)
		machine_9p=virtio-9p-pci
		machine_arguments=()
		machine_modules=(virtio_pci 9pnet_virtio 9p overlay)
		machine_memory=1024
		machine_timeout=600
	fi
}
