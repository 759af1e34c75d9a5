# SPDX-License-Identifier: LGPL-2.1-or-later
# make bench: what it costs, counted in instructions, beside nft. A map of 100,000
# takes nft many minutes in such a VM: make bench NFT_100000=1 waits for it.

bench_kernel := 6.12
bench_kver = $(call release_of,$(bench_kernel))

$(O)/tests/bin/packets: selftests/bench/packets.cpp
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) $(LDFLAGS) -o $@ $<

# The index once more, beside links to the module's sources.
bench_dir := $(O)/bench/$(KVER)
.PHONY: bench-index
bench-index:
	$(call link_module,$(bench_dir))
	@mv $(bench_dir)/Kbuild $(bench_dir)/kmod.Kbuild
	@cp -rsfT $(CURDIR)/selftests/bench/index $(bench_dir)
	+@$(MAKE) --no-print-directory -C $(kernel_headers) O= M=$(bench_dir) modules

.PHONY: bench
bench: deps
	@echo "Building"
	+@$(MAKE) --silent --no-print-directory lib tools $(O)/tests/bin/packets kmod bench-index \
		KVER=$(bench_kver)
	@echo "Measuring, on Debian's kernel $(bench_kernel): some minutes"
	@O=$(O) selftests/vm/run --kernel $(bench_kernel) --icount --memory 3000 --timeout 3600 -- \
		env NFT_100000=$(NFT_100000) \
		BENCH_INDEX_KO=$(O)/bench/$(bench_kver)/own_bench_index.ko \
		selftests/bench/guest-bench
