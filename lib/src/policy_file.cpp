// SPDX-License-Identifier: LGPL-2.1-or-later
#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <ownroute/cgroup.hpp>
#include <ownroute/error.hpp>
#include <ownroute/policy_file.hpp>
#include <ownroute/users.hpp>
#include <ownroute/words.hpp>

#include "text.hpp"
#include "toml_string.hpp"

namespace ownroute {
namespace {

using detail::cite;

/// Names that have been looked up: files say the same ones often.
class Lookup {
 public:
  using Find = std::optional<std::uint32_t> (*)(const std::string &name);

  explicit Lookup(Find find) : find_(find) {}

  std::optional<std::uint32_t> operator()(const std::string &name) {
    const auto known = known_.find(name);
    return known != known_.end() ? known->second : known_[name] = find_(name);
  }

 private:
  Find find_;
  std::map<std::string, std::optional<std::uint32_t>> known_;
};

struct Names {
  Lookup user{find_user};
  Lookup group{find_group};
};

/// Takes a value over into a mapping; false if it is not of the key's kind.
using Setter = bool (*)(Mapping &mapping, const toml::node &value, Names &names);

struct Key {
  std::string_view name;
  /// What stands behind it, said to someone who got it wrong.
  std::string_view hint;
  Setter set;
};

std::optional<std::uint32_t> number(const toml::node &node) {
  const auto *value = node.as_integer();
  if (value == nullptr || value->get() < 0 || value->get() > 0xffffffff) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(value->get());
}

std::optional<IdRange> range(const toml::node &node) {
  if (const auto *text = node.as_string()) {
    return parse_range(text->get());
  }
  const auto id = number(node);
  return id ? std::optional(IdRange{*id, *id}) : std::nullopt;
}

bool set_uid(Mapping &mapping, const toml::node &value, Names &) {
  mapping.uid = range(value);
  return mapping.uid.has_value();
}

bool set_gid(Mapping &mapping, const toml::node &value, Names &) {
  mapping.gid = range(value);
  return mapping.gid.has_value();
}

/// The id that @p find knows @p value by; none if it is no text.
std::optional<IdRange> named(const toml::node &value, Lookup &find, const std::string &whom) {
  const auto *name = value.as_string();
  if (name == nullptr) {
    return std::nullopt;
  }
  const auto id = find(name->get());
  if (!id) {
    throw Error(ErrorKind::not_found, whom + " " + cite(name->get()) +
                                          " is unknown: give a name that getent(1) finds, or a "
                                          "number");
  }
  return IdRange{*id, *id};
}

bool set_user(Mapping &mapping, const toml::node &value, Names &names) {
  mapping.uid = named(value, names.user, "user");
  return mapping.uid.has_value();
}

bool set_group(Mapping &mapping, const toml::node &value, Names &names) {
  mapping.gid = named(value, names.group, "group");
  return mapping.gid.has_value();
}

bool set_cgroup(Mapping &mapping, const toml::node &value, Names &) {
  const auto *path = value.as_string();
  if (path != nullptr) {
    mapping.cgroup = normal_cgroup(path->get());
  }
  return path != nullptr;
}

template <bool Mapping::*kFlag>
bool set_flag(Mapping &mapping, const toml::node &value, Names &) {
  const auto *flag = value.as_boolean();
  if (flag != nullptr) {
    mapping.*kFlag = flag->get();
  }
  return flag != nullptr;
}

template <Action kAction>
bool set_action(Mapping &mapping, const toml::node &value, Names &) {
  const auto *flag = value.as_boolean();
  if (flag != nullptr && flag->get()) {
    if (mapping.action != Action::mark) {
      throw Error(ErrorKind::usage, "bypass and block are both given: give one of them");
    }
    mapping.action = kAction;
  }
  return flag != nullptr;
}

bool set_mark(Mapping &mapping, const toml::node &value, Names &) {
  if (const auto *text = value.as_string()) {
    mapping.mark = parse_mark(text->get());
  } else if (const auto bits = number(value)) {
    mapping.mark = Mark{*bits};
  }
  return mapping.mark.has_value();
}

bool set_table(Mapping &mapping, const toml::node &value, Names &) {
  const auto *text = value.as_string();
  mapping.table = text != nullptr ? parse_bits(text->get()) : number(value);
  if (text != nullptr && !mapping.table) {
    mapping.table_name = text->get();
  }
  return mapping.table || !mapping.table_name.empty();
}

bool set_dev(Mapping &mapping, const toml::node &value, Names &) {
  const auto *name = value.as_string();
  if (name != nullptr) {
    mapping.dev = name->get();
  }
  return name != nullptr && !mapping.dev.empty();
}

/// One, or an array of them.
bool add_addresses(std::vector<Address> &addresses, const toml::node &value) {
  if (const auto *list = value.as_array()) {
    return std::ranges::all_of(*list, [&](const toml::node &each) {
      return each.is_string() && add_addresses(addresses, each);
    });
  }
  const auto *text = value.as_string();
  const auto address = text != nullptr ? Address::parse(text->get()) : std::nullopt;
  if (address) {
    addresses.push_back(*address);
  }
  return address.has_value();
}

template <std::vector<Address> Mapping::*kAddresses>
bool set_addresses(Mapping &mapping, const toml::node &value, Names &) {
  return add_addresses(mapping.*kAddresses, value);
}

bool set_source(Mapping &mapping, const toml::node &value, Names &) {
  const auto *text = value.as_string();
  const auto source = text != nullptr ? parse_source(text->get()) : std::nullopt;
  mapping.source = source.value_or(Source::address);
  return source || add_addresses(mapping.source_addresses, value);
}

bool set_inbound(Mapping &mapping, const toml::node &value, Names &) {
  const auto *text = value.as_string();
  const auto inbound = text != nullptr ? parse_inbound(text->get()) : std::nullopt;
  mapping.inbound = inbound.value_or(Inbound::automatic);
  return inbound.has_value();
}

bool set_id(Mapping &mapping, const toml::node &value, Names &) {
  mapping.id = number(value).value_or(0);
  return mapping.id != 0;
}

bool set_priority(Mapping &mapping, const toml::node &value, Names &) {
  const auto priority = number(value);
  mapping.priority = priority.value_or(0);
  return priority.has_value();
}

bool set_comment(Mapping &mapping, const toml::node &value, Names &) {
  const auto *text = value.as_string();
  if (text != nullptr) {
    mapping.comment = text->get();
  }
  return text != nullptr;
}

constexpr Key kKeys[] = {
    {"uid", "a number up to 4294967294, or \"N-M\"", set_uid},
    {"user", "a user's name", set_user},
    {"gid", "a number up to 4294967294, or \"N-M\"", set_gid},
    {"group", "a group's name", set_group},
    {"suppl", "true or false", set_flag<&Mapping::suppl>},
    {"cgroup", "a path such as \"/system.slice\"", set_cgroup},
    {"mark", "a number, or \"M/MASK\"", set_mark},
    {"table", "a name, or a number from 1 up", set_table},
    {"bypass", "true or false", set_action<Action::bypass>},
    {"block", "true or false", set_action<Action::block>},
    {"dev", "a network device", set_dev},
    {"via", "an IPv4 or IPv6 address, or an array of both", set_addresses<&Mapping::via>},
    {"source",
     "\"auto\", \"rule\", \"masquerade\", \"keep\", an address, or an array of both families'",
     set_source},
    {"lan", "true or false", set_flag<&Mapping::lan>},
    {"dns", "an IPv4 or IPv6 address, or an array of both", set_addresses<&Mapping::dns>},
    {"inbound", "\"auto\", \"back\" or \"follow\"", set_inbound},
    {"id", "a number from 1 up", set_id},
    {"priority", "a number", set_priority},
    {"guard", "true or false", set_flag<&Mapping::guard>},
    {"connmark", "true or false", set_flag<&Mapping::connmark>},
    {"nostamp", "true or false", set_flag<&Mapping::nostamp>},
    {"kernel", "true or false", set_flag<&Mapping::kernel>},
    {"comment", "text", set_comment},
};

std::string known_keys() {
  std::string names;
  for (const Key &key : kKeys) {
    names += (names.empty() ? "" : &key == std::end(kKeys) - 1 ? " or " : ", ");
    names += key.name;
  }
  return names;
}

/// Reads one file; knows its name.
class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  Policy read(std::string_view text) {
    const toml::table root = parse(text);
    Policy policy;
    for (const auto &[key, value] : root) {
      if (key.str() != "mapping") {
        fail(key.source(), "unknown key " + cite(key.str()) + ": expected tables [[mapping]]");
      }
      const toml::array *const tables = value.as_array();
      if (tables == nullptr || !std::ranges::all_of(*tables, &toml::node::is_table)) {
        fail(key.source(), "mapping is no array of tables: write [[mapping]] above each");
      }
      policy.mappings.reserve(tables->size());
      for (const toml::node &table : *tables) {
        policy.mappings.push_back(read(*table.as_table()));
      }
    }
    return policy;
  }

