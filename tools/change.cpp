// SPDX-License-Identifier: LGPL-2.1-or-later
#include "change.hpp"

#include <algorithm>
#include <csignal>
#include <iterator>
#include <vector>

#include "print.hpp"

namespace ownroute::cli {
namespace {

/// Lets signals that would end the process wait: ended between two steps, it couldn't undo them.
class SignalsWait {
 public:
  SignalsWait() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) {
      sigaddset(&signals, signal);
    }
    sigprocmask(SIG_BLOCK, &signals, &before_);
  }
  ~SignalsWait() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  SignalsWait(const SignalsWait &) = delete;
  SignalsWait &operator=(const SignalsWait &) = delete;

 private:
  sigset_t before_;
};

Changes apply(Session &session, const Plan &plan) {
  const SignalsWait until_done;
  return session.apply(plan);
}

}  // namespace

void carry_out(Session &session, const Plan &plan, const Options &options, std::ostream &out) {
  if (options.dry_run) {
    print_plan(out, plan, options.json);
    return;
  }
  Changes changes = apply(session, plan);
  std::vector<Mapping> made = std::move(changes.made);
  std::ranges::move(changes.replaced, std::back_inserter(made));
  if (!made.empty() && !options.quiet) {
    print_mappings(out, made, options.json);
  }
}

}  // namespace ownroute::cli
