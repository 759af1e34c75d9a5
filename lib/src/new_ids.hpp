// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Ids that are chosen here and not by the kernel.
#pragma once

#include <cstdint>
#include <ownroute/client.hpp>
#include <ownroute/policy.hpp>
#include <vector>

namespace ownroute::detail {

/// Ids that no mapping has, from the highest on that one has or had.
class NewIds {
 public:
  NewIds(const std::vector<KernelMapping> &present, const std::vector<Mapping> &wanted);

  std::uint32_t next();

 private:
  std::vector<std::uint32_t> used_;
  std::uint32_t last_ = 0;
};

}  // namespace ownroute::detail
