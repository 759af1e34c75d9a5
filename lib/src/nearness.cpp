// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nearness.hpp"

#include <algorithm>
#include <ownroute/words.hpp>

namespace ownroute::detail {
namespace {

/// "gid 100", "gids 100-200"
std::string words_for(const char *what, const IdRange &range) {
  return std::string(what) + (range.min == range.max ? " " : "s ") + to_string(range);
}

bool matches_uid(const Owner &owner, const UidRange &uid) {
  return owner.uid && uid.contains(*owner.uid);
}

bool matches_gid(const Owner &owner, const Mapping &mapping) {
  const auto matches = [&](std::uint32_t gid) { return mapping.gid->contains(gid); };
  return (owner.gid && matches(*owner.gid)) ||
         (mapping.suppl && std::ranges::any_of(owner.groups, matches));
}

bool matches_cgroup(const Owner &owner, const Mapping &mapping) {
  if (owner.cgroup_id == 0) {
    return false;
  }
  if (owner.cgroup_id == mapping.cgroup_id) {
    return true;
  }
  // That of a mapping which was made again is another by now, whatever its path.
  const std::string above = mapping.cgroup == "/" ? "/" : mapping.cgroup + "/";
  return owner.cgroup != mapping.cgroup && owner.cgroup.starts_with(above);
}

}  // namespace

Nearness nearness(const Owner &owner, const Mapping &mapping) {
  Nearness nearness;
  const auto note = [&](bool matches, const std::string &obstacle) {
    nearness.shares |= matches;
    if (!matches && !nearness.obstacle) {
      nearness.obstacle = obstacle;
    }
  };
  if (mapping.uid) {
    note(matches_uid(owner, *mapping.uid),
         owner.uid
             ? "uid " + std::to_string(*owner.uid) + " is not " +
                   (mapping.uid->min == mapping.uid->max ? "" : "one of ") + to_string(*mapping.uid)
             : "the owner has no uid");
  }
  if (mapping.gid) {
    note(matches_gid(owner, mapping),
         words_for("gid", *mapping.gid) +
             (mapping.gid->min != mapping.gid->max ? " has none" : " is not one") +
             (mapping.suppl ? " of the owner's groups"
                            : " of the owner: it needs the primary group"));
  }
  if (!mapping.cgroup.empty()) {
    note(matches_cgroup(owner, mapping), "the owner is not in cgroup " + mapping.cgroup);
  }
  if (owner.kernel && !mapping.kernel) {
    nearness.obstacle = "it doesn't match kernel sockets";
  }
  return nearness;
}

}  // namespace ownroute::detail
