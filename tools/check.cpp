// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <ownroute/check.hpp>
#include <string>
#include <vector>

#include "exit_status.hpp"
#include "print_check.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

bool is_wrong(const Finding &finding) {
  return finding.severity != Severity::note;
}

void check(Words words, const Options &options, std::ostream &out) {
  take_no_words(words, "check looks at all mappings");
  const std::string name = options.netns.value_or("");
  // A path is none that ip-netns(8) knows.
  const bool is_path = name.find('/') != name.npos;
  const std::vector<Finding> findings = ownroute::check(options.open_netns(), is_path ? "" : name);
  const bool wrong = std::ranges::any_of(findings, is_wrong);
  if (wrong || !options.quiet) {
    print_check(out, findings, options.json);
  }
  if (wrong) {
    out.flush();
    throw Exit{kRefused};
  }
}

}  // namespace

const Verb kCheck{"check", "", "say what would leak, break or collide, and what helps", check};

}  // namespace ownroute::cli
