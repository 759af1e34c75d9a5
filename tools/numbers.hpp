// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Numbers of the command line. They are read strictly: all of the text or nothing, no sign, no
/// overflow.
#pragma once

#include <cstdint>
#include <optional>
#include <ownroute/policy.hpp>
#include <string>
#include <string_view>

namespace ownroute::cli {

/// Decimal digits and nothing else.
std::optional<std::uint32_t> parse_number(std::string_view text);

/// Decimal, or hexadecimal after 0x.
std::optional<std::uint32_t> parse_bits(std::string_view text);

/// N or N-M, which may be upside down.
std::optional<UidRange> parse_uid_range(std::string_view text);

/// M or M/MASK.
std::optional<Mark> parse_mark(std::string_view text);

/// What parse_uid_range() reads.
std::string to_string(const UidRange &uid);

/// What parse_mark() reads, hexadecimal, without a mask that is the whole word.
std::string to_string(const Mark &mark);

}  // namespace ownroute::cli
