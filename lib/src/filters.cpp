// SPDX-License-Identifier: LGPL-2.1-or-later
#include "filters.hpp"

#include <algorithm>
#include <vector>

#include "checks.hpp"
#include "connection.hpp"
#include "ip_tables_use.hpp"
#include "kernel_release.hpp"
#include "nft_use.hpp"
#include "read_lines.hpp"

namespace ownroute::detail {
namespace {

/// Whether the kernel has nftables now: asked for rules, it would load it.
bool has_nftables(const std::filesystem::path &root) {
  if (std::filesystem::exists(root / "sys/module/nf_tables")) {
    return true;
  }
  const auto built_in = read_lines(root / "lib/modules" / kernel_release() / "modules.builtin");
  return std::ranges::find(built_in, "kernel/net/netfilter/nf_tables.ko") != built_in.end();
}

void add_nftables(const Sight &sight, Filters &filters) {
  if (!has_nftables(sight.root)) {
    return;
  }
  Connection connection(sight.netfilter());
  Message request = nft_rule_dump();
  std::vector<NftRule> rules;
  connection.dump(
      request, "cannot list the rules of nftables", [&] { rules.clear(); },
      [&](const nlmsghdr &answer) { rules.push_back(read_nft_rule(answer)); });
  for (const NftRule &rule : rules) {
    filters["the nftables chain " + rule.chain].add(rule.use);
  }
}

/// Those of iptables-legacy; iptables-nft's are in nftables.
void add_ip_tables(const Sight &sight, Filters &filters) {
  sight.inside([&] {
    for (const Family family : kFamilies) {
      const std::string command = family == Family::ipv4 ? "iptables" : "ip6tables";
      for (const std::string &table : ip_tables(sight.root, family)) {
        filters["the " + command + "-legacy table " + table] = ip_tables_use(table, family);
      }
    }
  });
}

}  // namespace

Filters filters_of(const Sight &sight) {
  Filters filters;
  add_nftables(sight, filters);
  add_ip_tables(sight, filters);
  return filters;
}

}  // namespace ownroute::detail
