// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/error.hpp>
#include <ownroute/session.hpp>
#include <string>
#include <utility>

#include "names.hpp"
#include "print.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void repair(Words words, const Options &options, std::ostream &out) {
  const std::string dev = parse_device(words, system_names());
  Session session(options.open_netns());
  Repair repair = session.plan_repair(dev);
  if (!options.dry_run) {
    repair = session.repair(std::move(repair));
  }
  if (options.dry_run || !options.quiet) {
    print_plan(out, repair.plan, options.json);
    out.flush();
  }
  if (!repair.hindrances.empty()) {
    std::string message = "not all can be put back now";
    for (const std::string &hindrance : repair.hindrances) {
      message += "; " + hindrance;
    }
    throw Error(ErrorKind::refused, message);
  }
}

}  // namespace

const Verb kRepair{"repair", "[dev IFNAME]",
                   "put back rules and routes of mappings that somebody took away", repair};

}  // namespace ownroute::cli
