// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Three processes: this one stands for the command, a child becomes the command, and a guardian,
/// which no end of the others keeps from it, makes what the command needs and takes it away.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <ownroute/error.hpp>
#include <ownroute/session.hpp>
#include <ownroute/users.hpp>
#include <vector>

#include "become.hpp"
#include "exit_status.hpp"
#include "gate.hpp"
#include "guardian.hpp"
#include "identity.hpp"
#include "names.hpp"
#include "print.hpp"
#include "quote.hpp"
#include "relay.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

/// Of a program's name, in the comment of its mapping, in bytes.
constexpr std::size_t kMaxName = 60;

std::string comment_for(const std::string &program) {
  const std::string name = program.substr(program.rfind('/') + 1);
  return "run: " + shell_word(name.substr(0, kMaxName));
}

Environment environment() {
  Environment variables;
  for (char **variable = environ; *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

void print_what_it_would_do(std::ostream &out, Mapping wanted, const std::string &name,
                            const Netns &netns, bool json) {
  wanted.cgroup = planned_cgroup(getpid(), name);
  std::vector<std::string> steps{"cgroup add " + shell_word(wanted.cgroup)};
  // No id stands for the one that the cgroup will have.
  Session session(Client{netns}, Router{netns}, "/", [](const std::string &) { return 0; });
  for (const Step &step : session.plan_add(std::move(wanted))) {
    steps.push_back(describe(step));
  }
  print_steps(out, steps, json);
}

/// A child that does @p work, which returns its exit status.
pid_t start(const std::function<int()> &work) {
  const pid_t pid = fork();
  if (pid < 0) {
    throw Error(ErrorKind::refused, std::string("cannot start a process: ") + std::strerror(errno),
                errno);
  }
  if (pid == 0) {
    _exit(work());
  }
  return pid;
}

/// What the child does.
int be_command(const Errand &errand, const Identity &identity, const Netns &netns,
               const Relay &relay, Gate &gate) {
  int status = kRefused;
  if (gate.wait()) {
    report([&] {
      netns.enter();
      take_on(identity);
      relay.give_up();
      status = become(errand.command, identity.environment);
    });
  }
  return status;
}

/// What the guardian does.
int be_guardian(const std::function<void()> &work) {
  // Neither a terminal nor who ends all of our process group means it.
  setsid();
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, nullptr);
  return report(work);
}

/// Runs what is to be run. Returns its wait status.
int run_guarded(const Errand &errand, const std::string &name, const Netns &netns) {
  const Identity identity =
      caller(getuid(), getgid(), environment(), {find_user, user_of, groups_of});
  Relay relay;
  Gate start_command, life;
  const pid_t command = start([&] {
    life.leave();
    return be_command(errand, identity, netns, relay, start_command);
  });
  const pid_t guardian = start([&] {
    return be_guardian([&] { guard(command, name, errand.mapping, netns, start_command, life); });
  });
  start_command.leave();
  const int status = relay.wait_for(command);
  life.leave();
  int guardian_status = 0;
  waitpid(guardian, &guardian_status, 0);
  if (WIFSIGNALED(guardian_status)) {
    throw Error(ErrorKind::refused,
                "the guardian of the command was killed: look with ownroute list for what it made");
  }
  if (guardian_status != 0) {
    // It has said why there was no command.
    end_as(guardian_status);
  }
  return status;
}

void run(Words words, const Options &options, std::ostream &out) {
  Errand errand = parse_errand(words, system_names());
  if (errand.mapping.comment.empty()) {
    errand.mapping.comment = comment_for(errand.command[0]);
  }
  const std::string name = "ownroute-run-" + std::to_string(getpid());
  const Netns netns = options.open_netns();
  if (options.dry_run) {
    print_what_it_would_do(out, errand.mapping, name, netns, options.json);
  } else {
    end_as(run_guarded(errand, name, netns));
  }
}

}  // namespace

const Verb kRun{"run", "[ACTION] [ROUTE] [OPTION]... -- CMD [ARG]...",
                "run one command, with what it starts, as an owner of its own", run};

}  // namespace ownroute::cli
