// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What would leak, break or collide: found by looking, and nothing is changed.
#pragma once

#include <cstdint>
#include <ownroute/export.hpp>
#include <ownroute/netns.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ownroute {

/// Worst first.
enum class Severity : std::uint8_t {
  /// Packets of an owner, or the names that it asks for, leave another way than its mapping's, or
  /// will as soon as the mapping's device is gone.
  leak,
  /// Packets or their answers don't arrive.
  broken,
  /// Another program uses the same thing, or takes it away.
  collision,
  /// Nothing is wrong, but may surprise.
  note,
};

/// "leak", "broken", "collision" or "note".
OWNROUTE_API std::string_view to_string(Severity severity);

struct Finding {
  Severity severity = Severity::note;
  /// Ids of the mappings that it is about, in the order in which they match; empty: it is about
  /// none of them more than about the others.
  std::vector<std::uint32_t> about = {};
  /// One line, and so is remedy: "IPv4 rule from mark 0x1111 to table 200 is missing".
  std::string problem = {};
  /// What to do: "ownroute repair".
  std::string remedy = {};

  friend bool operator==(const Finding &, const Finding &) = default;
};

/// The worst first, those of the same severity in the order in which their mappings match. @p name
/// is the namespace's, as ip-netns(8) knows it, for its files below /etc/netns; empty: it has none.
/// That the module is not loaded, or is of another version, is a finding.
/// @throws Error
OWNROUTE_API std::vector<Finding> check(const Netns &netns = Netns::current(),
                                        const std::string &name = {});

}  // namespace ownroute
