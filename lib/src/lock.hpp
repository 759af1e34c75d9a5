// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Changes of processes that use the library wait for each other.
#pragma once

#include <filesystem>

#include "file.hpp"

namespace ownroute::detail {

/// An flock(2) on a file, held until it is released or destroyed. Where the file can't be made, as
/// for a user who rules a namespace of their own, there is none to wait for and nothing is locked.
class Lock {
 public:
  explicit Lock(std::filesystem::path file) : file_(std::move(file)) {}

  /// Waits for it, if it isn't held already. Throws Error of kind refused.
  void take();
  void release() { held_ = FileDescriptor(); }

 private:
  std::filesystem::path file_;
  FileDescriptor held_;
};

}  // namespace ownroute::detail
