// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A place where one process waits for others.
#pragma once

#include <array>

namespace ownroute::cli {

/// Made before fork(2), so that several processes hold it. Whoever holds it and doesn't wait keeps
/// it closed, until it opens it or leaves, the latter by its end at the latest, whatever that is.
class Gate {
 public:
  /// @throws Error refused
  Gate();
  Gate(const Gate &) = delete;
  Gate &operator=(const Gate &) = delete;
  ~Gate() { leave(); }

  /// Returns true as soon as it is opened, false if all others have left.
  bool wait();
  /// Also if nobody waits any more.
  void open();
  void leave();

 private:
  std::array<int, 2> pipe_{-1, -1};
};

}  // namespace ownroute::cli
