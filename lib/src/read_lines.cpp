// SPDX-License-Identifier: LGPL-2.1-or-later
#include "read_lines.hpp"

#include <algorithm>
#include <fstream>

namespace ownroute::detail {
namespace {

constexpr const char *kSpaces = " \t\r";

}  // namespace

std::vector<std::string> read_lines(const std::filesystem::path &file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t begin = std::min(line.find_first_not_of(kSpaces), line.size());
    const std::size_t end = line.find_last_not_of(kSpaces) + 1;
    lines.push_back(line.substr(begin, end - std::min(begin, end)));
  }
  return lines;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  for (std::size_t begin = line.find_first_not_of(kSpaces); begin < line.size();) {
    const std::size_t end = std::min(line.find_first_of(kSpaces, begin), line.size());
    if (line[begin] == '#') {
      break;
    }
    words.emplace_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kSpaces, end);
  }
  return words;
}

}  // namespace ownroute::detail
