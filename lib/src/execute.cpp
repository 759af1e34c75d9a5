// SPDX-License-Identifier: LGPL-2.1-or-later
#include "execute.hpp"

#include <algorithm>
#include <ownroute/error.hpp>
#include <ranges>
#include <span>
#include <string>

namespace ownroute::detail {
namespace {

using Steps = std::span<Step>;

bool is_about_mappings(const Step &step) {
  return std::holds_alternative<MappingStep>(step) || std::holds_alternative<FlushStep>(step);
}

/// The steps from @p steps' first on that are done together: those about mappings.
Steps first_part(Steps steps) {
  const auto end = std::ranges::find_if_not(steps, is_about_mappings);
  return steps.first(std::max<std::size_t>(1, static_cast<std::size_t>(end - steps.begin())));
}

/// Carries out one step; false if there was nothing to do.
struct Doer {
  Targets targets;

  bool operator()(TableNameStep &step) const {
    if (step.add) {
      targets.names.add(step.table, step.name);
    } else {
      targets.names.del(step.table);
    }
    return true;
  }

  bool operator()(RouteStep &step) const { return change(step.add, step.route); }

  bool operator()(RuleStep &step) const { return change(step.add, step.rule); }

  bool operator()(SettingStep &step) const {
    return if_there([&] { targets.router.set(step.dev, step.setting, step.after); });
  }

  bool operator()(MappingStep &step) const {
    if (!step.after) {
      targets.client.del(step.before->id);
    } else if (step.before) {
      targets.client.set(*step.after);
    } else {
      step.after->id = targets.client.add(*step.after).id;
    }
    return true;
  }

  bool operator()(FlushStep &) const {
    targets.client.flush();
    return true;
  }

 private:
  template <typename Object>
  bool change(bool add, const Object &object) const {
    if (add) {
      targets.router.add(object);
      return true;
    }
    return if_there([&] { targets.router.del(object); });
  }

  /// What is to go may have gone with its device.
  template <typename Work>
  static bool if_there(const Work &work) {
    try {
      work();
      return true;
    } catch (const Error &error) {
      if (error.kind() != ErrorKind::not_found) {
        throw;
      }
      return false;
    }
  }
};

/// What undoes a step.
struct Inverter {
  Plan operator()(const TableNameStep &step) const {
    return {TableNameStep{!step.add, step.table, step.name}};
  }
  Plan operator()(const RouteStep &step) const { return {RouteStep{!step.add, step.route}}; }
  Plan operator()(const RuleStep &step) const { return {RuleStep{!step.add, step.rule}}; }
  Plan operator()(const SettingStep &step) const {
    return {SettingStep{step.dev, step.setting, step.after, step.before}};
  }
  Plan operator()(const MappingStep &step) const { return {MappingStep{step.after, step.before}}; }
  Plan operator()(const FlushStep &step) const {
    Plan undo;
    for (const Mapping &mapping : step.before) {
      undo.emplace_back(std::in_place_type<MappingStep>, std::nullopt, mapping);
    }
    return undo;
  }
};

/// Carries out what first_part() returned; false if there was nothing to do.
bool carry_out(Steps part, Targets targets) {
  if (part.size() > 1 && !targets.client.in_transaction()) {
    targets.client.begin();
  }
  bool done = false;
  for (Step &step : part) {
    done |= std::visit(Doer{targets}, step);
  }
  if (is_about_mappings(part.front()) && targets.client.in_transaction()) {
    targets.client.commit();
  }
  return done;
}

std::string describe(Steps part) {
  const std::string first = "\"" + ownroute::describe(part.front()) + "\"";
  return part.size() == 1 ? first : first + " and " + std::to_string(part.size() - 1) + " more";
}

/// Undoes @p done from its end to its beginning. Goes on where a step fails; returns these.
std::string undo(const std::vector<Steps> &done, Targets targets) {
  std::string failed;
  const auto note = [&](const std::string &what, const Error &error) {
    failed += "; " + what + ": " + error.what();
  };
  try {
    targets.client.abort();
  } catch (const Error &error) {
    note("transaction", error);
  }
  for (const Steps part : done | std::views::reverse) {
    Plan inverse;
    for (const Step &step : part | std::views::reverse) {
      std::ranges::move(std::visit(Inverter(), step), std::back_inserter(inverse));
    }
    try {
      carry_out(inverse, targets);
    } catch (const Error &error) {
      note(describe(inverse), error);
    }
  }
  return failed;
}

bool needs_modules(const std::optional<Mapping> &mapping) {
  return mapping && mapping->marks_connections();
}

/// Whether one of @p plan's mappings that come, or go, needs modules of its own.
bool concerns_modules(const Plan &plan) {
  return std::ranges::any_of(plan, [](const Step &step) {
    if (const auto *flush = std::get_if<FlushStep>(&step)) {
      return std::ranges::any_of(flush->before, needs_modules);
    }
    const auto *mapping = std::get_if<MappingStep>(&step);
    return mapping != nullptr && (needs_modules(mapping->before) || needs_modules(mapping->after));
  });
}

/// Sees to the modules that come and go with @p plan, whether it succeeds or not.
class ModulesOf {
 public:
  ModulesOf(const Plan &plan, const Modules &modules)
      : modules_(concerns_modules(plan) ? &modules : nullptr) {
    if (modules_ != nullptr) {
      before_ = modules_->loaded();
    }
  }
  ~ModulesOf() {
    if (modules_ != nullptr) {
      modules_->keep_since(before_);
      modules_->unload();
    }
  }
  ModulesOf(const ModulesOf &) = delete;
  ModulesOf &operator=(const ModulesOf &) = delete;

 private:
  const Modules *modules_;
  std::set<std::string> before_;
};

std::string outcome(const std::string &failed) {
  return failed.empty() ? "nothing has been changed" : "undoing it failed too" + failed;
}

}  // namespace

void execute(Plan &plan, Targets targets) {
  const ModulesOf until_done(plan, targets.modules);
  std::vector<Steps> done;
  for (Steps rest = plan; !rest.empty();) {
    const Steps part = first_part(rest);
    rest = rest.subspan(part.size());
    try {
      if (carry_out(part, targets)) {
        done.push_back(part);
      }
    } catch (const Error &error) {
      const std::string failed = undo(done, targets);
      throw error.with_message(std::string(error.what()) + " (at " + describe(part) + "; " +
                               outcome(failed) + ")");
    } catch (...) {
      undo(done, targets);
      throw;
    }
  }
}

void execute_alone(Step &step, Targets targets) {
  carry_out(Steps(&step, 1), targets);
}

}  // namespace ownroute::detail
