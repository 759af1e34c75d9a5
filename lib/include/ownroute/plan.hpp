// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The difference between what is wanted and what is there, as a list of steps. Pure: nothing here
/// talks to the kernel, so a plan can be shown instead of carried out.
#pragma once

#include <cstdint>
#include <optional>
#include <ownroute/export.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <string>
#include <variant>
#include <vector>

namespace ownroute {

/// For a mapping, before and after say what is undone and done: none before is new, none after is
/// deleted, both is replaced.
struct MappingStep {
  std::optional<Mapping> before = {};
  std::optional<Mapping> after = {};
};
/// Deletes all mappings at once.
struct FlushStep {
  std::vector<Mapping> before = {};
};
struct RuleStep {
  bool add = true;
  Rule rule = {};
};
struct RouteStep {
  bool add = true;
  DefaultRoute route = {};
};
struct TableNameStep {
  bool add = true;
  std::uint32_t table = 0;
  std::string name = {};
};
struct SettingStep {
  std::string dev = {};
  Setting setting = Setting::rp_filter;
  std::uint32_t before = 0;
  std::uint32_t after = 0;
};
/// One change that can be undone.
using Step = std::variant<TableNameStep, RouteStep, RuleStep, SettingStep, MappingStep, FlushStep>;

/// One line, in the words of ip(8) and ownroute(8): "rule add ipv4 fwmark 0x1111 lookup 200".
OWNROUTE_API std::string describe(const Step &step);

/// In the order in which they are safe: no packet is marked before its way is there, no way is
/// taken away before the packets stop being marked.
using Plan = std::vector<Step>;

/// What @p mapping, complete, needs beside itself.
struct Needs {
  std::vector<Rule> rules = {};
  /// Default routes first, then backstops.
  std::vector<DefaultRoute> routes = {};

  bool empty() const { return rules.empty() && routes.empty(); }
};

/// How far IPv6 goes for a mapping.
enum class Ipv6 {
  /// The kernel has none: nothing is needed.
  absent,
  /// The device can't carry it: a rule and a backstop are needed, no default route.
  blocked,
  routed,
};

OWNROUTE_API Needs needs_of(const Mapping &mapping, Ipv6 ipv6 = Ipv6::routed);

/// What @p mapping needs and @p routing lacks, in words: "IPv6 default route in table 200".
OWNROUTE_API std::vector<std::string> missing(const Mapping &mapping, const Routing &routing,
                                              Ipv6 ipv6 = Ipv6::routed);

}  // namespace ownroute
