// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The one road for data: what is wanted → plan → apply → read back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
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

/// One network namespace, its mappings, rules and routes. Changes made by sessions, of this process
/// or another, wait for each other. Every method throws Error. Move-only; not for use by two
/// threads at once.
class OWNROUTE_API Session {
 public:
  explicit Session(const Netns &netns = Netns::current());
  /// For tests: @p root is put before /etc, /usr and /run.
  Session(Client client, Router router, std::filesystem::path root);
  Session(Session &&) noexcept;
  Session &operator=(Session &&) noexcept;
  ~Session();

  /// All mappings in the order in which they match.
  std::vector<Listed> list();

  // From the first plan on, other sessions wait with theirs until apply() returns or this session
  // ends.

  /// Completes @p wanted (mark, table) and plans it. A mapping that is there already is no reason
  /// to make it again under another id: that is up to the caller.
  /// @throws Error usage for what validate() refuses, not_found for an unknown device or table,
  /// refused if the device is down or what is wanted doesn't go with what is there.
  Plan plan_add(Mapping wanted);
  /// The mapping with @p wanted's id becomes @p wanted; what only the old one needed goes.
  /// @throws Error as plan_add(), and refused with code ENOENT if no mapping has the id.
  Plan plan_replace(Mapping wanted);
  /// Deletes the mappings @p ids, and what no other mapping needs.
  /// @throws Error refused with code ENOENT if no mapping has an id.
  Plan plan_del(const std::vector<std::uint32_t> &ids);
  /// Deletes all mappings and all that is ours, what was left over by others included.
  Plan plan_flush();

  /// Carries out @p plan. If a step fails, the steps before it are undone in reverse order and the
  /// error says which step failed and why; if the undoing fails too, it says what is left.
  /// @return the mappings made or replaced, read back from the kernel.
  std::vector<Mapping> apply(const Plan &plan);

 private:
  class OWNROUTE_HIDDEN Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ownroute
