// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// How a process of ours ends.
#pragma once

#include <functional>

namespace ownroute::cli {

/// As in ip(8).
enum ExitStatus { kDone = 0, kWrongCommandLine = 1, kRefused = 2 };

/// Thrown by who has said all that it has to say, and flushed it.
struct Exit {
  ExitStatus status = kDone;
};

/// Does @p work. What it throws is said on standard error in one line.
ExitStatus report(const std::function<void()> &work) noexcept;

}  // namespace ownroute::cli
