// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/error.hpp>
#include <ownroute/session.hpp>

#include "make.hpp"
#include "names.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void replace(Words words, const Options &options, std::ostream &out) {
  const Wanted wanted = parse_mapping(words, system_names());
  if (wanted.mapping.id == 0) {
    throw Error(ErrorKind::usage, "which mapping? give id N of the one to replace");
  }
  const Netns netns = options.open_netns();
  Session session(netns);
  make(session, session.plan_replace(wanted.mapping), wanted, netns, options, out);
}

}  // namespace

const Verb kReplace{"replace", "id N SELECTOR [ACTION] [ROUTE] [OPTION]...",
                    "put another mapping in the place of one, in one go", replace};

}  // namespace ownroute::cli
