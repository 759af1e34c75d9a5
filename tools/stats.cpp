// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/client.hpp>

#include "print_stats.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void stats(Words words, const Options &options, std::ostream &out) {
  take_no_words(words, "stats shows the whole network namespace");
  Client client(options.open_netns());
  const Info info = client.info();
  print_stats(out, info, client.stats(), options.json);
}

}  // namespace

const Verb kStats{"stats", "", "show what the network namespace has and has counted", stats};

}  // namespace ownroute::cli
