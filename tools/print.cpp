// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <ownroute/words.hpp>
#include <string_view>

#include "counters.hpp"
#include "json.hpp"
#include "quote.hpp"

namespace ownroute::cli {
namespace {

Json listed_to_json(const Listed &item) {
  Json json = to_json(item.mapping);
  add_stats(json, item.stats);
  if (!item.missing.empty()) {
    json["missing"] = item.missing;
  }
  return json;
}

/// A column of the list: a counter of each mapping, right-aligned under its title.
struct Column {
  std::string title;
  std::uint64_t Stats::*counter;
  std::size_t width;
};

std::string upper_case(std::string_view name) {
  std::string title(name);
  std::ranges::transform(title, title.begin(), [](unsigned char c) { return std::toupper(c); });
  return title;
}

/// Only a guard counts what it drops: without one, there is no column for it.
bool is_counted(std::uint64_t Stats::*counter, const std::vector<Listed> &listed) {
  return counter != &Stats::guarded ||
         std::ranges::any_of(listed, [](const Listed &item) { return item.mapping.guard; });
}

std::vector<Column> columns_for(const std::vector<Listed> &listed) {
  std::vector<Column> columns;
  for (const auto &[name, counter] : kCounters) {
    if (!is_counted(counter, listed)) {
      continue;
    }
    std::uint64_t highest = 0;
    for (const Listed &item : listed) {
      highest = std::max(highest, item.stats.*counter);
    }
    columns.push_back(
        {upper_case(name), counter, std::max(name.size(), std::to_string(highest).size())});
  }
  return columns;
}

void append_aligned(std::string &line, std::string_view text, std::size_t width) {
  line.append(width - text.size(), ' ').append(text);
}

/// Puts the words for @p selector behind @p words, a space before each.
void append_selector(std::string &words, const Selector &selector) {
  if (selector.uid) {
    words += " uid " + to_string(*selector.uid);
  }
  if (selector.gid) {
    words += " gid " + to_string(*selector.gid);
  }
  if (!selector.cgroup.empty()) {
    words += " cgroup " + shell_word(selector.cgroup);
  }
}

void append_addresses(std::string &words, const std::string &word,
                      const std::vector<Address> &addresses) {
  for (const Address &address : addresses) {
    words.append(" ").append(word).append(" ").append(address.to_string());
  }
}

}  // namespace

std::string to_words(const Selector &selector) {
  std::string words;
  append_selector(words, selector);
  // Each word has a space before it.
  return words.substr(std::min<std::size_t>(1, words.size()));
}

std::string to_words(const Mapping &mapping) {
  std::string words =
      "id " + std::to_string(mapping.id) + " priority " + std::to_string(mapping.priority);
  append_selector(words, selector_of(mapping));
  if (mapping.suppl) {
    words += " suppl";
  }
  if (mapping.kernel) {
    words += " kernel";
  }
  if (mapping.action != Action::mark) {
    words.append(" ").append(to_string(mapping.action));
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
  append_addresses(words, "via", mapping.via);
  if (mapping.source == Source::address) {
    append_addresses(words, "source", mapping.source_addresses);
  } else if (mapping.source != Source::automatic) {
    words.append(" source ").append(to_string(mapping.source));
  }
  if (mapping.lan) {
    words += " lan";
  }
  append_addresses(words, "dns", mapping.dns);
  if (mapping.inbound != Inbound::automatic) {
    words.append(" inbound ").append(to_string(mapping.inbound));
  }
  if (mapping.guard) {
    words += " guard";
  }
  if (mapping.connmark) {
    words += " connmark";
  }
  if (mapping.nostamp) {
    words += " nostamp";
  }
  if (!mapping.comment.empty()) {
    words += " comment " + shell_word(mapping.comment);
  }
  return words;
}

void print_mappings(std::ostream &out, const std::vector<Mapping> &mappings, bool json) {
  if (json) {
    JsonArray array(out);
    for (const Mapping &mapping : mappings) {
      array.add(to_json(mapping));
    }
    array.end();
    return;
  }
  for (const Mapping &mapping : mappings) {
    out << to_words(mapping) << '\n';
  }
}

void print_listed(std::ostream &out, const std::vector<Listed> &listed, bool json) {
  if (json) {
    JsonArray array(out);
    for (const Listed &item : listed) {
      array.add(listed_to_json(item));
    }
    array.end();
    return;
  }
  if (listed.empty()) {
    return;
  }
  const std::vector<Column> columns = columns_for(listed);
  std::string line;
  for (const Column &column : columns) {
    line += line.empty() ? "" : "  ";
    append_aligned(line, column.title, column.width);
  }
  out << line << '\n';
  for (const Listed &item : listed) {
    line.clear();
    for (const Column &column : columns) {
      append_aligned(line, std::to_string(item.stats.*column.counter), column.width);
      line += "  ";
    }
    out << line << to_words(item.mapping) << '\n';
    for (const std::string &what : item.missing) {
      out << "    missing: " << what << '\n';
    }
  }
}

void print_steps(std::ostream &out, const std::vector<std::string> &steps, bool json) {
  if (json) {
    JsonArray array(out);
    for (const std::string &step : steps) {
      array.add({{"step", step}});
    }
    array.end();
    return;
  }
  for (const std::string &step : steps) {
    out << step << '\n';
  }
}

void print_plan(std::ostream &out, const Plan &plan, bool json) {
  std::vector<std::string> steps;
  std::ranges::transform(plan, std::back_inserter(steps), describe);
  print_steps(out, steps, json);
}

}  // namespace ownroute::cli
