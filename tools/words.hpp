// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The words of the command line, in the manner of ip(8): WORD VALUE pairs in any order.
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
  std::function<std::optional<std::uint32_t>(const std::string &)> user;
  std::function<std::optional<std::uint32_t>(const std::string &)> table;
};

/// What `del` and `list` are to look at: one mapping, those of one selector, or all.
struct Pick {
  std::optional<std::uint32_t> id;
  std::optional<UidRange> uid;

  friend bool operator==(const Pick &, const Pick &) = default;
};

/// Reads SELECTOR [ACTION] [ROUTE] [OPTION]...
/// @throws Error of kind usage or not_found that names the word and says what is expected.
Mapping parse_mapping(Words words, const Names &names);

/// Reads [id N | SELECTOR].
/// @throws Error of kind usage or not_found that names the word and says what is expected.
Pick parse_pick(Words words, const Names &names);

}  // namespace ownroute::cli
