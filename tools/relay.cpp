// SPDX-License-Identifier: LGPL-2.1-or-later
#include "relay.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <cstdlib>
#include <initializer_list>

namespace ownroute::cli {
namespace {

constexpr int kShellsSignal = 128;

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) {
    sigaddset(&set, signal);
  }
  return set;
}

struct sigaction default_action() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  return action;
}

/// By kill(2) or the like, not by the kernel.
bool is_sent(const siginfo_t &info) {
  return info.si_code <= 0;
}

}  // namespace

Relay::Relay()
    : taken_(set_of({SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT,
                     SIGTSTP, SIGTTIN, SIGTTOU})) {
  // Where it is ignored, children leave no status.
  const struct sigaction action = default_action();
  sigaction(SIGCHLD, &action, &chld_before_);
  sigprocmask(SIG_BLOCK, &taken_, &mask_before_);
}

void Relay::give_up() const {
  const struct sigaction action = default_action();
  sigaction(SIGPIPE, &action, nullptr);
  sigaction(SIGCHLD, &chld_before_, nullptr);
  sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

int Relay::wait_for(pid_t child) {
  for (;;) {
    int status = 0;
    while (waitpid(child, &status, WNOHANG | WUNTRACED) == child) {
      if (!WIFSTOPPED(status)) {
        return status;
      }
      stop();
    }
    siginfo_t info;
    const int signal = sigwaitinfo(&taken_, &info);
    // What the child itself sends to us, it has thought of.
    if (signal > 0 && signal != SIGCHLD && is_sent(info) && info.si_pid != child) {
      kill(child, signal);
    }
  }
}

void Relay::stop() const {
  // Nobody would continue an orphaned process group; the kernel doesn't stop it for this signal.
  raise(SIGTSTP);
  const sigset_t tstp = set_of({SIGTSTP});
  sigprocmask(SIG_UNBLOCK, &tstp, nullptr);
  sigprocmask(SIG_BLOCK, &tstp, nullptr);
}

void end_as(int status) {
  if (WIFEXITED(status)) {
    std::exit(WEXITSTATUS(status));
  }
  // One core is enough.
  prctl(PR_SET_DUMPABLE, 0);
  const int signal = WTERMSIG(status);
  const struct sigaction action = default_action();
  sigaction(signal, &action, nullptr);
  raise(signal);
  const sigset_t itself = set_of({signal});
  sigprocmask(SIG_UNBLOCK, &itself, nullptr);
  std::exit(kShellsSignal + signal);
}

}  // namespace ownroute::cli
