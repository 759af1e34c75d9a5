// SPDX-License-Identifier: LGPL-2.1-or-later
#include "settings.hpp"

#include <algorithm>
#include <set>

namespace ownroute::detail {
namespace {

constexpr std::uint32_t kStrict = 1;
constexpr std::uint32_t kLoose = 2;

/// What change_needed() says, where it says anything.
constexpr std::uint32_t ours(Setting setting) {
  return setting == Setting::rp_filter ? kLoose : 1;
}

using Key = std::pair<std::string, Setting>;

Key key(const SettingStep &step) {
  return {step.dev, step.setting};
}

/// One of @p mappings that needs @p setting of @p dev, if any does.
const Mapping *needing(const std::vector<const Mapping *> &mappings, const std::string &dev,
                       Setting setting) {
  const auto found = std::ranges::find_if(mappings, [&](const Mapping *mapping) {
    const std::vector<Setting> needed = settings_of(*mapping);
    return mapping->dev == dev && std::ranges::find(needed, setting) != needed.end();
  });
  return found == mappings.end() ? nullptr : *found;
}

}  // namespace

std::optional<std::uint32_t> Remembered::find(const std::string &dev, Setting setting) {
  if (!before_) {
    before_.emplace();
    for (const auto &[mapping, stats] : ask_()) {
      for (const auto &[each, before] : mapping.settings_before) {
        before_->try_emplace({mapping.dev, each}, before);
      }
    }
  }
  const auto found = before_->find({dev, setting});
  return found == before_->end() ? std::nullopt : std::optional(found->second);
}

std::vector<Setting> settings_of(const Mapping &mapping) {
  if (mapping.action != Action::mark || mapping.dev.empty()) {
    return {};
  }
  if (find_of(mapping.dns, Family::ipv4) == nullptr) {
    return {Setting::rp_filter};
  }
  return {Setting::rp_filter, Setting::route_localnet};
}

std::optional<std::uint32_t> change_needed(const Device &device, Setting setting,
                                           const Routing &routing) {
  const auto found = device.settings.find(setting);
  if (found == device.settings.end()) {
    return std::nullopt;
  }
  const bool will_do = setting == Setting::rp_filter
                           ? std::max(found->second, routing.rp_filter) != kStrict
                           : found->second != 0;
  return will_do ? std::nullopt : std::optional(ours(setting));
}

void add_settings(Change &change, Mapping &mapping, Remembered &remembered,
                  Surroundings &surroundings) {
  const auto &device = surroundings.device(mapping.dev);
  for (const Setting setting : settings_of(mapping)) {
    if (!device || !device->settings.contains(setting)) {
      continue;
    }
    const std::uint32_t now = device->settings.at(setting);
    const auto needed = change_needed(*device, setting, surroundings.routing());
    if (!needed && now != ours(setting)) {
      continue;
    }
    // One that will do may be our doing.
    auto before = remembered.find(mapping.dev, setting);
    before = before || !needed ? before : now;
    if (before) {
      mapping.settings_before[setting] = *before;
    }
    const SettingStep step{mapping.dev, setting, now, needed.value_or(now)};
    if (needed && std::ranges::find(change.settings, key(step), key) == change.settings.end()) {
      change.settings.push_back(step);
    }
  }
}

void add_old_settings(Change &change, const std::vector<const Mapping *> &gone,
                      const std::vector<const Mapping *> &staying, Surroundings &surroundings) {
  std::set<Key> seen;
  for (const Mapping *mapping : staying) {
    for (const auto &[setting, before] : mapping->settings_before) {
      seen.emplace(mapping->dev, setting);
    }
  }
  std::map<const Mapping *, Mapping> heirs;
  for (const Mapping *mapping : gone) {
    for (const auto &[setting, before] : mapping->settings_before) {
      const auto &device = surroundings.device(mapping->dev);
      if (!seen.emplace(mapping->dev, setting).second || !device) {
        continue;
      }
      const auto now = device->settings.find(setting);
      if (now == device->settings.end() || now->second != ours(setting) || before == now->second) {
        continue;
      }
      if (const Mapping *heir = needing(staying, mapping->dev, setting)) {
        heirs.try_emplace(heir, *heir).first->second.settings_before[setting] = before;
      } else {
        change.old_settings.push_back({mapping->dev, setting, now->second, before});
      }
    }
  }
  for (auto &[mapping, heir] : heirs) {
    change.mappings.emplace_back(std::in_place_type<MappingStep>, *mapping, std::move(heir));
  }
}

}  // namespace ownroute::detail
