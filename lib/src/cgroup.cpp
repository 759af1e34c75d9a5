// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <ownroute/cgroup.hpp>
#include <ownroute/error.hpp>
#include <ownroute/words.hpp>

#include "cgroup_mount.hpp"
#include "text.hpp"

namespace ownroute {
namespace {

/// What userdata has room for beside the rest.
constexpr std::size_t kLongest = 951;
constexpr std::string_view kById = "id:";

using detail::cite;

[[noreturn]] void refuse(std::string_view path, const std::string &why) {
  throw Error(ErrorKind::usage, "cgroup " + cite(path) + " " + why);
}

[[noreturn]] void fail(const std::string &message, int code) {
  const bool is_missing = code == ENOENT || code == ENOTDIR || code == ENAMETOOLONG;
  throw Error(is_missing ? ErrorKind::not_found : ErrorKind::refused, message, code);
}

std::uint64_t parse_id(const std::string &path) {
  std::uint64_t id = 0;
  const char *const end = path.data() + path.size();
  const auto [stop, error] = std::from_chars(path.data() + kById.size(), end, id);
  if (error != std::errc() || stop != end || id == 0) {
    refuse(path, "has no id: write id:N, N a number from 1 up");
  }
  return id;
}

}  // namespace

std::string normal_cgroup(std::string_view path) {
  if (path.starts_with(kById)) {
    return kById.data() + std::to_string(parse_id(std::string(path)));
  }
  std::string normal;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view name = path.substr(begin, end - begin);
    if (name == "..") {
      refuse(path, "leads upwards: write the path from the mount of cgroup v2 down, without ..");
    }
    if (!name.empty() && name != ".") {
      normal += '/';
      normal += name;
    }
    begin = end + 1;
  }
  if (path.empty()) {
    refuse(path, "is empty: give a path such as /system.slice");
  }
  if (normal.size() > kLongest) {
    refuse(path, "is longer than " + std::to_string(kLongest) + " bytes: give it as id:N");
  }
  if (std::ranges::any_of(normal, detail::is_control)) {
    refuse(path, "has a control character in it: give it as id:N");
  }
  return normal.empty() ? "/" : normal;
}

std::uint64_t cgroup_id_of(const std::string &path) {
  if (path.starts_with(kById)) {
    return parse_id(path);
  }
  const std::string file = detail::mount_of_cgroup2() + path;
  // A kernfs handle is the id and nothing else.
  struct {
    file_handle header{};
    std::uint64_t id = 0;
  } handle;
  static_assert(sizeof(handle) == sizeof(file_handle) + sizeof(std::uint64_t));
  handle.header.handle_bytes = sizeof(handle.id);
  int mount_id = 0;
  if (name_to_handle_at(AT_FDCWD, file.c_str(), &handle.header, &mount_id, 0) != 0) {
    const int code = errno;
    fail("no cgroup " + cite(path) + ": " + std::strerror(code) + " (" + file + ")", code);
  }
  return handle.id;
}

}  // namespace ownroute
