// SPDX-License-Identifier: LGPL-2.1-or-later
#include "become.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <ownroute/error.hpp>
#include <string>

#include "quote.hpp"

namespace ownroute::cli {
namespace {

constexpr int kNotRunnable = 126;
constexpr int kNotFound = 127;

void check(long result, const char *what) {
  if (result != 0) {
    const int code = errno;
    throw Error(ErrorKind::refused,
                std::string("cannot ") + what + " for the command: " + std::strerror(code), code);
  }
}

void drop_capabilities() {
  check(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "drop ambient capabilities");
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  check(syscall(SYS_capset, &header, none), "drop capabilities");
}

/// As exec(3) takes them.
std::vector<char *> pointers_to(std::span<const std::string> strings) {
  std::vector<char *> pointers;
  for (const std::string &string : strings) {
    pointers.push_back(const_cast<char *>(string.c_str()));
  }
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

void take_on(const Identity &identity) {
  check(setresgid(identity.gid, identity.gid, identity.gid), "set the group");
  if (identity.groups) {
    const std::vector<gid_t> groups(identity.groups->begin(), identity.groups->end());
    check(setgroups(groups.size(), groups.data()), "set the groups");
  }
  check(setresuid(identity.uid, identity.uid, identity.uid), "set the user");
  if (identity.uid != 0) {
    drop_capabilities();
  }
}

int become(Words command, const Environment &environment) {
  execvpe(command[0].c_str(), pointers_to(command).data(), pointers_to(environment).data());
  const int code = errno;
  std::cerr << "ownroute: cannot run " << cite(command[0]) << ": " << std::strerror(code) << '\n';
  return code == ENOENT ? kNotFound : kNotRunnable;
}

}  // namespace ownroute::cli
