// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Why an owner's packets don't meet a mapping.
#pragma once

#include <optional>
#include <ownroute/client.hpp>
#include <ownroute/policy.hpp>
#include <string>

namespace ownroute::detail {

/// How far @p owner is from being one of @p mapping's.
struct Nearness {
  /// One selector that it has matches.
  bool shares = false;
  /// The first reason why it doesn't match; none if it does.
  std::optional<std::string> obstacle = {};
};

Nearness nearness(const Owner &owner, const Mapping &mapping);

}  // namespace ownroute::detail
