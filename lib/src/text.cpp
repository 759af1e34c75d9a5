// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text.hpp"

#include <array>
#include <charconv>

namespace ownroute::detail {

std::string hex(std::uint32_t number) {
  std::array<char, 8> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), number, 16).ptr;
  return "0x" + std::string(digits.begin(), end);
}

std::string to_words(const Mark &mark) {
  return mark.mask == 0xffffffff ? hex(mark.value) : hex(mark.value) + "/" + hex(mark.mask);
}

std::string to_words(const DefaultRoute &route) {
  if (route.other_kind) {
    return "default of another kind";
  }
  if (route.is_backstop()) {
    return "unreachable default";
  }
  std::string words = "default";
  if (route.via) {
    words += " via " + route.via->to_string();
  }
  if (!route.dev.empty()) {
    words += " dev " + route.dev;
  }
  return words;
}

std::string cite(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  std::string cited = "'";
  for (const char c : text.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    cited += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return cited + (text.size() > kLongest ? "…'" : "'");
}

}  // namespace ownroute::detail
