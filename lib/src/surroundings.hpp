// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What a plan is made for, seen once: rules, routes, names of tables, devices, cgroups.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <ownroute/plan.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <ownroute/table_names.hpp>
#include <string>
#include <vector>

#include "by_way.hpp"
#include "present.hpp"

namespace ownroute::detail {

using CgroupIdOf = std::function<std::uint64_t(const std::string &path)>;

/// What the system lacks of what a mapping needs.
struct Lack {
  bool device = false;
  /// Of what its mark and table need.
  Needs way = {};
  std::vector<Rule> source_rules = {};
  /// Of its device; what they must be set to.
  std::map<Setting, std::uint32_t> settings = {};
  bool cgroup = false;
  /// What its cgroup's path names now, if anything.
  std::optional<std::uint64_t> other_cgroup = {};
};

class Surroundings {
 public:
  /// Looks at what is there now. Throws Error.
  Surroundings(Router &router, const std::filesystem::path &root, const CgroupIdOf &cgroup_id_of);

  const Routing &routing() const { return routing_; }
  const Present &present() const { return present_; }
  const TableNames &names() const { return names_; }
  /// Whether the kernel has @p family.
  bool has(Family family) const { return family == Family::ipv4 || routing_.ipv6; }

  /// None if there is none of this name.
  const std::optional<Device> &device(const std::string &name);
  /// How far IPv6 goes for @p mapping.
  Ipv6 ipv6_for(const Mapping &mapping);
  /// Throws Error if @p wanted's device isn't there (not_found) or is down (refused).
  void check_device(const Mapping &wanted);
  /// Throws Error of kind refused if questions couldn't go to @p wanted's name servers by its way.
  void check_servers(const Mapping &wanted);
  /// Whether packets can go by @p wanted's device and gateways at all, as far as that can be told
  /// beforehand. Throws Error: not_found, refused.
  Ipv6 check_way(const Mapping &wanted);
  /// What @p mapping needs, without routes that the device can't have now.
  Needs possible_needs(const Mapping &mapping);

  /// Fills in @p wanted's cgroup_id and the device's own name, and brings the gateways in the order
  /// in which the kernel's mappings have them, and source to what it reads back as. Throws Error
  /// not_found for a cgroup.
  void settle(Mapping &wanted);

  /// For @p mapping, the kernel's; @p has_source_rule says whether it is one of Sources::ruled.
  Lack lack(const Mapping &mapping, bool has_source_rule);
  /// The same in words.
  std::vector<std::string> missing(const Mapping &mapping, bool has_source_rule);

 private:
  /// None if there is no such cgroup.
  const std::optional<std::uint64_t> &cgroup_id(const std::string &path);

  Router &router_;
  const CgroupIdOf &cgroup_id_of_;
  Routing routing_;
  TableNames names_;
  std::map<std::string, std::optional<Device>> devices_;
  std::map<std::string, std::optional<std::uint64_t>> cgroups_;
  Present present_;
  std::map<Mapping, Needs, ByWay> lacking_;
};

}  // namespace ownroute::detail
