// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/rtnetlink.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <ownroute/error.hpp>
#include <ownroute/table_names.hpp>
#include <set>
#include <sstream>
#include <vector>

#include "file.hpp"
#include "text.hpp"

namespace ownroute {
namespace {

namespace fs = std::filesystem;

/// /etc first: a file there stands for the one of its name in the others.
constexpr const char *kDirectories[] = {"etc/iproute2", "usr/share/iproute2", "usr/lib/iproute2"};

std::optional<std::uint32_t> parse_number(std::string_view text) {
  const bool is_hex = text.starts_with("0x");
  text.remove_prefix(is_hex ? 2 : 0);
  std::uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, is_hex ? 16 : 10);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

struct Entry {
  std::uint32_t number;
  std::string name;
};

/// Lines of "NUMBER NAME", with comments. Like iproute2, stops at a line that makes no sense.
std::vector<Entry> read_entries(const fs::path &path) {
  std::vector<Entry> entries;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string number, name;
    words >> number >> name;
    if (number.empty() || number.starts_with('#')) {
      continue;
    }
    const auto parsed = parse_number(number);
    if (!parsed || name.empty()) {
      break;
    }
    entries.push_back({*parsed, name});
  }
  return entries;
}

/// Names of the files that iproute2 reads in @p directory.
std::vector<std::string> conf_files(const fs::path &directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename();
    if (!name.starts_with('.') && name.ends_with(".conf")) {
      names.push_back(name);
    }
  }
  std::ranges::sort(names);
  return names;
}

[[noreturn]] void refuse(const std::string &message, int code = 0) {
  throw Error(ErrorKind::refused, message, code);
}

}  // namespace

TableNames::TableNames(fs::path root) : root_(std::move(root)) {
  read();
}

void TableNames::read() {
  numbers_.clear();
  names_.clear();
  const auto learn = [&](const Entry &entry) {
    // A name that stands twice: iproute2 keeps names in 256 buckets and finds the first.
    const auto known = numbers_.find(entry.name);
    if (known == numbers_.end() || (entry.number & 0xff) <= (known->second & 0xff)) {
      numbers_[entry.name] = entry.number;
    }
    names_[entry.number] = entry.name;
  };
  learn({RT_TABLE_LOCAL, "local"});
  learn({RT_TABLE_MAIN, "main"});
  learn({RT_TABLE_DEFAULT, "default"});
  const auto main_file = std::ranges::find_if(kDirectories, [&](const char *directory) {
    std::error_code ignored;
    return fs::exists(root_ / directory / "rt_tables", ignored);
  });
  if (main_file != std::end(kDirectories)) {
    std::ranges::for_each(read_entries(root_ / *main_file / "rt_tables"), learn);
  }
  std::set<std::string> seen;
  for (const char *directory : kDirectories) {
    const fs::path parts = root_ / directory / "rt_tables.d";
    for (const std::string &name : conf_files(parts)) {
      if (seen.insert(name).second) {
        std::ranges::for_each(read_entries(parts / name), learn);
      }
    }
  }
  ours_.clear();
  for (const Entry &entry : read_entries(our_file())) {
    ours_[entry.number] = entry.name;
  }
}

std::optional<std::uint32_t> TableNames::number(const std::string &name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? parse_number(name) : found->second;
}

std::optional<std::string> TableNames::name(std::uint32_t number) const {
  const auto found = names_.find(number);
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

void TableNames::validate(const std::string &name) {
  constexpr std::size_t kLongest = 64;
  const auto is_alnum = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const auto may_stand = [&](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; };
  // ip(8) reads a digit in front as a number, and some words as its own.
  const bool is_word_of_ip = name == "all" || name == "cache";
  if (name.empty() || name.size() > kLongest || !std::ranges::all_of(name, may_stand) ||
      !is_alnum(name.front()) || (name.front() >= '0' && name.front() <= '9') || is_word_of_ip) {
    throw Error(ErrorKind::usage, "table " + detail::cite(name) +
                                      " can't be a new table's name: begin with a letter, go on "
                                      "with letters, digits, '_', '-' or '.'");
  }
}

void TableNames::add(std::uint32_t number, const std::string &name) {
  validate(name);
  read();
  if (const auto taken = numbers_.find(name); taken != numbers_.end()) {
    refuse("cannot name table " + std::to_string(number) + ": table " +
               std::to_string(taken->second) + " has the name " + detail::cite(name),
           EEXIST);
  }
  if (const auto taken = names_.find(number); taken != names_.end()) {
    refuse("cannot name table " + std::to_string(number) + ": it has the name " +
               detail::cite(taken->second),
           EEXIST);
  }
  auto ours = ours_;
  ours[number] = name;
  write(ours);
}

void TableNames::del(std::uint32_t number) {
  read();
  auto ours = ours_;
  ours.erase(number);
  write(ours);
}

fs::path TableNames::our_file() const {
  return root_ / kDirectories[0] / "rt_tables.d" / "ownroute.conf";
}

void TableNames::write(const std::map<std::uint32_t, std::string> &ours) {
  const fs::path file = our_file();
  if (ours.empty()) {
    if (unlink(file.c_str()) != 0 && errno != ENOENT) {
      const int code = errno;
      refuse("cannot remove " + file.string() + ": " + std::strerror(code), code);
    }
  } else {
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    std::string content = "# Made by ownroute, which takes a line away with its last mapping.\n";
    for (const auto &[number, name] : ours) {
      content += std::to_string(number) + "\t" + name + "\n";
    }
    detail::replace_file(file, content);
  }
  read();
}

}  // namespace ownroute
