// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ownroute/cgroup.hpp>
#include <ownroute/client.hpp>
#include <ownroute/explain.hpp>
#include <ownroute/router.hpp>
#include <ownroute/table_names.hpp>
#include <ownroute/users.hpp>

#include "names.hpp"
#include "owner.hpp"
#include "print_explanation.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

void explain(Words words, const Options &options, std::ostream &out) {
  const Asked asked = parse_question(words, system_names());
  Owner owner = assume(asked, groups_of);
  if (!owner.cgroup.empty()) {
    owner.cgroup_id = cgroup_id_of(owner.cgroup);
  }
  const Netns netns = options.open_netns();
  Client client(netns);
  Router router(netns);
  const Question question{.owner = owner, .to = asked.to, .port = asked.port};
  const Explanation explanation = ownroute::explain(client, router, question);
  const TableNames names;
  print_explanation(
      out, owner, explanation,
      [&names](std::uint32_t table) { return names.name(table).value_or(""); }, options.json);
}

}  // namespace

const Verb kExplain{"explain", "SELECTOR [suppl] [kernel] to ADDR [port N]",
                    "show where an owner's packets go, and why", explain};

}  // namespace ownroute::cli
