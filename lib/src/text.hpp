// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Words for messages.
#pragma once

#include <ownroute/router.hpp>
#include <string>
#include <string_view>

namespace ownroute::detail {

/// "default via 10.2.0.254 dev tun0", "unreachable default"
std::string to_words(const DefaultRoute &route);
bool is_control(char c);
/// @p text in single quotes, what can't be shown replaced: fit for one line, whatever it was.
std::string cite(std::string_view text);

}  // namespace ownroute::detail
