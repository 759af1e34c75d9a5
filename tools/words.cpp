// SPDX-License-Identifier: LGPL-2.1-or-later
#include "words.hpp"

#include <algorithm>
#include <numeric>
#include <ownroute/error.hpp>
#include <ownroute/table_names.hpp>
#include <ownroute/words.hpp>
#include <string_view>
#include <vector>

#include "quote.hpp"

namespace ownroute::cli {
namespace {

[[noreturn]] void refuse(const std::string &message) {
  throw Error(ErrorKind::usage, message);
}

/// Takes a value over into a mapping; false if it is not of the word's kind.
using Setter = bool (*)(Mapping &mapping, const std::string &value, const Names &names);

/// One word of the grammar.
struct Word {
  std::string_view name;
  /// What stands behind it, as in the man page.
  std::string_view value;
  /// The same, said to someone who got it wrong.
  std::string_view hint;
  Setter set;
  /// May be given to `del` and `list`, too.
  bool picks = false;
  bool repeatable = false;
};

bool set_uid(Mapping &mapping, const std::string &value, const Names &) {
  const auto range = parse_range(value);
  if (!range || range->min > kMaxUid || range->max > kMaxUid) {
    return false;
  }
  if (range->min > range->max) {
    refuse("uid " + value + " is upside down: did you mean " + std::to_string(range->max) + "-" +
           std::to_string(range->min) + "?");
  }
  mapping.uid = *range;
  return true;
}

bool set_user(Mapping &mapping, const std::string &value, const Names &names) {
  const auto uid = names.user(value);
  if (!uid) {
    throw Error(ErrorKind::not_found, "user " + cite(value) +
                                          " is unknown: give a name that getent(1) finds, or a"
                                          " number as uid N");
  }
  mapping.uid = UidRange{*uid, *uid};
  return true;
}

bool set_mark(Mapping &mapping, const std::string &value, const Names &) {
  mapping.mark = parse_mark(value);
  return mapping.mark.has_value();
}

/// A name that is not known stays without a number: whether one can be chosen depends on the other
/// words.
bool set_table(Mapping &mapping, const std::string &value, const Names &names) {
  mapping.table = parse_bits(value);
  if (mapping.table) {
    return *mapping.table != 0;
  }
  mapping.table = names.table(value);
  mapping.table_name = value;
  return !value.empty();
}

bool set_dev(Mapping &mapping, const std::string &value, const Names &) {
  mapping.dev = value;
  return !value.empty();
}

bool add_via(Mapping &mapping, const std::string &value, const Names &) {
  const auto address = Address::parse(value);
  if (!address) {
    return false;
  }
  mapping.via.push_back(*address);
  return true;
}

bool set_id(Mapping &mapping, const std::string &value, const Names &) {
  mapping.id = parse_number(value).value_or(0);
  return mapping.id != 0;
}

bool set_priority(Mapping &mapping, const std::string &value, const Names &) {
  const auto priority = parse_number(value);
  mapping.priority = priority.value_or(0);
  return priority.has_value();
}

bool set_comment(Mapping &mapping, const std::string &value, const Names &) {
  mapping.comment = value;
  return true;
}

constexpr Word kWords[] = {
    {.name = "uid",
     .value = "N[-M]",
     .hint = "numbers up to 4294967294",
     .set = set_uid,
     .picks = true},
    {.name = "user", .value = "NAME", .hint = "a user's name", .set = set_user, .picks = true},
    {.name = "mark",
     .value = "M[/MASK]",
     .hint = "decimal, or hexadecimal after 0x",
     .set = set_mark},
    {.name = "table", .value = "T", .hint = "a name, or a number from 1 up", .set = set_table},
    {.name = "dev", .value = "IFNAME", .hint = "a network device", .set = set_dev},
    {.name = "via",
     .value = "ADDR",
     .hint = "an IPv4 or IPv6 address",
     .set = add_via,
     .repeatable = true},
    {.name = "id", .value = "N", .hint = "a number from 1 up", .set = set_id, .picks = true},
    {.name = "priority", .value = "N", .hint = "a number", .set = set_priority},
    {.name = "comment", .value = "TEXT", .hint = "text", .set = set_comment},
};

/// Letters to insert, delete or replace to make one of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string listed(std::span<const Word> grammar) {
  std::string list;
  for (const Word &word : grammar) {
    if (!list.empty()) {
      list += &word == &grammar.back() ? " or " : ", ";
    }
    list += word.name;
  }
  return list;
}

[[noreturn]] void refuse_unknown(const std::string &text, std::span<const Word> grammar) {
  const std::string message = "unknown word " + cite(text) + ": ";
  if (text.starts_with('-')) {
    refuse(message + "options stand before the command");
  }
  const auto distance_to = [&](const Word &word) { return distance(text, word.name); };
  const auto nearest = std::ranges::min_element(grammar, {}, distance_to);
  // Up to one slip in three letters; more, and it would be a guess.
  if (distance_to(*nearest) <= (nearest->name.size() + 1) / 3) {
    refuse(message + "did you mean '" + std::string(nearest->name) + "'?");
  }
  refuse(message + "expected " + listed(grammar));
}

/// A mapping as far as the words say, and which words they were.
struct Parsed {
  Mapping mapping;
  std::vector<std::string_view> seen;

