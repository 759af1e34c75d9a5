# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests that run in virtual machines, and check, check-debug and demo, which run them.

cache := $(or $(OWNROUTE_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/ownroute)

# $(call release_of,VERSION): of the kernel in the cache, once make deps has filled it
release_of = $(notdir $(shell readlink $(cache)/kernels/$1))

# Each source file of selftests/netlink without a header is a program; the others
# are what the programs share, those of selftests/debug too, which run on the debug
# kernel only. netlink/abi is one source for the three ABIs of a
# 64-bit kernel: abi, abi-m32, abi-mx32.

netlink_sources := $(patsubst %.c,%,$(wildcard selftests/netlink/*.c selftests/debug/*.c))
netlink_shared := $(patsubst %.h,%,$(wildcard $(netlink_sources:=.h)))
netlink_tests :=
netlink_objs :=

# That a macro's defaults are overridden is what they are for.
netlink_flags := -D_GNU_SOURCE= -Wno-override-init -Iselftests/netlink \
	-isystem $(cache)/linux-source/tools/testing/selftests

# $(call netlink_programs,PROGRAMS,ABI,SUFFIX)
define netlink_programs
netlink_objs += $(patsubst %,$(O)/%$3.o,$1 $(netlink_shared))
netlink_tests += $(patsubst selftests/%,$(O)/tests/%$3,$1)

$(patsubst %,$(O)/%$3.o,$1 $(netlink_shared)): $(O)/%$3.o: %.c
	@mkdir -p $$(@D)
	$$(CC) $2 $$(CPPFLAGS) $$(CFLAGS) $$(netlink_flags) -MMD -MP -c -o $$@ $$<

$(patsubst selftests/%,$(O)/tests/%$3,$1): $(O)/tests/%$3: \
		$(O)/selftests/%$3.o $(patsubst %,$(O)/%$3.o,$(netlink_shared))
	@mkdir -p $$(@D)
	$$(CC) $2 $$(LDFLAGS) -o $$@ $$^
endef
$(eval $(call netlink_programs,$(filter-out $(netlink_shared),$(netlink_sources)),-m64,))
$(eval $(call netlink_programs,selftests/netlink/abi,-m32,-m32))
$(eval $(call netlink_programs,selftests/netlink/abi,-mx32,-mx32))

# What selftests/net starts most: both ends of the traffic that it looks at, what is run
# elsewhere, and mappings alone. Static, because on the debug kernel they start twice as fast so.

who_objs := $(patsubst %.cpp,$(O)/%.o,$(wildcard selftests/net/who/*.cpp))

$(who_objs): $(O)/%.o: %.cpp
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

who := $(O)/tests/bin/who $(O)/tests/bin/within $(O)/tests/bin/mapping

$(O)/tests/bin/who: $(who_objs)
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -static -o $@ $^

$(O)/tests/bin/within: selftests/net/within.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -D_GNU_SOURCE= $(LDFLAGS) -static -o $@ $<

$(O)/tests/bin/mapping: selftests/net/mapping.c $(patsubst %,$(O)/selftests/netlink/%.o,genl mappings)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(netlink_flags) $(LDFLAGS) -static -o $@ $^

.PHONY: vm-tests
vm-tests: $(netlink_tests) $(who)

deps:
	@selftests/deps/install-packages
	@selftests/deps/fill-cache

# What check, check-debug and demo need is built by a make that starts when deps is done, and
# can ask what deps has installed.

KERNELS ?= 6.1 6.12
check: deps
	@mkdir -p $(O)
	+@O=$(O) selftests/check $(KERNELS) | tee $(O)/check.ktap
	@selftests/ktap-totals $(O)/check.ktap

check-debug: deps
	@selftests/debug/build-kernel
	@mkdir -p $(O)
	+@O=$(O) selftests/check debug | tee $(O)/check-debug.ktap
	@selftests/ktap-totals $(O)/check-debug.ktap

demo_kernel := 6.12
demo: deps
	@echo "Building"
	+@$(MAKE) --silent --no-print-directory lib tools $(who) kmod \
		KVER=$(call release_of,$(demo_kernel))
	@echo "Starting a virtual machine with Debian's kernel $(demo_kernel)"
	@O=$(O) selftests/vm/run --kernel $(demo_kernel) -- selftests/demo.sh

-include $(netlink_objs:.o=.d) $(who_objs:.o=.d)
