// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What packet filters of others do that mappings have to do with.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "mark_use.hpp"

namespace ownroute::detail {

/// Packets that conntrack doesn't see.
enum class Untracked : std::uint8_t {
  none,
  /// Those that rules with conditions are for: which, is not looked at.
  some,
  all,
};

/// What one rule does, or several do together.
struct FilterUse {
  std::vector<MarkUse> marks = {};
  Untracked untracked = Untracked::none;

  /// Unless it is about no bits.
  void add(const MarkUse &use) {
    if (use.bits != 0) {
      marks.push_back(use);
    }
  }
  void add(Untracked more) { untracked = std::max(untracked, more); }
  void add(const FilterUse &other) {
    marks.insert(marks.end(), other.marks.begin(), other.marks.end());
    add(other.untracked);
  }
};

}  // namespace ownroute::detail
