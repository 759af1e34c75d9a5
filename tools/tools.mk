# SPDX-License-Identifier: LGPL-2.1-or-later
# The command, the unit tests of its parts, and the text of its man page.

tools_objs := $(patsubst %.cpp,$(O)/%.o,$(wildcard tools/*.cpp))
tools_tests_objs := $(patsubst %.cpp,$(O)/%.o,$(wildcard tools/tests/*.cpp))
tools_needs := libsystemd
TOOLS_CFLAGS := $(shell pkg-config --cflags $(tools_needs) 2>/dev/null)
TOOLS_LIBS := $(or $(shell pkg-config --libs $(tools_needs) 2>/dev/null),-lsystemd)
man_texts := $(patsubst %,%.txt,$(wildcard Documentation/man/*.8))

$(O)/tools/%.o: tools/%.cpp
	@mkdir -p $(@D)
	$(CXX) -Itools -Ilib/include $(TOOLS_CFLAGS) $(CPPFLAGS) $(CXXFLAGS) -DOWNROUTE_VERSION='"$(VERSION)"' \
		-MMD -MP -c -o $@ $<

$(O)/bin/ownroute: $(tools_objs) $(O)/lib/libownroute.so
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -Wl,-rpath,'$$ORIGIN/../lib' -o $@ $(tools_objs) -L$(O)/lib -lownroute $(TOOLS_LIBS)

$(O)/tests/tools_tests: $(filter-out $(O)/tools/main.o,$(tools_objs)) $(tools_tests_objs) \
		$(O)/lib/libownroute.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ -lgmock -lgtest_main -lgtest $(LIB_LIBS) $(TOOLS_LIBS)

.PHONY: tools tools-tests install-tools man-text
tools: $(O)/bin/ownroute

tools-tests: $(O)/tests/tools_tests
	$<

install-tools: tools
	$(INSTALL) -D -m 755 $(O)/bin/ownroute $(DESTDIR)$(BINDIR)/ownroute
	$(INSTALL) -D -m 755 tools/openvpn-up $(DESTDIR)$(PREFIX)/lib/ownroute/openvpn-up

# What it makes is checked in; selftests/cli/man_page.sh looks whether it is current.
man-text: $(man_texts)
%.8.txt: %.8 Documentation/man/render
	Documentation/man/render $< >$@

-include $(tools_objs:.o=.d) $(tools_tests_objs:.o=.d)
