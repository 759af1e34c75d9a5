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

/// Whether an owner meets a mapping.
enum class Meets {
  no,
  yes,
  /// The kernel doesn't know the cgroup: yes, if it doesn't meet one for cgroups before.
  by_uid,
};

/// Who meets a mapping: the kernel is asked, once for each owner.
class Owners {
 public:
  Owners(Client &client, std::uint32_t id) : client_(client), id_(id) {}

  Meets meets(const TcpConnection &connection) {
    const auto [owner, is_new] =
        known_.try_emplace(std::pair(connection.uid, connection.cgroup_id));
    if (is_new) {
      owner->second = ask({.uid = connection.uid, .cgroup_id = connection.cgroup_id});
    }
    return owner->second;
  }

 private:
  Meets ask(Owner asked) {
    if (const auto met = client_.lookup(asked)) {
      return met->mapping.id == id_ ? Meets::yes : Meets::no;
    }
    if (asked.cgroup_id == 0) {
      return Meets::no;
    }
    // Whoever meets a mapping without a cgroup meets one with it, too. If not, the kernel found no
    // cgroup to look for: it has been removed, or is out of our sight.
    asked.cgroup_id = 0;
    const auto met = client_.lookup(asked);
    return met && met->mapping.id == id_ ? Meets::by_uid : Meets::no;
  }

  Client &client_;
  std::uint32_t id_;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Meets> known_;
};

/// The kernel was asked about owners without their groups, and about some without their cgroup:
/// what has a gid, or a cgroup, and comes before @p mapping, may be what @p connections meet in
/// truth.
void check_others(Client &client, const Mapping &mapping, Owners &owners,
                  const std::vector<TcpConnection> &connections) {
  const auto may_meet = [&](const Mapping &other) {
    return std::ranges::any_of(connections, [&](const TcpConnection &connection) {
      return (!other.uid || other.uid->contains(connection.uid)) &&
             (other.gid || (!other.cgroup.empty() && owners.meets(connection) == Meets::by_uid));
    });
  };
  for (const auto &[other, stats] : client.list()) {
    if (std::pair(other.priority, other.id) >= std::pair(mapping.priority, mapping.id)) {
      return;
    }
    if ((other.gid || !other.cgroup.empty()) && may_meet(other)) {
      throw Error(ErrorKind::refused, "cannot tell the connections of " + detail::name_of(mapping) +
                                          " from those of " + detail::name_of(other) +
                                          ", which has a " + (other.gid ? "gid" : "cgroup") +
                                          " and comes first: restart the "
                                          "programs that have them");
    }
  }
}

/// Whether what @p mapping marks finds its way to @p peer in the LAN.
bool is_in_lan(const Address &peer, const Mapping &mapping, Router &router) {
  const Route route = router.route({.to = peer, .mark = mapping.mark->value});
  return route.type == "unicast" && route.table != mapping.table && route.dev != mapping.dev;
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
  std::vector<std::uint16_t> called;
  if (mapping.inbound_mark != 0) {
    called = sock_diag.listening_ports();
  }
  Owners owners(client, mapping.id);
  const auto stays = [&](const TcpConnection &connection) {
    return std::ranges::find(fitting, connection.local) != fitting.end() ||
           std::ranges::find(called, connection.local_port) != called.end() ||
           owners.meets(connection) == Meets::no ||
           router.route({.to = connection.peer}).type == "local" ||
           (mapping.lan && is_in_lan(connection.peer, mapping, router));
  };
  std::vector<TcpConnection> foreign = sock_diag.connections();
  std::erase_if(foreign, stays);
  if (foreign.empty()) {
    return 0;
  }
  check_others(client, mapping, owners, foreign);
  return static_cast<std::size_t>(std::ranges::count_if(
      foreign, [&](const TcpConnection &connection) { return sock_diag.destroy(connection); }));
}

}  // namespace ownroute
