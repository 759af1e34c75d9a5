// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What others do with marks: bit by bit, as far as their rules say it.
#pragma once

#include <cstdint>
#include <ownroute/policy.hpp>

namespace ownroute::detail {

/// Bits that something looks at or changes.
struct MarkUse {
  std::uint32_t bits = 0;
  /// They are changed, not looked at.
  bool changes = false;
  /// Of the connection's mark (conntrack), not the packet's.
  bool of_connection = false;

  friend bool operator==(const MarkUse &, const MarkUse &) = default;
};

/// The bits that a comparison with @p mark is about. Where the whole word is compared nobody has
/// said which: those that are set.
inline std::uint32_t compared_bits(const Mark &mark) {
  return mark.mask == Mark().mask ? mark.value : mark.mask;
}

}  // namespace ownroute::detail
