// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The words of the command line, in the manner of ip(8): WORD VALUE pairs and flags in any order.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ownroute/policy.hpp>
#include <span>
#include <string>

namespace ownroute::cli {

/// What stands behind the command's name.
using Words = std::span<const std::string>;

/// Where names are looked up; each gives none for a name that it doesn't know.
struct Names {
  using Find = std::function<std::optional<std::uint32_t>(const std::string &)>;

  Find user;
  Find group;
  Find table;
};

/// Whose packets: a Mapping's selector by itself.
struct Selector {
  std::optional<UidRange> uid = {};
  std::optional<GidRange> gid = {};
  std::string cgroup = {};

  friend bool operator==(const Selector &, const Selector &) = default;
};

Selector selector_of(const Mapping &mapping);

/// What `del` and `list` are to look at: one mapping, those of one selector, or all.
struct Pick {
  std::optional<std::uint32_t> id = {};
  std::optional<Selector> selector = {};

  friend bool operator==(const Pick &, const Pick &) = default;
};

/// What `explain` is asked.
struct Asked {
  std::optional<std::uint32_t> uid = {};
  std::optional<std::uint32_t> gid = {};
  /// The gid is a supplementary one.
  bool suppl = false;
  std::string cgroup = {};
  bool kernel = false;
  Address to = {};
  /// In host byte order.
  std::optional<std::uint16_t> port = {};

  friend bool operator==(const Asked &, const Asked &) = default;
};

/// What `add` and `replace` are to do.
struct Wanted {
  Mapping mapping = {};
  /// Connections that it leaves without a way are closed.
  bool cut = false;
};

/// What `run` is to do.
struct Errand {
  /// Without a selector.
  Mapping mapping = {};
  /// Not empty: a program and its arguments.
  Words command = {};
};

// Each throws Error of kind usage or not_found that names the word and says what is expected.

/// Reads SELECTOR [ACTION] [ROUTE] [OPTION]...
Wanted parse_mapping(Words words, const Names &names);

/// Reads [ACTION] [ROUTE] [OPTION]... -- CMD [ARG]...
Errand parse_errand(Words words, const Names &names);

/// Reads [id N | SELECTOR].
Pick parse_pick(Words words, const Names &names);

/// Reads [dev IFNAME]; empty: none is given.
std::string parse_device(Words words, const Names &names);

/// Reads SELECTOR to ADDR [port N].
Asked parse_question(Words words, const Names &names);

}  // namespace ownroute::cli
