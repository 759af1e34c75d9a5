// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What happens to the mappings of a network namespace, as it happens.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ownroute/client.hpp>
#include <ownroute/export.hpp>
#include <ownroute/netns.hpp>
#include <ownroute/policy.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ownroute {

/// A packet that a guard has dropped.
struct GuardedPacket {
  /// Of the mapping that guards.
  std::uint32_t id = 0;
  /// None if it isn't known.
  std::optional<std::uint32_t> uid = {};
  /// That it was leaving by.
  std::string dev = {};
  Address to = {};
};

struct Event {
  enum class Kind {
    /// A mapping was made: mapping.
    made,
    /// A mapping was replaced: mapping, as it is now.
    changed,
    /// A mapping was deleted: mapping, with its last counters.
    withdrawn,
    /// All mappings were deleted: info.
    flushed,
    /// A transaction was committed, any number of mappings have changed: info, as it is now.
    replaced,
    /// A mapping was refused because there are too many: info.
    limit,
    /// A guard has dropped a packet: guarded. Not every drop is told: Stats::guarded has them all.
    guarded,
    /// Events were lost: ask for everything again.
    resync,
  };

  Kind kind = Kind::resync;
  std::optional<KernelMapping> mapping = {};
  std::optional<Info> info = {};
  std::optional<GuardedPacket> guarded = {};
};

/// "made", "changed", "withdrawn" …
OWNROUTE_API std::string_view to_string(Event::Kind kind);

/// A subscription, from its construction on. Every method throws Error. Move-only; not for use by
/// two threads at once.
class OWNROUTE_API Events {
 public:
  /// @throws Error not_loaded, not_permitted or other_version.
  explicit Events(const Netns &netns = Netns::current());
  /// For tests: listens to @p transport.
  explicit Events(std::unique_ptr<detail::Transport> transport);
  Events(Events &&) noexcept;
  Events &operator=(Events &&) noexcept;
  ~Events();

  /// Readable, as poll(2) says, when there are events. Close-on-exec; it is this object's, and not
  /// for reading from.
  int fd() const;
  /// What has happened since the last call, in its order; empty if nothing has. Never waits. If
  /// there is much, some is left for the next call: fd() stays readable.
  std::vector<Event> read();

 private:
  class OWNROUTE_HIDDEN Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ownroute
