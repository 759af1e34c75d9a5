// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <map>
#include <ownroute/cut.hpp>
#include <ownroute/error.hpp>
#include <utility>
#include <vector>

#include "text.hpp"

namespace ownroute {
namespace {

/// Who meets a mapping: the kernel is asked, once for each owner.
class Owners {
 public:
  Owners(Client &client, std::uint32_t id) : client_(client), id_(id) {}

  bool have(const TcpConnection &connection) {
    const auto [owner, is_new] =
        known_.try_emplace(std::pair(connection.uid, connection.cgroup_id));
    if (is_new) {
      const auto met = client_.lookup({.uid = connection.uid, .cgroup_id = connection.cgroup_id});
      owner->second = met && met->mapping.id == id_;
    }
    return owner->second;
  }

 private:
  Client &client_;
  std::uint32_t id_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, bool> known_;
};

/// The kernel was asked about owners without their groups: what has a gid, and comes before
/// @p mapping, may be what @p connections meet in truth.
void check_groups(Client &client, const Mapping &mapping,
                  const std::vector<TcpConnection> &connections) {
  const auto may_meet = [&](const Mapping &other) {
    return other.gid && std::ranges::any_of(connections, [&](const TcpConnection &connection) {
             return !other.uid || other.uid->contains(connection.uid);
           });
  };
  for (const auto &[other, stats] : client.list()) {
    if (std::pair(other.priority, other.id) >= std::pair(mapping.priority, mapping.id)) {
      return;
    }
    if (may_meet(other)) {
      throw Error(ErrorKind::refused, "cannot tell the connections of " + detail::name_of(mapping) +
                                          " from those of " + detail::name_of(other) +
                                          ", which has a gid and comes first: restart the "
                                          "programs that have them");
    }
  }
}

}  // namespace

void validate_cut(const Mapping &mapping) {
  if (mapping.gid) {
    throw Error(ErrorKind::usage,
                "cannot cut by gid, the kernel doesn't say which group a connection is of: leave "
                "'cut' away and restart the group's programs");
  }
}

std::size_t cut(Client &client, Router &router, SockDiag &sock_diag, const Mapping &mapping) {
  validate_cut(mapping);
  std::vector<Address> fitting;
  if (!mapping.dev.empty()) {
    fitting = router.addresses(mapping.dev);
  }
  Owners owners(client, mapping.id);
  const auto stays = [&](const TcpConnection &connection) {
    return std::ranges::find(fitting, connection.local) != fitting.end() ||
           !owners.have(connection) || router.route({.to = connection.peer}).type == "local";
  };
  std::vector<TcpConnection> foreign = sock_diag.connections();
  std::erase_if(foreign, stays);
  if (foreign.empty()) {
    return 0;
  }
  check_groups(client, mapping, foreign);
  return static_cast<std::size_t>(std::ranges::count_if(
      foreign, [&](const TcpConnection &connection) { return sock_diag.destroy(connection); }));
}

}  // namespace ownroute
