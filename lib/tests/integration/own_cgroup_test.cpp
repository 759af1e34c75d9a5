// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <ownroute/own_cgroup.hpp>

#include "thrown.hpp"

namespace ownroute::test {
namespace {

/// Where the VM has mounted cgroup v2.
const std::string kMount = "/sys/fs/cgroup";

std::string below(const std::string &cgroup, const std::string &name) {
  return (cgroup == "/" ? "" : cgroup) + "/" + name;
}

/// A process that waits for its end, with a child that does so, too.
class Two {
 public:
  Two() : pid_(fork()) {
    if (pid_ == 0) {
      const pid_t parent = getpid();
      if (fork() == 0) {
        // Whether it came before or after the cgroup did.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
          _exit(0);
        }
      }
      for (;;) {
        pause();
      }
    }
  }
  Two(const Two &) = delete;
  Two &operator=(const Two &) = delete;
  ~Two() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

TEST(OwnCgroup, IsMadeBelowThatOfTheProcess) {
  const Two two;
  const std::string cgroup = enclose(two.pid(), "own");
  EXPECT_EQ(cgroup, below(cgroup_of(getpid()), "own"));
  EXPECT_EQ(cgroup_of(two.pid()), cgroup);
  kill_processes(cgroup);
  remove_cgroup(cgroup);
  EXPECT_FALSE(std::filesystem::exists(kMount + cgroup));
}

TEST(OwnCgroup, IsMadeAboveWhereNoneCanBeMade) {
  const Two two;
  const std::string full = enclose(two.pid(), "full");
  std::ofstream(kMount + full + "/cgroup.max.depth") << 0;
  const std::string cgroup = enclose(two.pid(), "own");
  EXPECT_EQ(cgroup, below(cgroup_of(getpid()), "own"));
  kill_processes(cgroup);
  remove_cgroup(cgroup);
  remove_cgroup(full);
}

TEST(OwnCgroup, TakesAnEmptyOneOver) {
  const std::string cgroup = below(cgroup_of(getpid()), "own");
  std::filesystem::create_directory(kMount + cgroup);
  const Two two;
  EXPECT_EQ(enclose(two.pid(), "own"), cgroup);
  kill_processes(cgroup);
  remove_cgroup(cgroup);
}

TEST(OwnCgroup, IsMadeForNoProcessThatIsGone) {
  const pid_t gone = Two().pid();
  EXPECT_THAT(thrown_by([&] { enclose(gone, "own"); }), IsError(ErrorKind::refused, "is gone"));
}

TEST(OwnCgroup, LosesAllOfItsProcesses) {
  const Two two;
  const std::string cgroup = enclose(two.pid(), "own");
  const std::string inner = enclose(two.pid(), "inner");
  const Two others;
  std::ofstream(kMount + cgroup + "/cgroup.procs") << others.pid();
  kill_processes(cgroup);
  for (const pid_t pid : {two.pid(), others.pid()}) {
    siginfo_t info;
    EXPECT_EQ(waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT), 0);
    EXPECT_EQ(info.si_status, SIGKILL);
  }
  // Removed with those below it, and not missed.
  EXPECT_EQ(inner, cgroup + "/inner");
  remove_cgroup(cgroup);
  remove_cgroup(cgroup);
  kill_processes(cgroup);
}

TEST(OwnCgroup, IsNotRemovedWithProcesses) {
  const Two two;
  const std::string cgroup = enclose(two.pid(), "own");
  EXPECT_EQ(thrown_by([&] { remove_cgroup(cgroup); }).code(), EBUSY);
  kill_processes(cgroup);
  remove_cgroup(cgroup);
}

}  // namespace
}  // namespace ownroute::test
