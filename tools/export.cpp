// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/error.hpp>
#include <ownroute/policy_file.hpp>
#include <ownroute/session.hpp>

#include "verb.hpp"

namespace ownroute::cli {
namespace {

void export_policy(Words words, const Options &options, std::ostream &out) {
  take_no_words(words, "export prints all");
  if (options.json) {
    throw Error(ErrorKind::usage, "export prints TOML: leave -j out, or ask ownroute -j list");
  }
  Session session(options.open_netns());
  Policy policy;
  for (Listed &item : session.list()) {
    policy.mappings.push_back(std::move(item.mapping));
  }
  out << write_policy(policy);
}

}  // namespace

const Verb kExport{"export", "", "print the mappings as apply reads them", export_policy};

}  // namespace ownroute::cli
