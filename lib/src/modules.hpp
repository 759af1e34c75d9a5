// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Kernel modules that mappings bring along: the kernel loads ownroute_connmark and ownroute_nat
/// when it is asked for the first mapping that needs one, and these bring conntrack and NAT. What
/// came for mappings goes with the last of them, on this machine.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>

namespace ownroute::detail {

class Modules {
 public:
  /// Unloads the module of this name; nothing happens if it is in use.
  using Unload = std::function<void(const std::string &name)>;

  /// @p root is put before /proc and /run.
  explicit Modules(std::filesystem::path root, Unload unload = unload_idle);

  /// Of those that mappings may bring, the ones that are there.
  std::set<std::string> loaded() const;
  /// What has come since @p before, when that was loaded(), is to go with the mappings.
  void keep_since(const std::set<std::string> &before) const;
  /// Unloads what is to go with the mappings and isn't in use any more.
  void unload() const;

 private:
  static void unload_idle(const std::string &name);

  std::set<std::string> remembered() const;
  void remember(const std::set<std::string> &names) const;

  std::filesystem::path root_;
  Unload unload_;
};

}  // namespace ownroute::detail
