// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print.hpp"

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <ownroute/words.hpp>
#include <string_view>

#include "quote.hpp"

namespace ownroute::cli {
namespace {

/// Keeps the keys in the order of the grammar.
using Json = nlohmann::ordered_json;

Json to_json(const Mapping &mapping) {
  Json json;
  json["id"] = mapping.id;
  json["priority"] = mapping.priority;
  if (mapping.uid && mapping.uid->min == mapping.uid->max) {
    json["uid"] = mapping.uid->min;
  } else if (mapping.uid) {
    json["uid"] = to_string(*mapping.uid);
  }
  if (mapping.mark) {
    json["mark"] = mapping.mark->value;
    json["mask"] = mapping.mark->mask;
  }
  if (mapping.table) {
    json["table"] = *mapping.table;
  }
  if (!mapping.table_name.empty()) {
    json["table_name"] = mapping.table_name;
  }
  if (!mapping.dev.empty()) {
    json["dev"] = mapping.dev;
  }
  for (const Address &via : mapping.via) {
    json["via"].push_back(via.to_string());
  }
  if (!mapping.comment.empty()) {
    json["comment"] = mapping.comment;
  }
  return json;
}

Json to_json(const Listed &item) {
  Json json = to_json(item.mapping);
  json["packets"] = item.stats.packets;
  json["bytes"] = item.stats.bytes;
  if (!item.missing.empty()) {
    json["missing"] = item.missing;
  }
  return json;
}

Json to_json(const Step &step) {
  return {{"step", describe(step)}};
}

template <typename Item>
void print_json(std::ostream &out, const std::vector<Item> &items) {
  Json array = Json::array();
  for (const Item &item : items) {
    array.push_back(to_json(item));
  }
  // A comment may hold any bytes, and JSON only UTF-8.
  out << array.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

/// Width of the column @p title with the numbers @p number_of gives.
template <typename NumberOf>
int column_width(std::string_view title, const std::vector<Listed> &listed, NumberOf number_of) {
  std::size_t width = title.size();
  for (const Listed &item : listed) {
    width = std::max(width, std::to_string(number_of(item)).size());
  }
  return static_cast<int>(width);
}

}  // namespace

std::string to_words(const Mapping &mapping) {
  std::string words =
      "id " + std::to_string(mapping.id) + " priority " + std::to_string(mapping.priority);
  if (mapping.uid) {
    words += " uid " + to_string(*mapping.uid);
  }
  if (mapping.mark) {
    words += " mark " + to_string(*mapping.mark);
  }
  if (!mapping.table_name.empty()) {
    words += " table " + shell_word(mapping.table_name);
  } else if (mapping.table) {
    words += " table " + std::to_string(*mapping.table);
  }
  if (!mapping.dev.empty()) {
    words += " dev " + shell_word(mapping.dev);
  }
  for (const Address &via : mapping.via) {
    words += " via " + via.to_string();
  }
  if (!mapping.comment.empty()) {
    words += " comment " + shell_word(mapping.comment);
  }
  return words;
}

void print_mappings(std::ostream &out, const std::vector<Mapping> &mappings, bool json) {
  if (json) {
    print_json(out, mappings);
    return;
  }
  for (const Mapping &mapping : mappings) {
    out << to_words(mapping) << '\n';
  }
}

void print_listed(std::ostream &out, const std::vector<Listed> &listed, bool json) {
  if (json) {
    print_json(out, listed);
    return;
  }
  if (listed.empty()) {
    return;
  }
  const int packets_width =
      column_width("PACKETS", listed, [](const Listed &item) { return item.stats.packets; });
  const int bytes_width =
      column_width("BYTES", listed, [](const Listed &item) { return item.stats.bytes; });
  const auto print_counters = [&](const auto &packets, const auto &bytes) -> std::ostream & {
    return out << std::setw(packets_width) << packets << "  " << std::setw(bytes_width) << bytes;
  };
  print_counters("PACKETS", "BYTES") << '\n';
  for (const Listed &item : listed) {
    print_counters(item.stats.packets, item.stats.bytes) << "  " << to_words(item.mapping) << '\n';
    for (const std::string &what : item.missing) {
      out << "    missing: " << what << '\n';
    }
  }
}

void print_plan(std::ostream &out, const Plan &plan, bool json) {
  if (json) {
    print_json(out, plan);
    return;
  }
  for (const Step &step : plan) {
    out << describe(step) << '\n';
  }
}

}  // namespace ownroute::cli
