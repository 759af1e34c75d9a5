// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text.hpp"

namespace ownroute::detail {

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

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::string cite(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  std::string cited = "'";
  for (const char c : text.substr(0, kLongest)) {
    cited += is_control(c) ? '?' : c;
  }
  return cited + (text.size() > kLongest ? "…'" : "'");
}

}  // namespace ownroute::detail
