// SPDX-License-Identifier: LGPL-2.1-or-later
#include "make.hpp"

#include <iostream>
#include <ownroute/client.hpp>
#include <ownroute/cut.hpp>
#include <ownroute/error.hpp>
#include <ownroute/router.hpp>
#include <ownroute/sock_diag.hpp>
#include <string>
#include <utility>

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

}  // namespace

void make(Session &session, Plan plan, const Wanted &wanted, const Netns &netns,
          const Options &options, std::ostream &out) {
  if (!wanted.cut) {
    carry_out(session, std::move(plan), options, out);
    return;
  }
  // First, so that nothing has been changed if it is refused.
  SockDiag sock_diag(netns);
  const Changes changes = carry_out(session, std::move(plan), options, out);
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
