// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>

namespace who {

/// Answers every kind of question to `addresses` with `name`, until killed. Prints "ready" when all
/// sockets are open. Throws std::system_error, std::invalid_argument.
[[noreturn]] void serve(const std::string &name, std::span<const std::string> addresses);

}  // namespace who