 private:
  toml::table parse(std::string_view text) const {
    try {
      return toml::parse(text, name_);
    } catch (const toml::parse_error &error) {
      fail(error.source(), detail::on_one_line(error.description()));
    }
  }

  Mapping read(const toml::table &table) {
    Mapping mapping;
    for (const auto &[key, value] : table) {
      at(value.source(), [&, &key = key, &value = value] { set(mapping, key, value); });
    }
    at(table.source(), [&] {
      refuse_both(table, "uid", "user");
      refuse_both(table, "gid", "group");
      validate(mapping);
    });
    return mapping;
  }

  void set(Mapping &mapping, const toml::key &name, const toml::node &value) {
    const auto key = std::ranges::find(kKeys, name.str(), &Key::name);
    if (key == std::end(kKeys)) {
      fail(name.source(), "unknown key " + cite(name.str()) + ": expected " + known_keys());
    }
    if (!key->set(mapping, value, names_)) {
      throw Error(ErrorKind::usage,
                  std::string(key->name) + " is not valid: expected " + std::string(key->hint));
    }
  }

  static void refuse_both(const toml::table &table, std::string_view a, std::string_view b) {
    if (table.contains(a) && table.contains(b)) {
      throw Error(ErrorKind::usage,
                  std::string(a) + " and " + std::string(b) + " are both given: give one of them");
    }
  }

