// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/session.hpp>

#include "change.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void flush(Words words, const Options &options, std::ostream &out) {
  take_no_words(words, "nothing is expected here, flush deletes all");
  Session session(options.open_netns());
  carry_out(session, session.plan_flush(), options, out);
}

}  // namespace

const Verb kFlush{"flush", "", "delete all mappings with all their rules and routes", flush};

}  // namespace ownroute::cli
