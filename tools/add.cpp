// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/session.hpp>

#include "change.hpp"
#include "names.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void add(Words words, const Options &options, std::ostream &out) {
  const Mapping wanted = parse_mapping(words, system_names());
  Session session(options.open_netns());
  carry_out(session, session.plan_add(wanted), options, out);
}

}  // namespace

const Verb kAdd{"add", "SELECTOR [ACTION] [ROUTE] [OPTION]...",
                "make a mapping with the rules and routes that it needs", add};

}  // namespace ownroute::cli
