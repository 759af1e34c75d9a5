// SPDX-License-Identifier: LGPL-2.1-or-later
#include "owner.hpp"

#include <algorithm>

namespace ownroute::cli {

Owner assume(const Asked &asked,
             const std::function<std::optional<UserGroups>(std::uint32_t uid)> &groups_of) {
  Owner owner{.uid = asked.uid, .cgroup = asked.cgroup, .kernel = asked.kernel};
  if (asked.uid && !asked.kernel) {
    if (const auto groups = groups_of(*asked.uid)) {
      owner.gid = groups->primary;
      owner.groups = groups->supplementary;
    }
  }
  if (asked.gid && !asked.suppl) {
    owner.gid = asked.gid;
  } else if (asked.gid && std::ranges::find(owner.groups, *asked.gid) == owner.groups.end()) {
    owner.groups.push_back(*asked.gid);
  }
  return owner;
}

}  // namespace ownroute::cli
