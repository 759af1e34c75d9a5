// SPDX-License-Identifier: LGPL-2.1-or-later
#include "execute.hpp"

#include <ownroute/error.hpp>
#include <ranges>
#include <string>

namespace ownroute::detail {
namespace {

/// Carries out one step and returns what undoes it.
struct Doer {
  Targets targets;

  Plan operator()(TableNameStep &step) const {
    if (step.add) {
      targets.names.add(step.table, step.name);
    } else {
      targets.names.del(step.table);
    }
    return {TableNameStep{!step.add, step.table, step.name}};
  }

  Plan operator()(RouteStep &step) const {
    return change(step.add, step.route) ? Plan{RouteStep{!step.add, step.route}} : Plan{};
  }

  Plan operator()(RuleStep &step) const {
    return change(step.add, step.rule) ? Plan{RuleStep{!step.add, step.rule}} : Plan{};
  }

  Plan operator()(MappingStep &step) const {
    if (!step.after) {
      targets.client.del(step.before->id);
    } else if (step.before) {
      targets.client.set(*step.after);
    } else {
      step.after = targets.client.add(*step.after);
    }
    return {MappingStep{step.after, step.before}};
  }

  Plan operator()(FlushStep &step) const {
    targets.client.flush();
    Plan undo;
    for (const Mapping &mapping : step.before) {
      undo.push_back(MappingStep{{}, mapping});
    }
    return undo;
  }

 private:
  /// False if there was nothing to do: what is to go may have gone with its device.
  template <typename Object>
  bool change(bool add, const Object &object) const {
    if (add) {
      targets.router.add(object);
      return true;
    }
    try {
      targets.router.del(object);
      return true;
    } catch (const Error &error) {
      if (error.kind() != ErrorKind::not_found) {
        throw;
      }
      return false;
    }
  }
};

/// Carries out @p undo from its end to its beginning. Goes on where a step fails; returns these.
std::string carry_out_reversed(const Plan &undo, Targets targets) {
  std::string failed;
  for (Step step : undo | std::views::reverse) {
    try {
      std::visit(Doer{targets}, step);
    } catch (const Error &error) {
      failed += "; " + describe(step) + ": " + error.what();
    }
  }
  return failed;
}

std::string outcome(const std::string &failed) {
  return failed.empty() ? "nothing has been changed" : "undoing it failed too" + failed;
}

}  // namespace

Plan execute(const Plan &plan, Targets targets) {
  Plan done;
  Plan undo;
  for (const Step &step : plan) {
    done.push_back(step);
    try {
      const Plan inverse = std::visit(Doer{targets}, done.back());
      undo.insert(undo.end(), inverse.begin(), inverse.end());
    } catch (const Error &error) {
      const std::string failed = carry_out_reversed(undo, targets);
      throw error.with_message(std::string(error.what()) + " (at \"" + describe(step) + "\"; " +
                               outcome(failed) + ")");
    } catch (...) {
      carry_out_reversed(undo, targets);
      throw;
    }
  }
  return done;
}

}  // namespace ownroute::detail
