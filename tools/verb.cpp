// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verb.hpp"

#include <ownroute/error.hpp>

#include "quote.hpp"

namespace ownroute::cli {

void take_no_words(Words words, const std::string &why) {
  if (!words.empty()) {
    throw Error(ErrorKind::usage, "unknown word " + cite(words.front()) + ": " + why);
  }
}

}  // namespace ownroute::cli
