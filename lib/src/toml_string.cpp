// SPDX-License-Identifier: LGPL-2.1-or-later
#include "toml_string.hpp"

#include <array>
#include <cstdio>

#include "text.hpp"

namespace ownroute::detail {
namespace {

/// Bytes of the character of UTF-8 that @p text begins with; 0 if it begins with none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  // The least second byte is above 0x80 where a shorter form would do, the largest below 0xbf for
  // surrogates and beyond U+10FFFF.
  struct Form {
    unsigned char first, last, least, most;
    std::size_t length;
  };
  constexpr std::array kForms{Form{0xc2, 0xdf, 0x80, 0xbf, 2}, Form{0xe0, 0xe0, 0xa0, 0xbf, 3},
                              Form{0xe1, 0xec, 0x80, 0xbf, 3}, Form{0xed, 0xed, 0x80, 0x9f, 3},
                              Form{0xee, 0xef, 0x80, 0xbf, 3}, Form{0xf0, 0xf0, 0x90, 0xbf, 4},
                              Form{0xf1, 0xf3, 0x80, 0xbf, 4}, Form{0xf4, 0xf4, 0x80, 0x8f, 4}};
  if (byte(0) < 0x80) {
    return 1;
  }
  for (const Form &form : kForms) {
    if (byte(0) < form.first || byte(0) > form.last || text.size() < form.length ||
        byte(1) < form.least || byte(1) > form.most) {
      continue;
    }
    for (std::size_t i = 2; i < form.length; ++i) {
      if ((byte(i) & 0xc0) != 0x80) {
        return 0;
      }
    }
    return form.length;
  }
  return 0;
}

}  // namespace

std::string toml_string(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const char c = text.front();
    if (length == 0) {
      quoted += "\ufffd";
    } else if (length == 1 && is_control(c)) {
      char escape[sizeof("\\u0000")];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c) & 0x7f);
      quoted += escape;
    } else {
      quoted += c == '"' || c == '\\' ? "\\" : "";
      quoted += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return quoted + "\"";
}

}  // namespace ownroute::detail
