// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Client of the generic netlink family "ownroute": one method a command, plain data in and out.
/// For the whole job (mapping, rules and routes together) see session.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ownroute/export.hpp>
#include <ownroute/netns.hpp>
#include <ownroute/policy.hpp>
#include <string>
#include <vector>

namespace ownroute {

/// What a mapping has done since it was made.
struct Stats {
  std::uint64_t packets = 0;
  /// From the IP header on.
  std::uint64_t bytes = 0;
  /// Times that a socket got the mark.
  std::uint64_t stamped = 0;
  /// Packets that were routed again.
  std::uint64_t reroutes = 0;
  /// Packets that were dropped: by the action block, or because there was no route for them.
  std::uint64_t drops = 0;
  /// Packets that the guard dropped: they were leaving by another device.
  std::uint64_t guarded = 0;

  friend bool operator==(const Stats &, const Stats &) = default;
};

/// What the module can do and what the namespace has.
struct Info {
  std::uint32_t mappings = 0;
  /// Bitmap, see linux/ownroute.h.
  std::uint64_t features = 0;
  /// Goes up with every change of this namespace's mappings.
  std::uint64_t generation = 0;
  /// How many mappings the namespace may have.
  std::uint32_t limit = 0;
  /// The module says less than this library would understand.
  bool older = false;

  friend bool operator==(const Info &, const Info &) = default;
};

/// What went on in the namespace.
struct NetStats {
  /// Packets of which the owner was looked up.
  std::uint64_t lookups = 0;
  /// Of these, packets that met no mapping.
  std::uint64_t misses = 0;
  /// Packets without a socket, or of one that can have no owner.
  std::uint64_t ownerless = 0;
  /// Times that memory could not be had.
  std::uint64_t nomem = 0;
  // Refused requests, by reason; see struct ownroute_net_stats in linux/ownroute.h.
  std::uint64_t refused_invalid = 0;
  std::uint64_t refused_exists = 0;
  std::uint64_t refused_missing = 0;
  std::uint64_t refused_limit = 0;
  std::uint64_t refused_busy = 0;
  std::uint64_t refused_other = 0;

  friend bool operator==(const NetStats &, const NetStats &) = default;
};

/// Somebody to ask about.
struct Owner {
  /// None: a user or group that the namespace doesn't know.
  std::optional<std::uint32_t> uid = {};
  /// Primary.
  std::optional<std::uint32_t> gid = {};
  /// Supplementary; at most OWNROUTE_GROUPS_MAX.
  std::vector<std::uint32_t> groups = {};
  /// As Mapping::cgroup; empty: none.
  std::string cgroup = {};
  /// As Mapping::cgroup_id; 0: none. The kernel is asked by this alone.
  std::uint64_t cgroup_id = 0;
  /// It is a kernel socket.
  bool kernel = false;
};

/// A mapping as the kernel has it. Mapping::table, via, source and cgroup come out of its userdata.
struct KernelMapping {
  Mapping mapping = {};
  Stats stats = {};

  friend bool operator==(const KernelMapping &, const KernelMapping &) = default;
};

namespace detail {
class Transport;
}

/// Every method throws Error; a change that throws has changed nothing. Move-only; not for use by
/// two threads at once.
class OWNROUTE_API Client {
 public:
  /// Connects to the family in namespace @p netns.
  /// @throws Error not_loaded, not_permitted or other_version.
  explicit Client(const Netns &netns = Netns::current());
  /// For tests: speaks over @p transport.
  explicit Client(std::unique_ptr<detail::Transport> transport);
  Client(Client &&) noexcept;
  Client &operator=(Client &&) noexcept;
  ~Client();

  Info info();
  NetStats stats();
  /// Sets how many mappings the namespace may have: 1 to OWNROUTE_LIMIT_MAX.
  void set_limit(std::uint32_t limit);
  /// All mappings in the order in which they match. A dump that was overtaken by a change is asked
  /// for again.
  std::vector<KernelMapping> list();
  KernelMapping get(std::uint32_t id);
  /// The mapping that @p owner's packets meet, none if there is none. Counts nothing.
  std::optional<KernelMapping> lookup(const Owner &owner);
  /// @p mapping has its mark, if its action is mark, and its cgroup_id, if it has a cgroup; its id
  /// may be 0. Returns it as the kernel made it.
  Mapping add(const Mapping &mapping);
  /// Replaces the mapping that has @p mapping's id, as a whole; its counters go on.
  void set(const Mapping &mapping);
  void del(std::uint32_t id);
  void flush();

  /// Begins a transaction: from here to commit() or abort(), add(), set(), del() and flush() are
  /// sent many at a time and kept by the kernel, not made; an error of one of them, which names its
  /// mapping, may come out of a later one or of commit(), and ends the transaction. add() returns
  /// what it was given: the kernel chooses ids at the end. All else shows the mappings as they are.
  /// The transaction is aborted when the client is destroyed.
  /// @throws Error refused with code EBUSY if there is one already.
  void begin();
  /// Makes all changes of the transaction at once, or none. Whatever it throws, the transaction is
  /// over.
  /// @throws Error refused with code EAGAIN if the mappings have changed since begin(), with code
  /// ENOENT if there is no transaction.
  void commit();
  /// Forgets the transaction; does nothing if there is none.
  void abort();
  bool in_transaction() const;

 private:
  class OWNROUTE_HIDDEN Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ownroute
