// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Client of the generic netlink family "ownroute": one method a command, plain data in and out.
/// For the whole job (mapping, rules and routes together) see session.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <ownroute/export.hpp>
#include <ownroute/netns.hpp>
#include <ownroute/policy.hpp>
#include <vector>

namespace ownroute {

/// What a mapping has done since it was made.
struct Stats {
  std::uint64_t packets = 0;
  /// From the IP header on.
  std::uint64_t bytes = 0;

  friend bool operator==(const Stats &, const Stats &) = default;
};

/// What the module can do and what the namespace has.
struct Info {
  std::uint32_t mappings = 0;
  /// Bitmap, see linux/ownroute.h.
  std::uint64_t features = 0;
  /// Goes up with every change of this namespace's mappings.
  std::uint64_t generation = 0;
};

/// A mapping as the kernel has it. Mapping::table, dev and via come out of its userdata.
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
  /// All mappings in the order in which they match. A dump that was overtaken by a change is asked
  /// for again.
  std::vector<KernelMapping> list();
  KernelMapping get(std::uint32_t id);
  /// @p mapping has its mark; its id may be 0. Returns it as the kernel made it.
  Mapping add(const Mapping &mapping);
  /// Replaces the mapping that has @p mapping's id, as a whole; its counters go on.
  void set(const Mapping &mapping);
  void del(std::uint32_t id);
  void flush();

 private:
  class OWNROUTE_HIDDEN Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ownroute
