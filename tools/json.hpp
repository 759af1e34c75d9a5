// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What the command says to programs: the words of the grammar as keys, numbers as numbers.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <ownroute/client.hpp>
#include <ownroute/policy.hpp>

namespace ownroute::cli {

/// Keeps the keys in the order of the grammar.
using Json = nlohmann::ordered_json;

/// What @p mapping doesn't have has no key.
Json to_json(const Mapping &mapping);
/// Adds @p stats to @p json.
void add_stats(Json &json, const Stats &stats);

/// Writes @p json as one line, without its end.
void write_json(std::ostream &out, const Json &json);

/// Writes an array of what @p to_json makes of each of @p items, one at a time: there may be many.
template <typename Items, typename ToJson>
void write_json_array(std::ostream &out, const Items &items, ToJson to_json) {
  out << '[';
  const char *separator = "";
  for (const auto &item : items) {
    out << separator;
    write_json(out, to_json(item));
    separator = ",";
  }
  out << "]\n";
}

}  // namespace ownroute::cli
