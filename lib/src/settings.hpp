// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Settings of devices that mappings need, and what they were before: whichever mapping is the
/// last to need one puts it back. At least one of those that do remembers what.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ownroute/client.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <string>
#include <utility>
#include <vector>

#include "planner.hpp"
#include "surroundings.hpp"

namespace ownroute::detail {

/// Those of @p mapping's device that must not be as the kernel has them at first.
std::vector<Setting> settings_of(const Mapping &mapping);

/// What @p setting of @p device must be changed to; none if it will do.
std::optional<std::uint32_t> change_needed(const Device &device, Setting setting,
                                           const Routing &routing);

/// What the mappings that are there remember. They are asked for if it matters, and once.
class Remembered {
 public:
  using Ask = std::function<const std::vector<KernelMapping> &()>;

  explicit Remembered(Ask mappings) : ask_(std::move(mappings)) {}

  std::optional<std::uint32_t> find(const std::string &dev, Setting setting);

 private:
  Ask ask_;
  std::optional<std::map<std::pair<std::string, Setting>, std::uint32_t>> before_;
};

/// Notes in @p change what @p mapping needs set, and in the mapping what that was before.
void add_settings(Change &change, Mapping &mapping, Remembered &remembered,
                  Surroundings &surroundings);

/// Notes in @p change what was before one of @p gone, and none of @p staying remembers, unless
/// somebody else has changed it since. If one of @p staying needs it as it is now, that one is to
/// remember it.
void add_old_settings(Change &change, const std::vector<const Mapping *> &gone,
                      const std::vector<const Mapping *> &staying, Surroundings &surroundings);

}  // namespace ownroute::detail
