// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/netlink.h>

#include <ownroute/cgroup.hpp>
#include <ownroute/check.hpp>
#include <ownroute/error.hpp>

#include "checks.hpp"
#include "family.hpp"

namespace ownroute {
namespace {

/// Whether @p netns is that of process 1; taken for granted where nobody may know.
bool is_machines(const Netns &netns) {
  try {
    return netns == Netns::by_name("/proc/1/ns/net");
  } catch (const Error &) {
    return true;
  }
}

}  // namespace

std::vector<Finding> check(const Netns &netns, const std::string &name) {
  return detail::check(
      {.client = [&] { return Client(netns); },
       .router = [&] { return Router(netns); },
       .netfilter = [&] { return detail::open_transport(netns, NETLINK_NETFILTER); },
       .inside = [&](const auto &work) { netns.run(work); },
       .name = name,
       .is_machines = is_machines(netns),
       .cgroup_id_of = cgroup_id_of});
}

namespace detail {
namespace {

void check_mappings(const Sight &sight, Client &client, Findings &findings) {
  const std::vector<KernelMapping> mappings = client.list();
  Router router = sight.router();
  if (mappings.empty()) {
    check_leftovers(router.routing(), findings);
    return;
  }
  Surroundings surroundings(router, sight.root, sight.cgroup_id_of);
  Scene scene{.sight = sight,
              .router = router,
              .surroundings = surroundings,
              .mappings = pointers_to(mappings),
              .sources = sources_of(pointers_to(mappings), surroundings.routing()),
              .filters = filters_of(sight)};
  for (const auto check : {check_needs, check_families, check_sources, check_rules, check_resolver,
                           check_rp_filter, check_marks, check_conntrack, check_networkd}) {
    check(scene, findings);
  }
}

}  // namespace

const Address &far_away(Family family) {
  static const Address ipv4 = Address::parse("198.41.0.4").value();
  static const Address ipv6 = Address::parse("2001:503:ba3e::2:30").value();
  return family == Family::ipv4 ? ipv4 : ipv6;
}

std::vector<Finding> check(const Sight &sight) {
  Findings findings;
  check_signature(sight, findings);
  if (lacks_module(sight)) {
    findings.add(Severity::broken, kNotLoaded);
    return findings.in_order();
  }
  try {
    Client client = sight.client();
    check_version(sight, client.info(), findings);
    check_mappings(sight, client, findings);
  } catch (const Error &error) {
    if (error.kind() != ErrorKind::not_loaded && error.kind() != ErrorKind::other_version) {
      throw;
    }
    findings.add(Severity::broken, error.what());
  }
  return findings.in_order();
}

}  // namespace detail
}  // namespace ownroute
