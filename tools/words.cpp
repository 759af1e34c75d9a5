// SPDX-License-Identifier: LGPL-2.1-or-later
#include "words.hpp"

#include <algorithm>
#include <numeric>
#include <ownroute/cgroup.hpp>
#include <ownroute/cut.hpp>
#include <ownroute/error.hpp>
#include <ownroute/table_names.hpp>
#include <ownroute/words.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "quote.hpp"

namespace ownroute::cli {
namespace {

[[noreturn]] void refuse(const std::string &message) {
  throw Error(ErrorKind::usage, message);
}

/// What the words have said so far.
struct Said {
  Mapping mapping = {};
  /// The source is given by a word that is no address.
  bool source_word = false;
  bool cut = false;
  std::optional<Address> to = {};
  std::optional<std::uint16_t> port = {};
};

/// Takes a value over; false if it is not of the word's kind.
using Setter = bool (*)(Said &said, const std::string &value, const Names &names);

/// Which of the grammars of words.hpp a word belongs to, a bitmap.
enum Grammar {
  kOfMapping = 1 << 0,
  kOfPick = 1 << 1,
  kOfQuestion = 1 << 2,
  kOfRepair = 1 << 3,
};

/// One word of the grammar.
struct Word {
  std::string_view name;
  /// What stands behind it, as in the man page; empty: nothing, it is a flag.
  std::string_view value = {};
  /// The same, said to someone who got it wrong.
  std::string_view hint = {};
  Setter set;
  int grammars = kOfMapping;
  bool repeatable = false;
};

/// @p name is "uid" or "gid"; both have the same numbers.
bool set_range(std::optional<IdRange> &target, const std::string &name, const std::string &value) {
  static_assert(kMaxUid == kMaxGid);
  const auto range = parse_range(value);
  if (!range || range->min > kMaxUid || range->max > kMaxUid) {
    return false;
  }
  if (range->min > range->max) {
    refuse(name + " " + value + " is upside down: did you mean " + std::to_string(range->max) +
           "-" + std::to_string(range->min) + "?");
  }
  target = *range;
  return true;
}

/// @p kind is "user" or "group", @p number what stands before a number instead.
bool set_named(std::optional<IdRange> &target, const Names::Find &find, const std::string &kind,
               const std::string &number, const std::string &value) {
  const auto id = find(value);
  if (!id) {
    throw Error(ErrorKind::not_found, kind + " " + cite(value) +
                                          " is unknown: give a name that getent(1) finds, or a"
                                          " number as " +
                                          number + " N");
  }
  target = IdRange{*id, *id};
  return true;
}

bool set_uid(Said &said, const std::string &value, const Names &) {
  return set_range(said.mapping.uid, "uid", value);
}

bool set_user(Said &said, const std::string &value, const Names &names) {
  return set_named(said.mapping.uid, names.user, "user", "uid", value);
}

bool set_gid(Said &said, const std::string &value, const Names &) {
  return set_range(said.mapping.gid, "gid", value);
}

bool set_group(Said &said, const std::string &value, const Names &names) {
  return set_named(said.mapping.gid, names.group, "group", "gid", value);
}

bool set_cgroup(Said &said, const std::string &value, const Names &) {
  said.mapping.cgroup = normal_cgroup(value);
  return true;
}

bool set_suppl(Said &said, const std::string &, const Names &) {
  return said.mapping.suppl = true;
}

bool set_kernel(Said &said, const std::string &, const Names &) {
  return said.mapping.kernel = true;
}

bool set_bypass(Said &said, const std::string &, const Names &) {
  said.mapping.action = Action::bypass;
  return true;
}

bool set_block(Said &said, const std::string &, const Names &) {
  said.mapping.action = Action::block;
  return true;
}

bool set_mark(Said &said, const std::string &value, const Names &) {
  said.mapping.mark = parse_mark(value);
  return said.mapping.mark.has_value();
}

/// A name that is not known stays without a number: whether one can be chosen depends on the other
/// words.
bool set_table(Said &said, const std::string &value, const Names &names) {
  Mapping &mapping = said.mapping;
  mapping.table = parse_bits(value);
  if (mapping.table) {
    return *mapping.table != 0;
  }
  mapping.table = names.table(value);
  mapping.table_name = value;
  return !value.empty();
}

bool set_dev(Said &said, const std::string &value, const Names &) {
  said.mapping.dev = value;
  return !value.empty();
}

template <std::vector<Address> Mapping::*kAddresses>
bool add_address(Said &said, const std::string &value, const Names &) {
  const auto address = Address::parse(value);
  if (address) {
    (said.mapping.*kAddresses).push_back(*address);
  }
  return address.has_value();
}

/// A word, or an address of each family.
bool set_source(Said &said, const std::string &value, const Names &names) {
  Mapping &mapping = said.mapping;
  const auto source = parse_source(value);
  if (said.source_word || (source && !mapping.source_addresses.empty())) {
    refuse("'source' is given twice");
  }
  said.source_word = source.has_value();
  mapping.source = source.value_or(Source::address);
  return source || add_address<&Mapping::source_addresses>(said, value, names);
}

bool set_lan(Said &said, const std::string &, const Names &) {
  return said.mapping.lan = true;
}

bool set_inbound(Said &said, const std::string &value, const Names &) {
  const auto inbound = parse_inbound(value);
  said.mapping.inbound = inbound.value_or(Inbound::automatic);
  return inbound.has_value();
}

bool set_guard(Said &said, const std::string &, const Names &) {
  return said.mapping.guard = true;
}

bool set_connmark(Said &said, const std::string &, const Names &) {
  return said.mapping.connmark = true;
}

bool set_nostamp(Said &said, const std::string &, const Names &) {
  return said.mapping.nostamp = true;
}

bool set_id(Said &said, const std::string &value, const Names &) {
  said.mapping.id = parse_number(value).value_or(0);
  return said.mapping.id != 0;
}

bool set_priority(Said &said, const std::string &value, const Names &) {
  const auto priority = parse_number(value);
  said.mapping.priority = priority.value_or(0);
  return priority.has_value();
}

bool set_comment(Said &said, const std::string &value, const Names &) {
  said.mapping.comment = value;
  return true;
}

bool set_cut(Said &said, const std::string &, const Names &) {
  return said.cut = true;
}

bool set_to(Said &said, const std::string &value, const Names &) {
  said.to = Address::parse(value);
  return said.to.has_value();
}

bool set_port(Said &said, const std::string &value, const Names &) {
  const auto port = parse_number(value);
  if (!port || *port == 0 || *port > 0xffff) {
    return false;
  }
  said.port = static_cast<std::uint16_t>(*port);
  return true;
}

constexpr int kOfAll = kOfMapping | kOfPick | kOfQuestion;
constexpr Word kWords[] = {
    {.name = "uid",
     .value = "N[-M]",
     .hint = "numbers up to 4294967294",
     .set = set_uid,
     .grammars = kOfAll},
    {.name = "user", .value = "NAME", .hint = "a user's name", .set = set_user, .grammars = kOfAll},
    {.name = "gid",
     .value = "N[-M]",
     .hint = "numbers up to 4294967294",
     .set = set_gid,
     .grammars = kOfAll},
    {.name = "group",
     .value = "NAME",
     .hint = "a group's name",
     .set = set_group,
     .grammars = kOfAll},
    {.name = "cgroup",
     .value = "PATH",
     .hint = "a path such as /system.slice",
     .set = set_cgroup,
     .grammars = kOfAll},
    {.name = "suppl", .set = set_suppl, .grammars = kOfMapping | kOfQuestion},
    {.name = "kernel", .set = set_kernel, .grammars = kOfMapping | kOfQuestion},
    {.name = "mark",
     .value = "M[/MASK]",
     .hint = "decimal, or hexadecimal after 0x",
     .set = set_mark},
    {.name = "bypass", .set = set_bypass},
    {.name = "block", .set = set_block},
    {.name = "table", .value = "T", .hint = "a name, or a number from 1 up", .set = set_table},
    {.name = "dev",
     .value = "IFNAME",
     .hint = "a network device",
     .set = set_dev,
     .grammars = kOfMapping | kOfRepair},
    {.name = "via",
     .value = "ADDR",
     .hint = "an IPv4 or IPv6 address",
     .set = add_address<&Mapping::via>,
     .repeatable = true},
    {.name = "source",
     .value = "(auto|rule|masquerade|keep|ADDR)",
     .hint = "where the source address comes from",
     .set = set_source,
     .repeatable = true},
    {.name = "lan", .set = set_lan},
    {.name = "dns",
     .value = "ADDR",
     .hint = "the IPv4 or IPv6 address of a name server",
     .set = add_address<&Mapping::dns>,
     .repeatable = true},
    {.name = "inbound",
     .value = "(auto|back|follow)",
     .hint = "where answers to others go",
     .set = set_inbound},
    {.name = "guard", .set = set_guard},
    {.name = "connmark", .set = set_connmark},
    {.name = "nostamp", .set = set_nostamp},
    {.name = "id",
     .value = "N",
     .hint = "a number from 1 up",
     .set = set_id,
     .grammars = kOfMapping | kOfPick},
    {.name = "priority", .value = "N", .hint = "a number", .set = set_priority},
    {.name = "comment", .value = "TEXT", .hint = "text", .set = set_comment},
    {.name = "cut", .set = set_cut},
    {.name = "to",
     .value = "ADDR",
     .hint = "an IPv4 or IPv6 address",
     .set = set_to,
     .grammars = kOfQuestion},
    {.name = "port",
     .value = "N",
     .hint = "a number from 1 to 65535",
     .set = set_port,
     .grammars = kOfQuestion},
};

/// Words that say the same thing in two ways, or two things of which one can be meant.
constexpr std::pair<std::string_view, std::string_view> kOneOf[] = {
    {"uid", "user"}, {"gid", "group"}, {"bypass", "block"}};

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

/// What the words say, and which words they were.
struct Parsed : Said {
  std::vector<std::string_view> seen = {};

