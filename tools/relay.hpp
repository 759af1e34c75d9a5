// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// A process that stands for another one: what is sent to it goes there.
#pragma once

#include <sys/types.h>

#include <csignal>

namespace ownroute::cli {

/// Signals of this process, as long as it stands for a child of its own process group. What a
/// terminal sends goes to the whole group; the rest is passed on.
class Relay {
 public:
  /// From here on they wait.
  Relay();
  Relay(const Relay &) = delete;
  Relay &operator=(const Relay &) = delete;

  /// In a child: has signals as this process had them from its parent. Only SIGPIPE isn't ignored.
  void give_up() const;

  /// Passes signals on to @p child until it ends; stops when it stops. Returns its wait status.
  int wait_for(pid_t child);

 private:
  void stop() const;

  sigset_t taken_;
  sigset_t mask_before_;
  struct sigaction chld_before_;
};

/// Ends this process as one ended that has wait status @p status: with its exit status, or by the
/// same signal.
[[noreturn]] void end_as(int status);

}  // namespace ownroute::cli
