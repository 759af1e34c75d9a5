// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What the command says to programs: the words of the grammar as keys, numbers as numbers.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <ownroute/client.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/policy.hpp>

namespace ownroute::cli {

/// Keeps the keys in the order of the grammar.
using Json = nlohmann::ordered_json;

/// What @p mapping doesn't have has no key.
Json to_json(const Mapping &mapping);
/// Adds @p range, if there is one, to @p json: a number, or a string if it has several.
void add_range(Json &json, const char *key, const std::optional<IdRange> &range);
/// Adds @p stats to @p json.
void add_stats(Json &json, const Stats &stats);

Json to_json(const Step &step);

/// Writes @p json without the end of its line.
void write_json(std::ostream &out, const Json &json);

/// An array, written one item at a time: there may be many.
class JsonArray {
 public:
  explicit JsonArray(std::ostream &out) : out_(out) {}

  void add(const Json &item);
  /// Ends the array and its line.
  void end();

 private:
  std::ostream &out_;
  bool empty_ = true;
};

}  // namespace ownroute::cli
