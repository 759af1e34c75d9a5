// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What stands before the command's name and holds for every command.
#pragma once

#include <optional>
#include <ownroute/netns.hpp>
#include <string>

#include "words.hpp"

namespace ownroute::cli {

struct Options {
  bool json = false;
  bool dry_run = false;
  bool quiet = false;
  bool help = false;
  bool version = false;
  /// Namespace to work in; none: the caller's.
  std::optional<std::string> netns;

  /// @throws Error not_found or refused.
  Netns open_netns() const { return netns ? Netns::by_name(*netns) : Netns::current(); }

  friend bool operator==(const Options &, const Options &) = default;
};

/// Takes the options off the front of @p words.
/// @throws Error of kind usage.
Options take_options(Words &words);

}  // namespace ownroute::cli
