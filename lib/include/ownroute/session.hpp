// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The one road for data: what is wanted → plan → apply → read back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <ownroute/cgroup.hpp>
#include <ownroute/client.hpp>
#include <ownroute/export.hpp>
#include <ownroute/netns.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <string>
#include <vector>

namespace ownroute {

/// A mapping as it was read back, and what the system lacks of what it needs.
struct Listed {
  Mapping mapping = {};
  Stats stats = {};
  std::vector<std::string> missing = {};
};

/// What is put back of what the mappings need.
struct Repair {
  /// Steps of which each is right without the others.
  Plan plan = {};
  /// Why the rest can't be put back now, each a text for people that says what to do.
  std::vector<std::string> hindrances = {};
};

/// What apply() did to the mappings.
struct Changes {
  // As they are now.
  std::vector<Mapping> made = {};
  std::vector<Mapping> replaced = {};
  /// As they were.
  std::vector<Mapping> deleted = {};
};

/// One network namespace, its mappings, rules and routes. Changes made by sessions, of this process
/// or another, wait for each other. Every method throws Error. Move-only; not for use by two
/// threads at once.
class OWNROUTE_API Session {
 public:
  explicit Session(const Netns &netns = Netns::current());
  /// For tests, and for plans with a cgroup that isn't there yet: @p root is put before /etc, /usr
  /// and /run, @p cgroup_id stands for cgroup_id_of().
  Session(Client client, Router router, std::filesystem::path root,
          std::function<std::uint64_t(const std::string &)> cgroup_id = cgroup_id_of);
  Session(Session &&) noexcept;
  Session &operator=(Session &&) noexcept;
  ~Session();

  /// All mappings in the order in which they match.
  std::vector<Listed> list();

  // From the first plan on, other sessions wait with theirs until apply() returns or this session
  // ends. Paths of cgroups are looked up anew by each plan.

  /// Completes @p wanted (mark, table) and plans it. A mapping that is there already is no reason
  /// to make it again under another id: that is up to the caller.
  /// @throws Error usage for what validate() refuses, not_found for an unknown device, table or
  /// cgroup, refused if the device is down or what is wanted doesn't go with what is there.
  Plan plan_add(Mapping wanted);
  /// The mapping with @p wanted's id becomes @p wanted; what only the old one needed goes.
  /// @throws Error as plan_add(), and refused with code ENOENT if no mapping has the id.
  Plan plan_replace(Mapping wanted);
  /// Deletes the mappings @p ids, and what no other mapping needs.
  /// @throws Error refused with code ENOENT if no mapping has an id.
  Plan plan_del(const std::vector<std::uint32_t> &ids);
  /// Deletes all mappings and all that is ours, what was left over by others included.
  Plan plan_flush();
  /// Afterwards exactly @p policy's mappings exist. One that is there already, with the same id if
  /// one is given, stays as it is with its counters; one of which only the id, or only selector and
  /// priority are as wanted is replaced, and its counters go on; the rest is made and deleted. A
  /// mapping that stays keeps the mark and the table that were chosen for it: applied again, the
  /// same policy changes nothing.
  /// @throws Error as plan_add(), and usage if two of @p policy's mappings have the same id or
  /// contradict each other.
  Plan plan_apply(Policy policy);
  /// Puts back what the system lacks of the rules and routes of the mappings that are there, or of
  /// those with the device @p dev. No mapping is changed; deleted is only what is ours, nobody's,
  /// and in the way.
  /// @throws Error not_found if no mapping has @p dev.
  Repair plan_repair(const std::string &dev = {});

  /// Carries out the last plan. If a step fails, the steps before it are undone in reverse order
  /// and the error says which step failed and why; if the undoing fails too, it says what is left.
  /// Several changes of mappings are made at once, by one transaction. If somebody else has changed
  /// the mappings since the plan was made it is made again, a bounded number of times.
  Changes apply(Plan plan);
  /// Carries out what was planned last: a step that the kernel refuses is left out, and becomes a
  /// hindrance. Returns what was done.
  Repair repair(Repair planned);

 private:
  class OWNROUTE_HIDDEN Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ownroute
