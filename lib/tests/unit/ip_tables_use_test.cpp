// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ip_tables_use.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

#include <cstring>

#include "temporary_root.hpp"

namespace ownroute::test {
namespace {

using detail::MarkUse;
using detail::Untracked;
using testing::ElementsAre;
using testing::IsEmpty;

using Blob = std::vector<std::uint8_t>;

template <typename T>
void append(Blob &blob, const T &value) {
  const auto *bytes = reinterpret_cast<const std::uint8_t *>(&value);
  blob.insert(blob.end(), bytes, bytes + sizeof(value));
}

/// "-m mark --mark 0x1/0xf -j MARK --set-xmark 0x10/0xf0"
template <typename Entry>
Blob rule() {
  Blob parts;
  xt_entry_match match{};
  match.u.user.match_size = sizeof(match) + sizeof(xt_mark_mtinfo1);
  std::strcpy(match.u.user.name, "mark");
  match.u.user.revision = 1;
  append(parts, match);
  append(parts, xt_mark_mtinfo1{.mark = 0x1, .mask = 0xf, .invert = 0});
  Entry entry{};
  entry.target_offset = static_cast<std::uint16_t>(sizeof(entry) + parts.size());
  xt_entry_target target{};
  target.u.user.target_size = sizeof(target) + sizeof(xt_mark_tginfo2);
  std::strcpy(target.u.user.name, "MARK");
  target.u.user.revision = 2;
  append(parts, target);
  append(parts, xt_mark_tginfo2{.mark = 0x10, .mask = 0xf0});
  entry.next_offset = static_cast<std::uint16_t>(sizeof(entry) + parts.size());
  Blob blob;
  append(blob, entry);
  blob.insert(blob.end(), parts.begin(), parts.end());
  return blob;
}

const MarkUse kLooks{.bits = 0xf};
const MarkUse kChanges{.bits = 0xf0, .changes = true};

TEST(IpTablesUse, ReadsRulesOfBothFamilies) {
  Blob two = rule<ipt_entry>();
  const Blob one = two;
  two.insert(two.end(), one.begin(), one.end());
  EXPECT_THAT(detail::read_ip_tables(two, Family::ipv4).marks,
              ElementsAre(kLooks, kChanges, kLooks, kChanges));
  EXPECT_THAT(detail::read_ip_tables(rule<ip6t_entry>(), Family::ipv6).marks,
              ElementsAre(kLooks, kChanges));
}

/// "-j NOTRACK"
template <typename Entry>
Blob notrack() {
  Entry entry{};
  entry.target_offset = sizeof(entry);
  xt_entry_target target{};
  target.u.user.target_size = sizeof(target);
  std::strcpy(target.u.user.name, "NOTRACK");
  entry.next_offset = sizeof(entry) + sizeof(target);
  Blob blob;
  append(blob, entry);
  append(blob, target);
  return blob;
}

TEST(IpTablesUse, ConnectionsMayNotBeTracked) {
  EXPECT_EQ(detail::read_ip_tables(rule<ipt_entry>(), Family::ipv4).untracked, Untracked::none);
  Blob narrow = notrack<ipt_entry>();
  EXPECT_EQ(detail::read_ip_tables(narrow, Family::ipv4).untracked, Untracked::all);
  reinterpret_cast<ipt_entry *>(narrow.data())->ip.proto = 17;
  EXPECT_EQ(detail::read_ip_tables(narrow, Family::ipv4).untracked, Untracked::some);
  Blob both = narrow;
  const Blob wide = notrack<ipt_entry>();
  both.insert(both.end(), wide.begin(), wide.end());
  both.insert(both.end(), narrow.begin(), narrow.end());
  EXPECT_EQ(detail::read_ip_tables(both, Family::ipv4).untracked, Untracked::all);
  EXPECT_EQ(detail::read_ip_tables(notrack<ip6t_entry>(), Family::ipv6).untracked, Untracked::all);
}

TEST(IpTablesUse, NothingIsReadBeyondTheEnd) {
  const Blob whole = rule<ipt_entry>();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // In memory of its own, so that a sanitizer sees it.
    const Blob part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(detail::read_ip_tables(part, Family::ipv4).marks, IsEmpty());
  }
  Blob wrong = whole;
  reinterpret_cast<ipt_entry *>(wrong.data())->next_offset = 0;
  EXPECT_THAT(detail::read_ip_tables(wrong, Family::ipv4).marks, IsEmpty());
}

TEST(IpTablesUse, KnowsTheTables) {
  const TemporaryRoot root;
  EXPECT_THAT(detail::ip_tables(root.path(), Family::ipv4), IsEmpty());
  root.write("proc/thread-self/net/ip_tables_names", "mangle\nfilter\n");
  EXPECT_THAT(detail::ip_tables(root.path(), Family::ipv4), ElementsAre("mangle", "filter"));
  EXPECT_THAT(detail::ip_tables(root.path(), Family::ipv6), IsEmpty());
}

}  // namespace
}  // namespace ownroute::test
