// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/error.hpp>
#include <ownroute/session.hpp>

#include "change.hpp"
#include "quote.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void flush(Words words, const Options &options, std::ostream &out) {
  if (!words.empty()) {
    throw Error(ErrorKind::usage, "unknown word " + cite(words.front()) +
                                      ": nothing is expected here, flush deletes all");
  }
  Session session(options.open_netns());
  carry_out(session, session.plan_flush(), options, out);
}

}  // namespace

const Verb kFlush{"flush", "", "delete all mappings with all their rules and routes", flush};

}  // namespace ownroute::cli
