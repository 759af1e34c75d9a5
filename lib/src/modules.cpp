// SPDX-License-Identifier: LGPL-2.1-or-later
#include "modules.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ownroute/error.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "file.hpp"

namespace ownroute::detail {
namespace {

/// Each before those that it needs.
constexpr std::string_view kBrought[] = {"ownroute_nat", "ownroute_connmark", "nf_nat",
                                         "nf_conntrack", "nf_defrag_ipv6",    "nf_defrag_ipv4",
                                         "libcrc32c",    "crc32c_generic",    "crc32c_intel"};

constexpr const char *kLoaded = "proc/modules";
constexpr const char *kRemembered = "run/ownroute.modules";

/// The first words of the lines of @p file, those that are names of modules that may be brought.
std::set<std::string> names_in(const std::filesystem::path &file) {
  std::set<std::string> names;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find(' '));
    if (std::ranges::find(kBrought, name) != std::end(kBrought)) {
      names.insert(name);
    }
  }
  return names;
}

}  // namespace

Modules::Modules(std::filesystem::path root, Unload unload)
    : root_(std::move(root)), unload_(std::move(unload)) {}

std::set<std::string> Modules::loaded() const {
  return names_in(root_ / kLoaded);
}

void Modules::keep_since(const std::set<std::string> &before) const {
  std::set<std::string> names = remembered();
  const std::size_t known = names.size();
  std::ranges::set_difference(loaded(), before, std::inserter(names, names.end()));
  if (names.size() != known) {
    remember(names);
  }
}

void Modules::unload() const {
  const std::set<std::string> names = remembered();
  if (names.empty()) {
    return;
  }
  for (const std::string_view name : kBrought) {
    if (names.contains(std::string(name))) {
      unload_(std::string(name));
    }
  }
  std::set<std::string> left;
  std::ranges::set_intersection(names, loaded(), std::inserter(left, left.end()));
  remember(left);
}

void Modules::unload_idle(const std::string &name) {
  // Without the privilege, or in use: it stays.
  syscall(SYS_delete_module, name.c_str(), O_NONBLOCK);
}

std::set<std::string> Modules::remembered() const {
  return names_in(root_ / kRemembered);
}

void Modules::remember(const std::set<std::string> &names) const {
  const std::filesystem::path file = root_ / kRemembered;
  if (names.empty()) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return;
  }
  std::string lines;
  for (const std::string &name : names) {
    lines += name + '\n';
  }
  try {
    replace_file(file, lines);
  } catch (const Error &) {
    // Where nothing can be remembered, the modules stay: that harms nobody.
  }
}

}  // namespace ownroute::detail
