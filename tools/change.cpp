// SPDX-License-Identifier: LGPL-2.1-or-later
#include "change.hpp"

#include <algorithm>
#include <csignal>
#include <iterator>
#include <utility>
#include <variant>
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

Changes apply(Session &session, Plan plan) {
  const SignalsWait until_done;
  return session.apply(std::move(plan));
}

bool is_no_mappings(const Step &step) {
  return !std::holds_alternative<MappingStep>(step) && !std::holds_alternative<FlushStep>(step);
}

}  // namespace

void print_made(std::ostream &out, const Plan &, const Changes &changes, bool json) {
  std::vector<Mapping> made = changes.made;
  made.insert(made.end(), changes.replaced.begin(), changes.replaced.end());
  if (!made.empty()) {
    print_mappings(out, made, json);
  }
}

Changes carry_out(Session &session, Plan plan, const Options &options, std::ostream &out,
                  PrintChanges print) {
  if (options.dry_run) {
    print_plan(out, plan, options.json);
    return {};
  }
  Plan others;
  std::ranges::copy_if(plan, std::back_inserter(others), is_no_mappings);
  Changes changes = apply(session, std::move(plan));
  if (!options.quiet) {
    print(out, others, changes, options.json);
  }
  return changes;
}

}  // namespace ownroute::cli
