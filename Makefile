# SPDX-License-Identifier: LGPL-2.1-or-later
#
#	make			library, command, and the module where headers exist
#	make check		all tests: on this machine, and in VMs on Debian's kernels
#	make check-debug	the tests in VMs once more, on a kernel that finds what
#				others let pass; builds it once, in ten minutes
#	make demo		shows in a VM what it does
#	make bench		what it costs, beside nft
#	make leak		what leaks past the tunnel, beside nft, iptables and ip rule
#	make kmod KVER=...	the module for a kernel that isn't the running one
#	make install		to $(DESTDIR)$(PREFIX) and $(DESTDIR)/lib/modules/$(KVER)
#	make deps		what the others need; check and demo see to it themselves
#	make clean
#
# A part of check: make check KERNELS=6.12 ONLY='lint unit net/*'
#		   make check-debug ONLY='debug/* net/*'

VERSION := 0.1.0

O	?= build
# One spelling, or what a compiler noted down about dependencies wouldn't be found.
override O := $(abspath $(O))
KVER	:= $(or $(KVER),$(shell uname -r))

PREFIX		?= /usr/local
BINDIR		?= $(PREFIX)/bin
LIBDIR		?= $(PREFIX)/lib
INCLUDEDIR	?= $(PREFIX)/include
MANDIR		?= $(PREFIX)/share/man
INSTALL		?= install

# WERROR=0 is for compilers newer than ours: they will have new warnings.
WERROR	?= 1
CFLAGS	?= -O2 -g
CXXFLAGS ?= -O2 -g
warnings := -Wall -Wextra $(if $(filter 1,$(WERROR)),-Werror)
override CPPFLAGS += -Iinclude/uapi
override CFLAGS += -std=gnu11 $(warnings)
override CXXFLAGS += -std=c++20 $(warnings)

ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:

.PHONY: all deps check check-debug demo kmod install clean
all: lib tools

include lib/lib.mk
include tools/tools.mk
include selftests/selftests.mk
include selftests/leak/leak.mk
include selftests/bench/bench.mk

# The module. It is built beside links to its sources, so that kmod/ stays clean
# and each kernel has its own objects. Kbuild's own variables are handed through:
# make kmod W=1 C=2 KCFLAGS=-Werror

kernel_headers := $(patsubst %/Makefile,%,$(firstword $(wildcard \
	/lib/modules/$(KVER)/build/Makefile \
	$(cache)/kernels/$(KVER)/lib/modules/$(KVER)/build/Makefile)))
kmod_dir := $(O)/kmod/$(KVER)

# $(call link_module,DIRECTORY): links to the module's sources
define link_module
	@mkdir -p $1
	@find $1 -xtype l -delete
	@cp -rsfT $(CURDIR)/kmod $1
	@ln -sfnT $(CURDIR)/include $1/include
endef

# $(call build_module,DIRECTORY,OPTIONS)
define build_module
	$(if $(kernel_headers),,$(error no headers of kernel $(KVER): install \
		linux-headers-$(KVER), or choose another kernel by KVER=))
	$(call link_module,$1)
	+@$(MAKE) --no-print-directory -C $(kernel_headers) O= M=$1 $(addsuffix =m,$2) modules
endef

kmod:
	$(call build_module,$(kmod_dir),CONFIG_OWNROUTE CONFIG_OWNROUTE_CONNMARK CONFIG_OWNROUTE_NAT)

# Its KUnit tests, for a kernel that has KUnit
.PHONY: kunit
kunit:
	$(call build_module,$(O)/kunit/$(KVER),CONFIG_OWNROUTE_KUNIT_TEST)

.PHONY: no-kmod install-kmod
no-kmod:
	@echo "The module is left out: no headers of the running kernel, $(KVER)."

install-kmod: kmod
	$(INSTALL) -D -m 644 -t $(DESTDIR)/lib/modules/$(KVER)/updates $(wildcard $(kmod_dir)/*.ko)
	$(if $(DESTDIR),,depmod $(KVER))

all: $(if $(kernel_headers),kmod,no-kmod)

.PHONY: install-man
install-man:
	$(INSTALL) -D -m 644 -t $(DESTDIR)$(MANDIR)/man8 $(wildcard Documentation/man/*.8)

install: install-lib install-tools install-man $(if $(kernel_headers),install-kmod,no-kmod)
	$(if $(DESTDIR),,ldconfig)

clean:
	rm -rf $(O)
