// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cgroup_mount.hpp"

#include <cerrno>
#include <fstream>
#include <ownroute/error.hpp>
#include <sstream>

namespace ownroute::detail {
namespace {

/// Blanks and backslashes stand there as \040 and the like.
std::string unescaped(const std::string &text) {
  constexpr std::size_t kEscape = sizeof("\\040") - 1;
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + kEscape <= text.size()) {
      plain += static_cast<char>(std::stoi(text.substr(i + 1, kEscape - 1), nullptr, 8));
      i += kEscape - 1;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace

std::optional<std::string> find_cgroup2(std::istream &mountinfo) {
  std::optional<std::string> found;
  for (std::string line; std::getline(mountinfo, line);) {
    // ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS [TAG]... - TYPE SOURCE OPTIONS
    std::istringstream words(line);
    std::string word, root, mount_point, type;
    words >> word >> word >> word >> root >> mount_point >> word;
    while (words >> word && word != "-") {
    }
    words >> type;
    if (type != "cgroup2") {
      continue;
    }
    if (root == "/") {
      return unescaped(mount_point);
    }
    found = found ? found : unescaped(mount_point);
  }
  return found;
}

std::string mount_of_cgroup2() {
  std::ifstream mounts("/proc/self/mountinfo");
  const auto found = find_cgroup2(mounts);
  if (!found) {
    throw Error(ErrorKind::not_found,
                "no cgroup v2 is mounted: mount it, mount -t cgroup2 none /sys/fs/cgroup", ENOENT);
  }
  return *found;
}

}  // namespace ownroute::detail