  bool has(std::string_view name) const { return std::ranges::find(seen, name) != seen.end(); }
};

Parsed parse(Words words, Grammar of, const Names &names) {
  std::vector<Word> grammar;
  std::ranges::copy_if(kWords, std::back_inserter(grammar),
                       [of](const Word &word) { return (word.grammars & of) != 0; });
  Parsed parsed;
  while (!words.empty()) {
    const std::string &name = words[0];
    const auto word = std::ranges::find(grammar, std::string_view(name), &Word::name);
    if (word == grammar.end()) {
      refuse_unknown(name, grammar);
    }
    if (parsed.has(name) && !word->repeatable) {
      refuse("'" + name + "' is given twice");
    }
    const bool is_flag = word->value.empty();
    const std::string expected =
        "expected " + name + " " + std::string(word->value) + ", " + std::string(word->hint);
    if (!is_flag && words.size() == 1) {
      refuse("'" + name + "' has no value: " + expected);
    }
    const std::string &value = words[is_flag ? 0 : 1];
    if (!word->set(parsed, value, names)) {
      refuse(name + " " + cite(value) + " is not valid: " + expected);
    }
    parsed.seen.push_back(word->name);
    words = words.subspan(is_flag ? 1 : 2);
  }
  for (const auto &[one, other] : kOneOf) {
    if (parsed.has(one) && parsed.has(other)) {
      refuse("'" + std::string(one) + "' and '" + std::string(other) +
             "' are both given: give one of them");
    }
  }
  return parsed;
}

/// A mapping's or an owner's.
Selector check_selector(const Mapping &mapping) {
  const Selector selector = selector_of(mapping);
  if (selector == Selector()) {
    refuse("whose packets? give uid N[-M], user NAME, gid N[-M], group NAME or cgroup PATH");
  }
  return selector;
}

/// @p name is "uid" or "gid".
std::optional<std::uint32_t> single(const std::optional<IdRange> &range, const std::string &name) {
  if (range && range->min != range->max) {
    refuse(name + " " + to_string(*range) + " is more than one: give one of them");
  }
  return range ? std::optional(range->min) : std::nullopt;
}

void check_new_table(const Mapping &mapping) {
  if (!mapping.has_default_route()) {
    throw Error(ErrorKind::not_found,
                "table " + cite(mapping.table_name) +
                    " is unknown: give its number, or a dev or via for a new table");
  }
  TableNames::validate(mapping.table_name);
}

void check_mapping(const Mapping &mapping) {
  if (!mapping.table && !mapping.table_name.empty()) {
    check_new_table(mapping);
  }
  validate(mapping);
}

}  // namespace

Selector selector_of(const Mapping &mapping) {
  return {mapping.uid, mapping.gid, mapping.cgroup};
}

Wanted parse_mapping(Words words, const Names &names) {
  const Said said = parse(words, kOfMapping, names);
  check_selector(said.mapping);
  check_mapping(said.mapping);
  if (said.cut) {
    validate_cut(said.mapping);
  }
  return {said.mapping, said.cut};
}

Errand parse_errand(Words words, const Names &names) {
  const auto dashes = std::ranges::find(words, "--");
  if (dashes == words.end() || dashes + 1 == words.end()) {
    refuse("what is to be run? give -- CMD [ARG]... behind the other words");
  }
  const Parsed parsed = parse({words.begin(), dashes}, kOfMapping, names);
  for (const std::string_view word : {"uid", "user", "gid", "group", "cgroup", "suppl"}) {
    if (parsed.has(word)) {
      refuse("'" + std::string(word) + "' is for add: what run starts is the owner, leave it away");
    }
  }
  if (parsed.cut) {
    refuse("'cut' is for add: a command that is not started yet has no connections");
  }
  // As it will have a cgroup.
  Mapping mapping = parsed.mapping;
  mapping.cgroup = "/";
  check_mapping(mapping);
  return {parsed.mapping, {dashes + 1, words.end()}};
}

Pick parse_pick(Words words, const Names &names) {
  const Parsed parsed = parse(words, kOfPick, names);
  const Selector selector = selector_of(parsed.mapping);
  Pick pick;
  if (parsed.has("id")) {
    pick.id = parsed.mapping.id;
  }
  if (selector != Selector()) {
    pick.selector = selector;
  }
  if (pick.id && pick.selector) {
    refuse("'id' names one mapping already: leave the selector away");
  }
  return pick;
}

std::string parse_device(Words words, const Names &names) {
  return parse(words, kOfRepair, names).mapping.dev;
}

Asked parse_question(Words words, const Names &names) {
  const Parsed parsed = parse(words, kOfQuestion, names);
  const Selector selector = check_selector(parsed.mapping);
  if (parsed.mapping.suppl && !selector.gid) {
    refuse("'suppl' says that the gid is a supplementary one: give gid N or group NAME too");
  }
  if (!parsed.to) {
    refuse("where to? give to ADDR");
  }
  return {.uid = single(selector.uid, "uid"),
          .gid = single(selector.gid, "gid"),
          .suppl = parsed.mapping.suppl,
          .cgroup = selector.cgroup,
          .kernel = parsed.mapping.kernel,
          .to = *parsed.to,
          .port = parsed.port};
}

}  // namespace ownroute::cli
