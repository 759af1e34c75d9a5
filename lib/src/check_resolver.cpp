// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <iterator>
#include <map>

#include "by_way.hpp"
#include "checks.hpp"
#include "lan.hpp"
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
  return scene.surroundings.has(server.family()) &&
         scene.router.route({.to = server}).type == "local";
}

/// A name server that programs ask, and why they do.
struct Server {
  Address address;
  std::string why;
};

/// Those of resolv.conf(5).
std::vector<Server> servers(const Sight &sight) {
  std::vector<Server> servers;
  for (const std::string &line : read_lines(etc("resolv.conf", sight))) {
    const auto words = words_of(line);
    if (words.size() < 2 || words[0] != "nameserver") {
      continue;
    }
    if (const auto address = Address::parse(words[1])) {
      servers.push_back({*address, "/etc/resolv.conf has nameserver " + words[1]});
    }
  }
  if (servers.empty()) {
    servers.push_back({Address::parse("127.0.0.1").value(),
                       "/etc/resolv.conf has no nameserver, which means 127.0.0.1"});
  }
  return servers;
}

/// Whether packets of @p mapping to @p server go by the LAN.
bool is_in_lan(const Address &server, const Mapping &mapping, Scene &scene) {
  if (!mapping.lan || !scene.surroundings.has(server.family())) {
    return false;
  }
  // Of uid 0, as the kernel routes IPv4 again once there is a mark.
  const RouteQuestion question{.to = server, .mark = mapping.mark->value, .uid = 0};
  return is_by_lan(scene.router.route(question), question, scene.router);
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
  std::vector<Server> here, elsewhere;
  for (const Server &server : servers(scene.sight)) {
    (is_here(server.address, scene) ? here : elsewhere).push_back(server);
  }
  const bool resolved = asks_resolved(scene.sight);
  const bool nscd = asks_nscd(scene.sight);
  std::map<Mapping, std::vector<Server>, ByWay> known;
  for (const Mapping *mapping : scene.mappings) {
    if (!has_way(*mapping)) {
      continue;
    }
    const auto leave = [&](const std::string &how, const std::string &remedy) {
      findings.add(Severity::leak, *mapping, "the names that it asks for leave " + how, remedy);
    };
    // Of a family that it has no server of, none on this host is let be asked.
    if (mapping->dns.empty()) {
      for (const Server &server : here) {
        leave("as those of the resolver, because " + server.why, "give it dns ADDR");
      }
    }
    const auto [found, is_new] = known.try_emplace(*mapping);
    if (is_new) {
      std::ranges::copy_if(elsewhere, std::back_inserter(found->second), [&](const Server &server) {
        return is_in_lan(server.address, *mapping, scene);
      });
    }
    for (const Server &server : found->second) {
      if (find_of(mapping->dns, server.address.family()) == nullptr) {
        leave("by the LAN, because " + server.why, "give it dns ADDR");
      }
    }
    if (resolved) {
      leave("as those of systemd-resolved", "take resolve out of hosts: in /etc/nsswitch.conf");
    }
    if (nscd) {
      leave("as those of nscd", "enable-cache hosts no in /etc/nscd.conf");
    }
  }
}

}  // namespace ownroute::detail
