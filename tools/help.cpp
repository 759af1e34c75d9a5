// SPDX-License-Identifier: LGPL-2.1-or-later
#include "help.hpp"

namespace ownroute::cli {
namespace {

constexpr std::string_view kGrammar = R"(
SELECTOR := [ uid N[-M] | user NAME ] [ gid N[-M] | group NAME ] [ cgroup PATH ]
ACTION   := [ mark M[/MASK] ] [ table T ] | bypass | block
ROUTE    := [ dev IFNAME ] [ via ADDR ]... [ source (auto|rule|masquerade|keep|ADDR) ]
            [ lan ] [ dns ADDR ]... [ inbound (auto|back|follow) ]
OPTION   := id N | priority N | guard | connmark | nostamp | suppl | kernel | comment TEXT | cut
)";

constexpr std::string_view kOptions = R"(
OPTIONS, which stand before the command:
  -j, --json        answer in JSON
  -n, --netns NAME  work in network namespace NAME
      --dry-run     print the steps instead of carrying them out
  -q, --quiet       don't print what was made or changed
  -h, --help        print this
  -V, --version     print the version
)";

constexpr std::string_view kMore = "\nSee ownroute(8).\n";

void print_synopsis(std::ostream &out, const Verb &verb) {
  out << verb.name;
  if (!verb.synopsis.empty()) {
    out << ' ' << verb.synopsis;
  }
  out << '\n';
}

}  // namespace

void print_help(std::ostream &out, std::span<const Verb *const> verbs) {
  out << "Usage: ownroute [OPTIONS] COMMAND ...\n\n";
  for (const Verb *verb : verbs) {
    out << "  ownroute ";
    print_synopsis(out, *verb);
    out << "      " << verb->summary << '\n';
  }
  out << kGrammar << kOptions << kMore;
}

void print_help(std::ostream &out, const Verb &verb) {
  out << "Usage: ownroute [OPTIONS] ";
  print_synopsis(out, verb);
  out << "\n  " << verb.summary << '\n' << kGrammar << kMore;
}

bool asks_for_help(Words words) {
  return words.size() == 1 && (words[0] == "help" || words[0] == "--help" || words[0] == "-h");
}

}  // namespace ownroute::cli
