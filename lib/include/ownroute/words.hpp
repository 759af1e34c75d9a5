// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Numbers as words of the command line, of policy files and of messages. They are read strictly:
/// all of the text or nothing, no sign, no overflow.
#pragma once

#include <cstdint>
#include <optional>
#include <ownroute/export.hpp>
#include <ownroute/policy.hpp>
#include <string>
#include <string_view>

namespace ownroute {

/// Decimal digits and nothing else.
OWNROUTE_API std::optional<std::uint32_t> parse_number(std::string_view text);
/// Decimal, or hexadecimal after 0x.
OWNROUTE_API std::optional<std::uint32_t> parse_bits(std::string_view text);
/// N or N-M, which may be upside down.
OWNROUTE_API std::optional<IdRange> parse_range(std::string_view text);
/// M or M/MASK.
OWNROUTE_API std::optional<Mark> parse_mark(std::string_view text);
/// "auto", "rule", "masquerade" or "keep".
OWNROUTE_API std::optional<Source> parse_source(std::string_view text);
/// "auto", "back" or "follow".
OWNROUTE_API std::optional<Inbound> parse_inbound(std::string_view text);

/// "0x1111"
OWNROUTE_API std::string hex(std::uint32_t number);
/// What parse_range() reads.
OWNROUTE_API std::string to_string(const IdRange &range);
/// What parse_mark() reads, hexadecimal, without a mask that is the whole word.
OWNROUTE_API std::string to_string(const Mark &mark);

}  // namespace ownroute
