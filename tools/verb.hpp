// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The commands of ownroute(8): one file each, one table of them in main.cpp.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "options.hpp"
#include "words.hpp"

namespace ownroute::cli {

/// One command.
struct Verb {
  std::string_view name;
  /// What stands behind the name, as in the man page.
  std::string_view synopsis;
  /// What it does: one line, no full stop.
  std::string_view summary;
  /// @throws Error
  void (*run)(Words words, const Options &options, std::ostream &out);
};

/// For a verb that needs no words, or no more.
/// @throws Error usage with @p why if there are any.
void take_no_words(Words words, const std::string &why);

extern const Verb kAdd;
extern const Verb kReplace;
extern const Verb kDel;
extern const Verb kList;
extern const Verb kRepair;
extern const Verb kFlush;
extern const Verb kApply;
extern const Verb kExport;
extern const Verb kMonitor;
extern const Verb kStats;
extern const Verb kLimit;
extern const Verb kRun;
extern const Verb kExplain;
extern const Verb kCheck;

}  // namespace ownroute::cli
