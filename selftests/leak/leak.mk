# SPDX-License-Identifier: LGPL-2.1-or-later
# make leak: what leaks to the ISP, with ours and with others. The packets themselves, of two tools:
# make leak PACKETS=1 TOOLS="ours uidrange"

leak_kernel := 6.12
leak_objs := $(patsubst %.c,$(O)/%.o,$(wildcard selftests/leak/*.c))

$(leak_objs): $(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -D_GNU_SOURCE= \
		-isystem $(cache)/linux-source/tools/testing/selftests -MMD -MP -c -o $@ $<

$(O)/tests/bin/leak: $(leak_objs)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^

vm-tests: $(O)/tests/bin/leak

.PHONY: leak
leak: deps
	@echo "Building"
	+@$(MAKE) --silent --no-print-directory lib tools $(O)/tests/bin/leak $(who) kmod \
		KVER=$(call release_of,$(leak_kernel))
	@echo "Measuring, on Debian's kernel $(leak_kernel): some minutes"
	@O=$(O) selftests/vm/run --kernel $(leak_kernel) --timeout 1800 -- \
		env PACKETS=$(PACKETS) selftests/leak/compare $(TOOLS)

-include $(leak_objs:.o=.d)
