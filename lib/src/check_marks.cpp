// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/utsname.h>

#include <algorithm>
#include <map>
#include <ownroute/words.hpp>
#include <tuple>

#include "checks.hpp"
#include "connection.hpp"
#include "ip_tables_marks.hpp"
#include "nft_marks.hpp"
#include "read_lines.hpp"

namespace ownroute::detail {
namespace {

/// Bits by who uses them, whether he changes them, and whether they are the connection's.
using Uses = std::map<std::tuple<std::string, bool, bool>, std::uint32_t>;

void add(Uses &uses, const std::string &user, const MarkUse &use) {
  uses[{user, use.changes, use.of_connection}] |= use.bits;
}

void add_rules(Scene &scene, Uses &uses) {
  for (const Family family : kFamilies) {
    if (family == Family::ipv6 && !scene.surroundings.routing().ipv6) {
      continue;
    }
    for (const AnyRule &rule : scene.router.rules(family)) {
      if (rule.mark && rule.protocol != kProtocol) {
        add(uses, "the rule \"" + to_string(rule) + "\"", {.bits = compared_bits(*rule.mark)});
      }
    }
  }
}

/// Whether the kernel has nftables now: asked for rules, it would load it.
bool has_nftables(const std::filesystem::path &root) {
  if (std::filesystem::exists(root / "sys/module/nf_tables")) {
    return true;
  }
  utsname names{};
  uname(&names);
  const auto built_in = read_lines(root / "lib/modules" / names.release / "modules.builtin");
  return std::ranges::find(built_in, "kernel/net/netfilter/nf_tables.ko") != built_in.end();
}

void add_nftables(const Sight &sight, Uses &uses) {
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
    for (const MarkUse &use : rule.uses) {
      add(uses, "the nftables chain " + rule.chain, use);
    }
  }
}

/// Those of iptables-legacy; iptables-nft's are in nftables.
void add_ip_tables(const Sight &sight, Uses &uses) {
  sight.inside([&] {
    for (const Family family : kFamilies) {
      const std::string command = family == Family::ipv4 ? "iptables" : "ip6tables";
      for (const std::string &table : ip_tables(sight.root, family)) {
        for (const MarkUse &use : ip_tables_marks(table, family)) {
          add(uses, "the " + command + "-legacy table " + table, use);
        }
      }
    }
  });
}

}  // namespace

void check_marks(Scene &scene, Findings &findings) {
  Uses uses;
  add_rules(scene, uses);
  add_nftables(scene.sight, uses);
  add_ip_tables(scene.sight, uses);
  for (const Mapping *mapping : scene.mappings) {
    for (const auto &[use, bits] : uses) {
      const auto &[user, changes, of_connection] = use;
      const std::uint32_t shared = mapping->mark ? bits & mapping->mark->mask : 0;
      if (shared != 0 && (!of_connection || mapping->marks_connections())) {
        findings.add(Severity::collision, *mapping,
                     user + (changes ? " changes " : " looks at ") + "bits " + hex(shared) +
                         " of its mark" + (of_connection ? " in connections" : ""),
                     "use others in one of both");
      }
    }
  }
}

}  // namespace ownroute::detail
