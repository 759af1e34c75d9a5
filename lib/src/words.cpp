// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <ownroute/words.hpp>

namespace ownroute {
namespace {

std::optional<std::uint32_t> parse_digits(std::string_view text, int base) {
  std::uint32_t number = 0;
  const char *const end = text.data() + text.size();
  // No sign gets through: from_chars takes none for unsigned types.
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc() || stop != end) {
    return std::nullopt;
  }
  return number;
}

/// The one of @p values whose word is @p text.
template <typename Value>
std::optional<Value> find_word(std::string_view text, std::initializer_list<Value> values) {
  const auto found =
      std::ranges::find_if(values, [&](Value value) { return to_string(value) == text; });
  return found == values.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::optional<std::uint32_t> parse_number(std::string_view text) {
  return parse_digits(text, 10);
}

std::optional<std::uint32_t> parse_bits(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    return parse_digits(text.substr(2), 16);
  }
  return parse_digits(text, 10);
}

std::optional<IdRange> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto min = parse_number(text.substr(0, dash));
  const auto max = dash == std::string_view::npos ? min : parse_number(text.substr(dash + 1));
  if (!min || !max) {
    return std::nullopt;
  }
  return IdRange{*min, *max};
}

std::optional<Mark> parse_mark(std::string_view text) {
  const std::size_t slash = text.find('/');
  Mark mark;
  const auto value = parse_bits(text.substr(0, slash));
  const auto mask =
      slash == std::string_view::npos ? mark.mask : parse_bits(text.substr(slash + 1));
  if (!value || !mask) {
    return std::nullopt;
  }
  return Mark{*value, *mask};
}

std::optional<Source> parse_source(std::string_view text) {
  return find_word(text, {Source::automatic, Source::rule, Source::masquerade, Source::keep});
}

std::optional<Inbound> parse_inbound(std::string_view text) {
  return find_word(text, {Inbound::automatic, Inbound::back, Inbound::follow});
}

std::string hex(std::uint32_t number) {
  std::array<char, 8> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), number, 16).ptr;
  return "0x" + std::string(digits.begin(), end);
}

std::string to_string(const IdRange &range) {
  const std::string min = std::to_string(range.min);
  return range.min == range.max ? min : min + "-" + std::to_string(range.max);
}

std::string to_string(const Mark &mark) {
  const std::string value = hex(mark.value);
  return mark.mask == Mark().mask ? value : value + "/" + hex(mark.mask);
}

}  // namespace ownroute