  /// Runs @p work; its errors say where.
  template <typename Work>
  void at(const toml::source_region &source, const Work &work) const {
    try {
      work();
    } catch (const Located &) {
      throw;
    } catch (const Error &error) {
      throw error.with_message(place(source) + error.what());
    }
  }

  /// An error that says where it is.
  struct Located : Error {
    using Error::Error;
  };

  [[noreturn]] void fail(const toml::source_region &source, const std::string &message) const {
    throw Located(ErrorKind::usage, place(source) + message);
  }

  std::string place(const toml::source_region &source) const {
    return name_ + ":" + std::to_string(source.begin.line) + ":" +
           std::to_string(source.begin.column) + ": ";
  }

  std::string name_;
  Names names_;
};

std::string range_value(const IdRange &range) {
  return range.min == range.max ? to_string(range) : detail::toml_string(to_string(range));
}

/// Lines of a table [[mapping]].
class Writer {
 public:
  void add(const Mapping &mapping) {
    text_ += text_.empty() ? "[[mapping]]\n" : "\n[[mapping]]\n";
    if (mapping.id != 0) {
      line("id", std::to_string(mapping.id));
    }
    if (mapping.priority != kDefaultPriority) {
      line("priority", std::to_string(mapping.priority));
    }
    add_selector(mapping);
    add_action(mapping);
    if (mapping.kernel) {
      line("kernel", "true");
    }
    if (!mapping.comment.empty()) {
      line("comment", detail::toml_string(mapping.comment));
    }
  }

  std::string text() && { return std::move(text_); }

 private:
  void add_selector(const Mapping &mapping) {
    if (mapping.uid) {
      line("uid", range_value(*mapping.uid));
    }
    if (mapping.gid) {
      line("gid", range_value(*mapping.gid));
    }
    if (mapping.suppl) {
      line("suppl", "true");
    }
    if (!mapping.cgroup.empty()) {
      line("cgroup", detail::toml_string(mapping.cgroup));
    }
  }

  void add_action(const Mapping &mapping) {
    if (mapping.action != Action::mark) {
      line(to_string(mapping.action), "true");
    }
    if (mapping.mark) {
      line("mark", detail::toml_string(to_string(*mapping.mark)));
    }
    if (!mapping.table_name.empty()) {
      line("table", detail::toml_string(mapping.table_name));
    } else if (mapping.table) {
      line("table", std::to_string(*mapping.table));
    }
    if (!mapping.dev.empty()) {
      line("dev", detail::toml_string(mapping.dev));
    }
    add_addresses("via", mapping.via);
    if (mapping.source == Source::address) {
      add_addresses("source", mapping.source_addresses);
    } else if (mapping.source != Source::automatic) {
      line("source", detail::toml_string(std::string(to_string(mapping.source))));
    }
    if (mapping.lan) {
      line("lan", "true");
    }
    add_addresses("dns", mapping.dns);
    if (mapping.inbound != Inbound::automatic) {
      line("inbound", detail::toml_string(std::string(to_string(mapping.inbound))));
    }
    if (mapping.guard) {
      line("guard", "true");
    }
    if (mapping.connmark) {
      line("connmark", "true");
    }
    if (mapping.nostamp) {
      line("nostamp", "true");
    }
  }

  void add_addresses(std::string_view key, const std::vector<Address> &addresses) {
    std::string list;
    for (const Address &address : addresses) {
      list += (list.empty() ? "" : ", ") + detail::toml_string(address.to_string());
    }
    if (!addresses.empty()) {
      line(key, addresses.size() == 1 ? list : "[" + list + "]");
    }
  }

  void line(std::string_view key, std::string_view value) {
    text_.append(key).append(" = ").append(value) += '\n';
  }

  std::string text_;
};

}  // namespace

Policy read_policy(std::string_view text, std::string_view name) {
  return Reader(name).read(text);
}

std::string write_policy(const Policy &policy) {
  Writer writer;
  for (const Mapping &mapping : policy.mappings) {
    writer.add(mapping);
  }
  return std::move(writer).text();
}

}  // namespace ownroute
