// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.hpp"

#include <ownroute/error.hpp>

#include "quote.hpp"

namespace ownroute::cli {

Options take_options(Words &words) {
  Options options;
  const auto take = [&words] {
    const std::string &word = words.front();
    words = words.subspan(1);
    return word;
  };
  while (!words.empty() && words.front().starts_with('-')) {
    const std::string word = take();
    if (word == "-j" || word == "--json") {
      options.json = true;
    } else if (word == "--dry-run") {
      options.dry_run = true;
    } else if (word == "-q" || word == "--quiet") {
      options.quiet = true;
    } else if (word == "-h" || word == "--help") {
      options.help = true;
    } else if (word == "-V" || word == "--version") {
      options.version = true;
    } else if (word == "-n" || word == "--netns") {
      if (words.empty()) {
        throw Error(ErrorKind::usage, word + " has no value: expected the name of a namespace");
      }
      options.netns = take();
    } else {
      throw Error(ErrorKind::usage, "unknown option " + cite(word) +
                                        ": expected -j, -n NAME, -q, --dry-run, --help or"
                                        " --version");
    }
  }
  return options;
}

}  // namespace ownroute::cli
