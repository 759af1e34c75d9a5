// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/error.hpp>
#include <ownroute/session.hpp>

#include "change.hpp"
#include "names.hpp"
#include "pick.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void del(Words words, const Options &options, std::ostream &out) {
  const Pick pick = parse_pick(words, system_names());
  if (pick == Pick()) {
    throw Error(ErrorKind::usage, "which mapping? give id N or a selector, such as uid N");
  }
  Session session(options.open_netns());
  const std::uint32_t id = pick_one(session.list(), pick);
  carry_out(session, session.plan_del({id}), options, out);
}

}  // namespace

const Verb kDel{"del", "(id N | SELECTOR)",
                "delete a mapping with the rules and routes that no other needs", del};

}  // namespace ownroute::cli
