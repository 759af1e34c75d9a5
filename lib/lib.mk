# SPDX-License-Identifier: LGPL-2.1-or-later
# libownroute, shared and static, and its tests.

LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include

# Its own number: up with every change that old programs don't survive.
lib_soname := libownroute.so.1
lib_file := $(lib_soname).0.0
lib_links := $(lib_soname) libownroute.so

lib_needs := libnl-3.0 libnl-route-3.0 tomlplusplus
LIB_CFLAGS := $(shell pkg-config --cflags $(lib_needs) 2>/dev/null)
LIB_LIBS := $(or $(shell pkg-config --libs $(lib_needs) 2>/dev/null),-lnl-route-3 -lnl-3 -ltomlplusplus)

lib_headers := $(wildcard lib/include/ownroute/*.hpp)
lib_objs := $(patsubst %.cpp,$(O)/%.o,$(wildcard lib/src/*.cpp))
lib_unit_objs := $(patsubst %.cpp,$(O)/%.o,$(wildcard lib/tests/unit/*.cpp))
lib_integration_objs := $(patsubst %.cpp,$(O)/%.o,$(wildcard lib/tests/integration/*.cpp))

lib_all := $(addprefix $(O)/lib/,$(lib_file) $(lib_links) libownroute.a pkgconfig/libownroute.pc)

$(lib_objs) $(lib_unit_objs) $(lib_integration_objs): override CPPFLAGS += -Ilib/include -Iinclude/uapi $(LIB_CFLAGS)
$(lib_unit_objs) $(lib_integration_objs): override CPPFLAGS += -Ilib/src -Ilib/tests/common
$(O)/lib/src/check_module.o: override CPPFLAGS += -DOWNROUTE_VERSION='"$(VERSION)"'
$(lib_objs): override CXXFLAGS += -fPIC -fvisibility=hidden

$(O)/lib/src/%.o: lib/src/%.cpp
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(O)/lib/tests/%.o: lib/tests/%.cpp
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(O)/lib/$(lib_file): $(lib_objs) lib/libownroute.map
	@mkdir -p $(@D)
	$(CXX) -shared -Wl,-soname,$(lib_soname) -Wl,--version-script,lib/libownroute.map -Wl,-z,defs \
		$(LDFLAGS) -o $@ $(lib_objs) $(LIB_LIBS)

$(addprefix $(O)/lib/,$(lib_links)): $(O)/lib/$(lib_file)
	ln -sf $(lib_file) $@

$(O)/lib/libownroute.a: $(lib_objs)
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

# Says where the library is installed: made anew when that changes.
$(O)/lib/pkgconfig/libownroute.pc: lib/libownroute.pc.in FORCE
	@mkdir -p $(@D)
	@sed -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' \
		-e 's|@VERSION@|$(VERSION)|' $< >$@.new
	@cmp -s $@.new $@ || cp $@.new $@
	@rm $@.new

$(O)/tests/unit_tests: $(lib_unit_objs) $(O)/lib/libownroute.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ -lgmock -lgtest_main -lgtest $(LIB_LIBS)

$(O)/tests/integration_tests: $(lib_integration_objs) $(O)/lib/libownroute.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ -lgmock -lgtest_main -lgtest $(LIB_LIBS)

.PHONY: lib unit-tests integration-tests install-lib FORCE
lib: $(lib_all)

unit-tests: $(O)/tests/unit_tests
	$<

# Only builds them: they run as root, in a virtual machine.
integration-tests: $(O)/tests/integration_tests

install-lib: lib
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)/ownroute
	install -m 755 $(O)/lib/$(lib_file) $(DESTDIR)$(LIBDIR)
	for link in $(lib_links); do ln -sf $(lib_file) $(DESTDIR)$(LIBDIR)/$$link; done
	install -m 644 $(O)/lib/libownroute.a $(DESTDIR)$(LIBDIR)
	install -m 644 $(O)/lib/pkgconfig/libownroute.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	install -m 644 $(lib_headers) $(DESTDIR)$(INCLUDEDIR)/ownroute
	install -D -m 644 include/uapi/linux/ownroute.h $(DESTDIR)$(INCLUDEDIR)/linux/ownroute.h

-include $(lib_objs:.o=.d) $(lib_unit_objs:.o=.d) $(lib_integration_objs:.o=.d)
