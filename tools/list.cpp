// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/session.hpp>

#include "names.hpp"
#include "pick.hpp"
#include "print.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void list(Words words, const Options &options, std::ostream &out) {
  const Pick pick = parse_pick(words, system_names());
  Session session(options.open_netns());
  print_listed(out, pick_all(session.list(), pick), options.json);
}

}  // namespace

const Verb kList{"list", "[id N | SELECTOR]",
                 "show mappings, their counters, and what the system lacks of them", list};

}  // namespace ownroute::cli
