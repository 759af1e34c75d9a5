// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What many mappings need together.
#pragma once

#include <ownroute/plan.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <set>

#include "by_way.hpp"

namespace ownroute::detail {

class Needed {
 public:
  void add(const Mapping &mapping);

  /// Whether one of them needs what @p present does.
  bool has(const Rule &present) const;
  bool has(const DefaultRoute &present) const;

 private:
  std::set<Mapping, ByWay> ways_;
  std::set<Rule> rules_;
  std::set<DefaultRoute> routes_;
};

}  // namespace ownroute::detail
