// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The ownroute command: options, the table of commands, exit status.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <ownroute/error.hpp>
#include <string>
#include <vector>

#include "exit_status.hpp"
#include "help.hpp"
#include "options.hpp"
#include "output.hpp"
#include "quote.hpp"
#include "verb.hpp"

namespace ownroute::cli {
namespace {

constexpr const Verb *kVerbs[] = {&kAdd,   &kReplace, &kDel,     &kList,    &kRepair,
                                  &kFlush, &kApply,   &kExport,  &kMonitor, &kStats,
                                  &kLimit, &kRun,     &kExplain, &kCheck};

std::string verb_names() {
  std::string names;
  for (const Verb *verb : kVerbs) {
    names += std::string(verb->name) + ", ";
  }
  return names + "or help";
}

const Verb &find_verb(const std::string &name) {
  const auto verb = std::ranges::find(kVerbs, std::string_view(name), &Verb::name);
  if (verb == std::end(kVerbs)) {
    throw Error(ErrorKind::usage, "unknown command " + cite(name) + ": expected " + verb_names());
  }
  return **verb;
}

void help(Words words, std::ostream &out) {
  if (words.empty()) {
    print_help(out, kVerbs);
  } else if (words.size() == 1) {
    print_help(out, find_verb(words[0]));
  } else {
    throw Error(ErrorKind::usage,
                "unknown word " + cite(words[1]) + ": help takes one command's name");
  }
}

void run(Words words, std::ostream &out) {
  const Options options = take_options(words);
  if (options.help) {
    print_help(out, kVerbs);
    return;
  }
  if (options.version) {
    out << "ownroute " OWNROUTE_VERSION "\n";
    return;
  }
  if (words.empty()) {
    throw Error(ErrorKind::usage, "what is to be done? give a command: " + verb_names());
  }
  const std::string &name = words[0];
  words = words.subspan(1);
  if (name == "help") {
    help(words, out);
    return;
  }
  const Verb &verb = find_verb(name);
  if (asks_for_help(words)) {
    print_help(out, verb);
  } else {
    verb.run(words, options, out);
  }
}

/// Where a standard stream is closed, the next file opened would take its number: our messages
/// would end up in a netlink socket.
void hold_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) < 0) {
      // Read-only, so that writing still fails, and is noticed.
      (void)open("/dev/null", O_RDONLY);
    }
  }
}

ExitStatus run_and_report(const std::vector<std::string> &words) {
  return report([&words] {
    Output output(STDOUT_FILENO);
    std::ostream out(&output);
    out.exceptions(std::ios::badbit);
    run(words, out);
    out.flush();
  });
}

}  // namespace
}  // namespace ownroute::cli

int main(int argc, char **argv) {
  // A reader that has gone is an error to report like any other.
  std::signal(SIGPIPE, SIG_IGN);
  ownroute::cli::hold_standard_streams();
  return ownroute::cli::run_and_report({argv + std::min(argc, 1), argv + argc});
}
