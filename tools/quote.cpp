// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quote.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace ownroute::cli {
namespace {

/// Longest text that a message repeats, in bytes.
constexpr std::size_t kMaxCited = 60;

bool is_control(char c) {
  return std::iscntrl(static_cast<unsigned char>(c)) != 0;
}

/// True within a character of UTF-8.
bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

bool is_plain(char c) {
  // Bytes of UTF-8 beyond ASCII mean nothing to the shell.
  return std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_./:@%+,=-").find(c) != std::string_view::npos;
}

std::string in_single_quotes(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string in_ansi_quotes(std::string_view text) {
  std::string word = "$'";
  for (const char c : text) {
    if (is_control(c)) {
      char escape[5];
      // Three octal digits end by themselves, whatever follows; hexadecimal ones don't.
      std::snprintf(escape, sizeof(escape), "\\%03o", static_cast<unsigned char>(c));
      word += escape;
    } else if (c == '\'' || c == '\\') {
      word += '\\';
      word += c;
    } else {
      word += c;
    }
  }
  return word + "'";
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (std::ranges::any_of(text, is_control)) {
    return in_ansi_quotes(text);
  }
  if (!text.empty() && std::ranges::all_of(text, is_plain)) {
    return std::string(text);
  }
  return in_single_quotes(text);
}

std::string cite(std::string_view text) {
  std::size_t length = std::min(text.size(), kMaxCited);
  while (length > 0 && length < text.size() && is_continuation(text[length])) {
    --length;
  }
  const std::string_view start = text.substr(0, length);
  const std::string word =
      std::ranges::any_of(start, is_control) ? in_ansi_quotes(start) : in_single_quotes(start);
  return length < text.size() ? word + "..." : word;
}

}  // namespace ownroute::cli
