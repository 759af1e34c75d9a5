// SPDX-License-Identifier: LGPL-2.1-or-later
#include "guardian.hpp"

#include <cstdint>
#include <ownroute/error.hpp>
#include <ownroute/own_cgroup.hpp>
#include <ownroute/session.hpp>
#include <utility>
#include <vector>

#include "exit_status.hpp"
#include "scope.hpp"

namespace ownroute::cli {
namespace {

constexpr const char *kScopes = "/system.slice";

std::string scope_of(const std::string &name) {
  return name + ".scope";
}

/// Until it ends, with all who are in it.
class CommandCgroup {
 public:
  CommandCgroup(pid_t child, const std::string &name) : name_(name), is_scope_(systemd_runs()) {
    if (is_scope_) {
      start_scope(scope_of(name), "Command of ownroute run", child);
      path_ = cgroup_of_scope(scope_of(name), cgroup_of(child));
    } else {
      path_ = enclose(child, name);
    }
  }
  CommandCgroup(const CommandCgroup &) = delete;
  CommandCgroup &operator=(const CommandCgroup &) = delete;
  ~CommandCgroup() {
    report([this] {
      kill_processes(path_);
      is_scope_ ? stop_scope(scope_of(name_)) : remove_cgroup(path_);
    });
  }

  const std::string &path() const { return path_; }

 private:
  std::string name_;
  bool is_scope_;
  std::string path_;
};

/// Deletes the mappings for the cgroup @p id, whoever has made them: that of the command may have
/// been deleted or replaced, and its id may be another's now.
void delete_mappings(std::uint64_t id, const Netns &netns) {
  Session session(netns);
  // From now on nobody else changes them.
  session.plan_del({});
  std::vector<std::uint32_t> ids;
  for (const Listed &listed : session.list()) {
    if (listed.mapping.cgroup_id == id) {
      ids.push_back(listed.mapping.id);
    }
  }
  if (!ids.empty()) {
    session.apply(session.plan_del(ids));
  }
}

/// Until it ends, with all whose packets match it.
class CommandMapping {
 public:
  CommandMapping(Mapping wanted, const Netns &netns) : netns_(netns), cgroup_(wanted.cgroup) {
    Session session(netns);
    cgroup_id_ = session.apply(session.plan_add(std::move(wanted))).made.front().cgroup_id;
  }
  CommandMapping(const CommandMapping &) = delete;
  CommandMapping &operator=(const CommandMapping &) = delete;
  ~CommandMapping() {
    report([this] {
      // If they can't be killed, they keep it: nothing is sent without.
      kill_processes(cgroup_);
      try {
        delete_mappings(cgroup_id_, netns_);
      } catch (const Error &error) {
        if (error.kind() != ErrorKind::not_loaded) {
          throw;
        }
        throw error.with_message(
            "the ownroute module has gone before the command, rules and routes of its mapping may "
            "be left: load the module and see ownroute flush");
      }
    });
  }

 private:
  const Netns &netns_;
  std::string cgroup_;
  std::uint64_t cgroup_id_ = 0;
};

}  // namespace

void guard(pid_t child, const std::string &name, Mapping wanted, const Netns &netns, Gate &gate,
           Gate &life) {
  const CommandCgroup cgroup(child, name);
  wanted.cgroup = cgroup.path();
  const CommandMapping mapping(std::move(wanted), netns);
  gate.open();
  life.wait();
}

std::string planned_cgroup(pid_t child, const std::string &name) {
  const std::string above = systemd_runs() ? kScopes : cgroup_of(child);
  return (above == "/" ? "" : above) + "/" + (systemd_runs() ? scope_of(name) : name);
}

}  // namespace ownroute::cli
