// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "checks.hpp"
#include "read_lines.hpp"

namespace ownroute::detail {
namespace {

/// Whose names are to go its way, and don't by themselves where another process asks for them.
bool has_way(const Mapping &mapping) {
  return mapping.mark && mapping.table;
}

/// What programs of the namespace see as /etc/@p name.
std::filesystem::path etc(const std::string &name, const Sight &sight) {
  if (!sight.name.empty()) {
    const auto own = sight.root / "etc/netns" / sight.name / name;
    if (std::filesystem::exists(own)) {
      return own;
    }
  }
  return sight.root / "etc" / name;
}

/// Whether packets to @p server go to this host.
bool is_here(const Address &server, Scene &scene) {
  if (server.family() == Family::ipv6 && !scene.surroundings.routing().ipv6) {
    return false;
  }
  return scene.router.route({.to = server}).type == "local";
}

/// The name servers of resolv.conf(5) that are on this host.
std::vector<std::string> servers_here(Scene &scene) {
  std::vector<std::string> servers;
  for (const std::string &line : read_lines(etc("resolv.conf", scene.sight))) {
    const auto words = words_of(line);
    if (words.size() < 2 || words[0] != "nameserver") {
      continue;
    }
    const auto server = Address::parse(words[1]);
    if (server && is_here(*server, scene)) {
      servers.push_back(words[1]);
    }
  }
  return servers;
}

/// Whether nsswitch.conf(5) has systemd-resolved asked before name servers are.
bool asks_resolved(const Sight &sight) {
  if (!std::filesystem::exists(sight.root / "run/systemd/resolve/io.systemd.Resolve")) {
    return false;
  }
  for (const std::string &line : read_lines(etc("nsswitch.conf", sight))) {
    const auto words = words_of(line);
    if (!words.empty() && words[0] == "hosts:") {
      const auto dns = std::ranges::find(words, "dns");
      return std::find(words.begin(), dns, "resolve") != dns;
    }
  }
  return false;
}

/// Whether nscd(8) runs and looks up hosts.
bool asks_nscd(const Sight &sight) {
  const std::vector<std::string> setting{"enable-cache", "hosts", "yes"};
  return std::filesystem::exists(sight.root / "run/nscd/socket") &&
         std::ranges::any_of(read_lines(etc("nscd.conf", sight)),
                             [&](const std::string &line) { return words_of(line) == setting; });
}

}  // namespace

void check_resolver(Scene &scene, Findings &findings) {
  const std::vector<std::string> servers = servers_here(scene), none;
  const bool resolved = asks_resolved(scene.sight);
  const bool nscd = asks_nscd(scene.sight);
  for (const Mapping *mapping : scene.mappings) {
    if (!has_way(*mapping)) {
      continue;
    }
    for (const std::string &server : mapping->dns.empty() ? servers : none) {
      findings.add(Severity::leak, *mapping,
                   "the names that it asks for leave as those of the resolver, because "
                   "/etc/resolv.conf has nameserver " +
                       server,
                   "give it dns ADDR");
    }
    if (resolved) {
      findings.add(Severity::leak, *mapping,
                   "the names that it asks for leave as those of systemd-resolved",
                   "take resolve out of hosts: in /etc/nsswitch.conf");
    }
    if (nscd) {
      findings.add(Severity::leak, *mapping, "the names that it asks for leave as those of nscd",
                   "enable-cache hosts no in /etc/nscd.conf");
    }
  }
}

}  // namespace ownroute::detail
