// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ownroute/cgroup.hpp>
#include <ownroute/error.hpp>
#include <ownroute/own_cgroup.hpp>
#include <string_view>
#include <vector>

#include "cgroup_mount.hpp"
#include "file.hpp"
#include "text.hpp"

namespace ownroute {
namespace {

using detail::cite;
using detail::FileDescriptor;
using detail::mount_of_cgroup2;

constexpr mode_t kMode = 0755;

[[noreturn]] void fail(const std::string &message, int code) {
  throw Error(ErrorKind::refused, message + ": " + std::strerror(code), code);
}

/// What the kernel says of a cgroup that is removed, when it is looked for and when it is open.
bool says_gone(int code) {
  return code == ENOENT || code == ENODEV;
}

/// Zero, or the errno value.
int write_to(const std::string &file, std::string_view text) {
  const FileDescriptor fd(open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && write(fd.get(), text.data(), text.size()) >= 0 ? 0 : errno;
}

/// Likewise; then the process is where it was, and nothing was made.
int try_to_enclose(pid_t pid, const std::string &directory) {
  // Left behind by somebody of the same name: whether it is empty is for the kernel to say.
  rmdir(directory.c_str());
  if (mkdir(directory.c_str(), kMode) != 0) {
    return errno;
  }
  const int code = write_to(directory + "/cgroup.procs", std::to_string(pid));
  if (code != 0) {
    rmdir(directory.c_str());
  }
  return code;
}

/// Of a cgroup.events file; false if its cgroup is gone.
bool is_populated(int events) {
  char text[256];
  const ssize_t length = pread(events, text, sizeof(text), 0);
  if (length < 0 && !says_gone(errno)) {
    fail("cannot read cgroup.events", errno);
  }
  const std::string_view read(text, static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  return read.find("populated 1") != read.npos;
}

}  // namespace

std::string cgroup_of(pid_t pid) {
  constexpr std::string_view kUnified = "0::";
  std::ifstream lines("/proc/" + std::to_string(pid) + "/cgroup");
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kUnified)) {
      return normal_cgroup(line.substr(kUnified.size()));
    }
  }
  throw Error(ErrorKind::refused,
              "process " + std::to_string(pid) +
                  " is gone, or no cgroup v2 is mounted: mount -t cgroup2 none /sys/fs/cgroup",
              ENOENT);
}

std::string enclose(pid_t pid, const std::string &name) {
  const std::string mount = mount_of_cgroup2();
  int first_code = 0;
  for (std::filesystem::path above = cgroup_of(pid);; above = above.parent_path()) {
    const std::string cgroup = above / name;
    const int code = try_to_enclose(pid, mount + cgroup);
    if (code == 0) {
      return cgroup;
    }
    first_code = first_code == 0 ? code : first_code;
    if (above == above.root_path()) {
      fail("cannot make a cgroup " + cite(name) + " for process " + std::to_string(pid),
           first_code);
    }
  }
}

void kill_processes(const std::string &cgroup) {
  const std::string directory = mount_of_cgroup2() + cgroup;
  const FileDescriptor events(open((directory + "/cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
  const int code = events ? write_to(directory + "/cgroup.kill", "1") : errno;
  if (says_gone(code)) {
    return;
  }
  if (code != 0) {
    fail("cannot kill the processes of cgroup " + cite(cgroup), code);
  }
  // The kernel says once after each reading that there is something new.
  while (is_populated(events.get())) {
    pollfd changed{.fd = events.get(), .events = POLLPRI, .revents = 0};
    poll(&changed, 1, -1);
  }
}

void remove_cgroup(const std::string &cgroup) {
  namespace fs = std::filesystem;
  std::vector<fs::path> directories{mount_of_cgroup2() + cgroup};
  // What can't be looked into is told of by rmdir.
  std::error_code error;
  fs::recursive_directory_iterator entry(directories.front(), error);
  for (; !error && entry != fs::end(entry); entry.increment(error)) {
    if (entry->is_directory(error)) {
      directories.push_back(entry->path());
    }
  }
  for (; !directories.empty(); directories.pop_back()) {
    if (rmdir(directories.back().c_str()) != 0 && errno != ENOENT) {
      fail("cannot remove cgroup " + cite(cgroup), errno);
    }
  }
}

}  // namespace ownroute
