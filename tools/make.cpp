// SPDX-License-Identifier: LGPL-2.1-or-later
#include "make.hpp"

#include <iostream>
#include <ownroute/client.hpp>
#include <ownroute/cut.hpp>
#include <ownroute/error.hpp>
#include <ownroute/router.hpp>
#include <ownroute/sock_diag.hpp>
#include <ownroute/words.hpp>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

#include "change.hpp"
#include "print.hpp"

namespace ownroute::cli {
namespace {

/// What would be closed for @p mapping.
std::string would_cut(const Mapping &mapping) {
  const std::string whose = "TCP connections of " + to_words(selector_of(mapping));
  return "would cut " +
         (mapping.dev.empty() ? "all " + whose : whose + " without an address of " + mapping.dev);
}

/// Closes what @p mapping, which is in place, leaves without a way. Returns what was closed.
std::string cut(const Mapping &mapping, SockDiag &sock_diag, const Netns &netns) {
  try {
    Client client(netns);
    Router router(netns);
    const std::size_t count = ownroute::cut(client, router, sock_diag, mapping);
    return "cut " + std::to_string(count) + (count == 1 ? " connection" : " connections");
  } catch (const Error &error) {
    // Whatever is wrong now, the command line isn't.
    throw Error(ErrorKind::refused,
                "mapping " + std::to_string(mapping.id) + " is in place, but " + error.what(),
                error.code(), error.extack());
  }
}

/// With --dry-run the steps say it.
Changes carry_out_and_tell(Session &session, Plan plan, const Options &options, std::ostream &out) {
  const std::vector<std::string> lost = lost_source_rules(plan);
  Changes changes = carry_out(session, std::move(plan), options, out);
  if (!options.dry_run && !options.quiet) {
    out.flush();
    for (const std::string &line : lost) {
      std::cerr << line << '\n';
    }
  }
  return changes;
}

}  // namespace

std::vector<std::string> lost_source_rules(const Plan &plan) {
  using Leading = std::tuple<IdRange, std::uint32_t>;
  std::set<Leading> lost;
  for (const Step &step : plan) {
    // A rule for the LAN leads nothing to the table of a mapping.
    if (const auto *rule = std::get_if<RuleStep>(&step);
        rule && !rule->add && rule->rule.uid && rule->rule.takes_all()) {
      lost.emplace(*rule->rule.uid, rule->rule.table);
    }
  }
  for (const Step &step : plan) {
    const auto *mapping = std::get_if<MappingStep>(&step);
    if (mapping != nullptr && mapping->before && mapping->before->uid && mapping->before->table) {
      lost.erase({*mapping->before->uid, *mapping->before->table});
    }
  }
  std::vector<std::string> lines;
  for (const auto &[uid, table] : lost) {
    lines.push_back("uid " + to_string(uid) + " has no rule for the source address of table " +
                    std::to_string(table) + " any more, because of the new mapping");
  }
  return lines;
}

void make(Session &session, Plan plan, const Wanted &wanted, const Netns &netns,
          const Options &options, std::ostream &out) {
  if (!wanted.cut) {
    carry_out_and_tell(session, std::move(plan), options, out);
    return;
  }
  // First, so that nothing has been changed if it is refused.
  SockDiag sock_diag(netns);
  const Changes changes = carry_out_and_tell(session, std::move(plan), options, out);
  // The mapping stays, whatever happens now.
  out.flush();
  const auto &made = changes.made.empty() ? changes.replaced : changes.made;
  const std::string said =
      options.dry_run ? would_cut(wanted.mapping) : cut(made.front(), sock_diag, netns);
  if (!options.quiet) {
    std::cerr << said << '\n';
  }
}

}  // namespace ownroute::cli
