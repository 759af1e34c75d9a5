// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What check() looks at, one function a concern. None changes anything, or has the kernel load a
/// module.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <ownroute/client.hpp>
#include <ownroute/router.hpp>
#include <string>
#include <vector>

#include "filters.hpp"
#include "findings.hpp"
#include "sources.hpp"
#include "surroundings.hpp"
#include "transport.hpp"

namespace ownroute::detail {

/// Where to look.
struct Sight {
  /// Throws Error where there is no module, or one of another version.
  std::function<Client()> client;
  std::function<Router()> router;
  /// Speaks with netfilter.
  std::function<std::unique_ptr<Transport>()> netfilter;
  /// Runs what looks at the network namespace that its thread is in.
  std::function<void(const std::function<void()> &)> inside;
  /// Put before /etc, /usr, /run, /sys, /proc and /lib.
  std::filesystem::path root = "/";
  /// Of the namespace, as ip-netns(8) knows it; empty: it has none.
  std::string name = {};
  /// It is that of the machine, which systemd-networkd works in.
  bool is_machines = true;
  CgroupIdOf cgroup_id_of = {};
};

/// What is there.
struct Scene {
  const Sight &sight;
  Router &router;
  Surroundings &surroundings;
  /// In the order in which they match.
  std::vector<const Mapping *> mappings;
  Sources sources;
  Filters filters;
};

std::vector<Finding> check(const Sight &sight);

/// Nothing is sent there: a name server of the root, for questions about what is far away.
const Address &far_away(Family family);

/// Whether the kernel is seen to have no module now: asked for the family, it would load it.
bool lacks_module(const Sight &sight);
/// Modules that are unsigned where only signed ones can be loaded.
void check_signature(const Sight &sight, Findings &findings);
/// A module that is older than the library.
void check_version(const Sight &sight, const Info &info, Findings &findings);
/// Rules and routes of mappings that are no more; there are none at all.
void check_leftovers(const Routing &routing, Findings &findings);
/// Devices, rules, routes and cgroups that mappings need.
void check_needs(Scene &scene, Findings &findings);
/// Families that a mapping has no way for.
void check_families(Scene &scene, Findings &findings);
/// Mappings that can't have the rules for their source address.
void check_sources(Scene &scene, Findings &findings);
/// Rules of others in front of ours.
void check_rules(Scene &scene, Findings &findings);
/// Names that are asked for by other processes.
void check_resolver(Scene &scene, Findings &findings);
/// Answers that the reverse-path filter drops.
void check_rp_filter(Scene &scene, Findings &findings);
/// Bits of marks that others use.
void check_marks(Scene &scene, Findings &findings);
/// Connections that others keep out of conntrack.
void check_conntrack(Scene &scene, Findings &findings);
/// systemd-networkd, which deletes others' rules and routes unless it is told not to.
void check_networkd(Scene &scene, Findings &findings);

}  // namespace ownroute::detail
