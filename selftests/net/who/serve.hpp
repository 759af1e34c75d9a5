// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace who {

/// Answers every kind of question to `addresses` with `name`, until killed. Prints "ready" when all
/// sockets are open. With a port, it answers there, and only UDP and TCP. Throws
/// std::system_error, std::invalid_argument.
[[noreturn]] void serve(const std::string &name, std::optional<std::uint16_t> port,
                        std::span<const std::string> addresses);

}  // namespace who
