// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Any bytes as a string of TOML.
#pragma once

#include <string>
#include <string_view>

namespace ownroute::detail {

/// In quotes, on one line. TOML holds UTF-8 only: other bytes become U+FFFD.
std::string toml_string(std::string_view text);

}  // namespace ownroute::detail
