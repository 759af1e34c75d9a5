// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nearness.hpp"

#include <algorithm>
#include <ownroute/words.hpp>

namespace ownroute::detail {
namespace {

/// "uid 7 is not 8", "uid 7 is not one of 8-9"
std::string mismatch(const std::string &what, const std::optional<std::uint32_t> &id,
                     const IdRange &range) {
  if (!id) {
    return "the owner has no " + what;
  }
  return what + " " + std::to_string(*id) + " is not " + (range.min == range.max ? "" : "one of ") +
         to_string(range);
}

bool matches_uid(const Owner &owner, const UidRange &uid) {
  return owner.uid && uid.contains(*owner.uid);
}

bool matches_primary(const Owner &owner, const GidRange &gid) {
  return owner.gid && gid.contains(*owner.gid);
}

bool matches_supplementary(const Owner &owner, const GidRange &gid) {
  return std::ranges::any_of(owner.groups,
                             [&](std::uint32_t group) { return gid.contains(group); });
}

std::string gid_mismatch(const Owner &owner, const Mapping &mapping) {
  const GidRange &gid = *mapping.gid;
  if (!mapping.suppl) {
    return mismatch("gid", owner.gid, gid) +
           (matches_supplementary(owner, gid) ? ", and other groups count with suppl only" : "");
  }
  return gid.min == gid.max ? "gid " + to_string(gid) + " is not one of the owner's groups"
                            : "none of the owner's groups is one of " + to_string(gid);
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
    note(matches_uid(owner, *mapping.uid), mismatch("uid", owner.uid, *mapping.uid));
  }
  if (mapping.gid) {
    note(matches_primary(owner, *mapping.gid) ||
             (mapping.suppl && matches_supplementary(owner, *mapping.gid)),
         gid_mismatch(owner, mapping));
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
