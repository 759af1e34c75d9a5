// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/ownroute.h>

#include <ownroute/client.hpp>
#include <ownroute/error.hpp>
#include <ownroute/words.hpp>

#include "print.hpp"
#include "quote.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

std::uint32_t parse_limit(Words words) {
  const std::string expected =
      "expected limit N, a number from 1 to " + std::to_string(OWNROUTE_LIMIT_MAX);
  if (words.empty()) {
    throw Error(ErrorKind::usage, "how many? " + expected);
  }
  take_no_words(words.subspan(1), "limit takes one number");
  const auto limit = parse_number(words[0]);
  if (!limit || *limit == 0 || *limit > OWNROUTE_LIMIT_MAX) {
    throw Error(ErrorKind::usage, "limit " + cite(words[0]) + " is not valid: " + expected);
  }
  return *limit;
}

void limit(Words words, const Options &options, std::ostream &out) {
  const std::uint32_t limit = parse_limit(words);
  if (!options.dry_run) {
    Client(options.open_netns()).set_limit(limit);
    return;
  }
  print_steps(out, {"limit " + std::to_string(limit)}, options.json);
}

}  // namespace

const Verb kLimit{"limit", "N", "set how many mappings the network namespace may have", limit};

}  // namespace ownroute::cli
