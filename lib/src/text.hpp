// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Words for messages.
#pragma once

#include <cstdint>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <string>
#include <string_view>

namespace ownroute::detail {

/// "0x1111"
std::string hex(std::uint32_t number);
/// "0x1111", or "0x1000000/0xff000000" if the mask isn't the whole word.
std::string to_words(const Mark &mark);
/// "default via 10.2.0.254 dev tun0", "unreachable default"
std::string to_words(const DefaultRoute &route);
/// @p text in single quotes, what can't be shown replaced: fit for one line, whatever it was.
std::string cite(std::string_view text);

}  // namespace ownroute::detail