  bool has(std::string_view name) const { return std::ranges::find(seen, name) != seen.end(); }
  bool has_selector() const { return has("uid") || has("user"); }
};

Parsed parse(Words words, std::span<const Word> grammar, const Names &names) {
  Parsed parsed;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const auto word = std::ranges::find(grammar, std::string_view(words[i]), &Word::name);
    if (word == grammar.end()) {
      refuse_unknown(words[i], grammar);
    }
    const std::string &name = words[i];
    if (parsed.has(name) && !word->repeatable) {
      refuse("'" + name + "' is given twice");
    }
    const std::string expected =
        "expected " + name + " " + std::string(word->value) + ", " + std::string(word->hint);
    if (i + 1 == words.size()) {
      refuse("'" + name + "' has no value: " + expected);
    }
    if (!word->set(parsed.mapping, words[i + 1], names)) {
      refuse(name + " " + cite(words[i + 1]) + " is not valid: " + expected);
    }
    parsed.seen.push_back(word->name);
  }
  if (parsed.has("uid") && parsed.has("user")) {
    refuse("'uid' and 'user' are both given: give one of them");
  }
  return parsed;
}

void check_new_table(const Mapping &mapping) {
  if (!mapping.has_default_route()) {
    throw Error(ErrorKind::not_found,
                "table " + cite(mapping.table_name) +
                    " is unknown: give its number, or a dev or via for a new table");
  }
  TableNames::validate(mapping.table_name);
}

}  // namespace

Mapping parse_mapping(Words words, const Names &names) {
  const Parsed parsed = parse(words, kWords, names);
  const Mapping &mapping = parsed.mapping;
  if (!parsed.has_selector()) {
    refuse("whose packets? give uid N[-M] or user NAME");
  }
  if (!mapping.table && !mapping.table_name.empty()) {
    check_new_table(mapping);
  }
  validate(mapping);
  return mapping;
}

Pick parse_pick(Words words, const Names &names) {
  std::vector<Word> grammar;
  std::ranges::copy_if(kWords, std::back_inserter(grammar), &Word::picks);
  const Parsed parsed = parse(words, grammar, names);
  if (parsed.has("id") && parsed.has_selector()) {
    refuse("'id' names one mapping already: leave 'uid' and 'user' away");
  }
  Pick pick;
  if (parsed.has("id")) {
    pick.id = parsed.mapping.id;
  }
  if (parsed.has_selector()) {
    pick.uid = parsed.mapping.uid;
  }
  return pick;
}

}  // namespace ownroute::cli
