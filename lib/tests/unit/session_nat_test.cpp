// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/ownroute.h>

#include <cstring>

#include "session_fixture.hpp"

namespace ownroute::test {
namespace {

using testing::HasSubstr;

Address address(const char *text) {
  return Address::parse(text).value();
}

class Nat : public SessionFixture {
 protected:
  /// What the kernel was told of mapping 1; of size 0 if nothing.
  ownroute_nat told() const {
    ownroute_nat nat{};
    const auto &bytes = kernel_.world.mappings.at(1).nat;
    std::memcpy(&nat, bytes.data(), std::min(bytes.size(), sizeof(nat)));
    return nat;
  }

  /// Adds @p wanted, and reads it back: nothing is lost, and asked for again it is there.
  void add_and_read_back(Mapping wanted) {
    const Mapping made = add(wanted);
    EXPECT_EQ(session().list().at(0).mapping, made);
    EXPECT_EQ(made.source, wanted.source);
    EXPECT_EQ(made.source_addresses, wanted.source_addresses);
    EXPECT_EQ(made.dns, wanted.dns);
    EXPECT_TRUE(session().plan_apply({{wanted}}).empty());
  }
};

TEST_F(Nat, AutoMasqueradesWhereNoRuleCanDo) {
  add_and_read_back({.gid = GidRange{100, 100}, .dev = "tun0"});
  EXPECT_EQ(told().size, sizeof(ownroute_nat));
  EXPECT_EQ(told().flags, std::uint32_t{OWNROUTE_NAT_MASQUERADE});
}

TEST_F(Nat, AutoLeavesConntrackAloneWhereARuleWillDo) {
  add_and_read_back({.uid = UidRange{1001, 1001}, .dev = "tun0"});
  EXPECT_TRUE(kernel_.world.mappings.at(1).nat.empty());
}

TEST_F(Nat, KeepIsKept) {
  add_and_read_back({.gid = GidRange{100, 100}, .dev = "tun0", .source = Source::keep});
  EXPECT_TRUE(kernel_.world.mappings.at(1).nat.empty());
}

TEST_F(Nat, MasqueradeIsSaidWhereAutoIsARule) {
  add_and_read_back({.uid = UidRange{1001, 1001}, .dev = "tun0", .source = Source::masquerade});
  EXPECT_EQ(told().flags, std::uint32_t{OWNROUTE_NAT_MASQUERADE});
  for (const Rule &rule : kernel_.world.rules) {
    EXPECT_FALSE(rule.uid);
  }
}

TEST_F(Nat, AddressesAreInNetworkOrder) {
  add_and_read_back({.uid = UidRange{1001, 1001},
                     .dev = "tun0",
                     .source = Source::address,
                     .source_addresses = {address("10.2.0.1"), address("fd02::1")},
                     .dns = {address("10.2.0.53"), address("fd02::53")}});
  const ownroute_nat nat = told();
  EXPECT_EQ(nat.flags, 0u);
  EXPECT_EQ(Address::from_bytes(&nat.source_ipv4, 4), address("10.2.0.1"));
  EXPECT_EQ(Address::from_bytes(&nat.source_ipv6, 16), address("fd02::1"));
  EXPECT_EQ(Address::from_bytes(&nat.dns_ipv4, 4), address("10.2.0.53"));
  EXPECT_EQ(Address::from_bytes(&nat.dns_ipv6, 16), address("fd02::53"));
}

TEST_F(Nat, OneFamilyIsEnough) {
  add_and_read_back({.uid = UidRange{1001, 1001},
                     .dev = "tun0",
                     .source = Source::address,
                     .source_addresses = {address("fd02::1")}});
  EXPECT_EQ(told().source_ipv4, 0u);
}

TEST_F(Nat, DnsAloneKeepsTheRule) {
  add_and_read_back({.uid = UidRange{1001, 1001}, .dev = "tun0", .dns = {address("10.2.0.53")}});
  EXPECT_EQ(told().flags, 0u);
}

// Where another program made the mapping, nothing was asked for.
TEST_F(Nat, NameServersThatTheWayDoesNotLeadToAreRefused) {
  Mapping wanted = over("tun0", 1, 200);
  wanted.dns = {Address::parse("10.0.0.53").value()};
  kernel_.ways[0] = {.table = 254, .dev = "tun1"};
  kernel_.prefix_length = 24;
  EXPECT_NO_THROW(session().plan_add(wanted));
  wanted.lan = true;
  EXPECT_THAT(thrown_by([&] { session().plan_add(wanted); }),
              IsError(ErrorKind::refused, "in the LAN"));
  kernel_.prefix_length = 1;
  EXPECT_NO_THROW(session().plan_add(wanted));
  kernel_.prefix_length = 24;
  kernel_.ways[0].dev = "tun0";
  EXPECT_NO_THROW(session().plan_add(wanted));
  kernel_.addresses["tun1"] = wanted.dns;
  EXPECT_THAT(thrown_by([&] { session().plan_add(wanted); }),
              IsError(ErrorKind::refused, "this host"));
}

TEST_F(Nat, MappingWithoutItReadsAsKeep) {
  kernel_.client().add(
      {.id = 1, .gid = GidRange{1, 1}, .mark = Mark{1}, .dev = "tun0", .source = Source::keep});
  kernel_.world.mappings.at(1).userdata.clear();
  EXPECT_EQ(session().list().at(0).mapping.source, Source::keep);
}

TEST_F(Nat, ReplaceChangesIt) {
  const std::uint32_t id = add({.gid = GidRange{100, 100}, .dev = "tun0"}).id;
  replace({.id = id, .gid = GidRange{100, 100}, .dev = "tun0", .source = Source::keep});
  EXPECT_TRUE(kernel_.world.mappings.at(1).nat.empty());
}

TEST_F(Nat, MarkOfZeroIsRefused) {
  EXPECT_THAT(
      refused({.uid = UidRange{1, 1}, .mark = Mark{0}, .dev = "tun0", .source = Source::masquerade})
          .what(),
      HasSubstr("mark 0"));
}

}  // namespace
}  // namespace ownroute::test
