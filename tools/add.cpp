// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/session.hpp>

#include "make.hpp"
#include "names.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void add(Words words, const Options &options, std::ostream &out) {
  const Wanted wanted = parse_mapping(words, system_names());
  const Netns netns = options.open_netns();
  Session session(netns);
  make(session, session.plan_add(wanted.mapping), wanted, netns, options, out);
}

}  // namespace

const Verb kAdd{"add", "SELECTOR [ACTION] [ROUTE] [OPTION]...",
                "make a mapping with the rules and routes that it needs", add};

}  // namespace ownroute::cli
