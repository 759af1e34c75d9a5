// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ip_tables_use.hpp"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <functional>
#include <ownroute/error.hpp>

#include "address_family.hpp"
#include "file.hpp"
#include "read_lines.hpp"
#include "text.hpp"
#include "xt_use.hpp"

namespace ownroute::detail {
namespace {

/// How often a table is read that grows meanwhile.
constexpr int kTries = 10;

// The numbers of both families are the same.
static_assert(IPT_SO_GET_INFO == IP6T_SO_GET_INFO && IPT_SO_GET_ENTRIES == IP6T_SO_GET_ENTRIES &&
              sizeof(ipt_getinfo) == sizeof(ip6t_getinfo) &&
              offsetof(ipt_get_entries, entrytable) == offsetof(ip6t_get_entries, entrytable));

[[noreturn]] void fail(const std::string &table, int code) {
  throw Error(
      code == EPERM ? ErrorKind::not_permitted : ErrorKind::refused,
      "cannot list the rules of the iptables table " + cite(table) + ": " + std::strerror(code),
      code);
}

/// A match or a target, with what it is told behind it.
template <typename Header>
struct Part {
  std::string_view name;
  unsigned revision;
  Bytes info;

  explicit Part(Bytes bytes) {
    const auto *header = reinterpret_cast<const Header *>(bytes.data());
    name = {header->u.user.name, strnlen(header->u.user.name, sizeof(header->u.user.name))};
    revision = header->u.user.revision;
    info = bytes.subspan(sizeof(Header));
  }
};

/// The first @p size of @p bytes; none if they hold no Header, or are fewer.
template <typename Header>
Bytes cut(Bytes bytes, std::size_t size) {
  return size >= sizeof(Header) && size <= bytes.size() ? bytes.first(size) : Bytes();
}

/// Which packets the rule @p entry is for. What it has of addresses, devices and protocol comes
/// first, all zeros where it looks at none.
template <typename Entry>
Untracked reached(Bytes entry) {
  const bool has_matches = read_as<Entry>(entry).target_offset != sizeof(Entry);
  const Bytes looked_at = entry.first(offsetof(Entry, nfcache));
  return has_matches || std::ranges::any_of(looked_at, std::identity()) ? Untracked::some
                                                                        : Untracked::all;
}

template <typename Entry>
FilterUse read_entries(Bytes rules) {
  FilterUse use;
  while (!rules.empty()) {
    const auto header = read_as<Entry>(rules);
    const Bytes entry = cut<Entry>(rules, header.next_offset);
    if (entry.empty() || header.target_offset < sizeof(Entry) ||
        header.target_offset > entry.size()) {
      break;
    }
    Bytes matches = entry.first(header.target_offset).subspan(sizeof(Entry));
    while (!matches.empty()) {
      const Bytes bytes =
          cut<xt_entry_match>(matches, read_as<xt_entry_match>(matches).u.match_size);
      if (bytes.empty()) {
        break;
      }
      const Part<xt_entry_match> match(bytes);
      read_xt_match(match.name, match.revision, match.info, use);
      matches = matches.subspan(bytes.size());
    }
    const Bytes bytes = cut<xt_entry_target>(
        entry.subspan(header.target_offset),
        read_as<xt_entry_target>(entry.subspan(header.target_offset)).u.target_size);
    if (!bytes.empty()) {
      const Part<xt_entry_target> target(bytes);
      read_xt_target(target.name, target.revision, target.info, reached<Entry>(entry), use);
    }
    rules = rules.subspan(entry.size());
  }
  return use;
}

}  // namespace

std::vector<std::string> ip_tables(const std::filesystem::path &root, Family family) {
  return read_lines(root / "proc/thread-self/net" /
                    (family == Family::ipv4 ? "ip_tables_names" : "ip6_tables_names"));
}

FilterUse ip_tables_use(const std::string &table, Family family) {
  const int level = family == Family::ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
  const FileDescriptor fd(socket(to_af(family), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) {
    fail(table, errno);
  }
  for (int i = 0; i < kTries; ++i) {
    ipt_getinfo info{};
    table.copy(info.name, sizeof(info.name) - 1);
    socklen_t length = sizeof(info);
    if (getsockopt(fd.get(), level, IPT_SO_GET_INFO, &info, &length) != 0) {
      fail(table, errno);
    }
    constexpr std::size_t kHeader = offsetof(ipt_get_entries, entrytable);
    std::vector<std::uint8_t> bytes(kHeader + info.size);
    auto *entries = reinterpret_cast<ipt_get_entries *>(bytes.data());
    table.copy(entries->name, sizeof(entries->name) - 1);
    entries->size = info.size;
    length = static_cast<socklen_t>(bytes.size());
    if (getsockopt(fd.get(), level, IPT_SO_GET_ENTRIES, entries, &length) == 0) {
      return read_ip_tables(Bytes(bytes).subspan(kHeader), family);
    }
    // Its size has changed.
    if (errno != EAGAIN) {
      fail(table, errno);
    }
  }
  fail(table, EAGAIN);
}

FilterUse read_ip_tables(Bytes rules, Family family) {
  return family == Family::ipv4 ? read_entries<ipt_entry>(rules) : read_entries<ip6t_entry>(rules);
}

}  // namespace ownroute::detail
