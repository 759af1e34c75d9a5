// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print_explanation.hpp"

#include <cstring>
#include <iomanip>
#include <ownroute/words.hpp>

#include "json.hpp"
#include "print.hpp"
#include "quote.hpp"

namespace ownroute::cli {
namespace {

using cli::to_json;
using cli::to_words;

std::string to_words(const Owner &owner) {
  std::string words;
  if (owner.uid) {
    words += "uid " + std::to_string(*owner.uid) + " ";
  }
  if (owner.gid) {
    words += "gid " + std::to_string(*owner.gid) + " ";
  }
  if (!owner.groups.empty()) {
    words += "groups ";
    for (const std::uint32_t group : owner.groups) {
      words += std::to_string(group) + ",";
    }
    words.back() = ' ';
  }
  if (!owner.cgroup.empty()) {
    words += "cgroup " + shell_word(owner.cgroup) + " ";
  }
  words += owner.kernel ? "kernel " : "";
  words.pop_back();
  return words;
}

Json to_json(const Owner &owner) {
  Json json;
  if (owner.uid) {
    json["uid"] = *owner.uid;
  }
  if (owner.gid) {
    json["gid"] = *owner.gid;
  }
  if (!owner.groups.empty()) {
    json["groups"] = owner.groups;
  }
  if (!owner.cgroup.empty()) {
    json["cgroup"] = owner.cgroup;
    json["cgroup_id"] = owner.cgroup_id;
  }
  if (owner.kernel) {
    json["kernel"] = true;
  }
  return json;
}

Json to_json(const AnyRule &rule) {
  Json json{{"priority", rule.priority}};
  if (rule.mark) {
    json["mark"] = rule.mark->value;
    json["mask"] = rule.mark->mask;
  }
  add_range(json, "uid", rule.uid);
  json["action"] = rule.action;
  if (rule.table != 0) {
    json["table"] = rule.table;
  }
  if (rule.suppress) {
    json["suppress_prefixlength"] = *rule.suppress;
  }
  return json;
}

std::string to_words(const Route &route) {
  if (route.error != 0) {
    return route.type + ", senders get \"" + std::strerror(route.error) + "\"";
  }
  std::string words = route.type;
  if (route.via) {
    words += " via " + route.via->to_string();
  }
  return route.dev.empty() ? words : words + " dev " + shell_word(route.dev);
}

Json to_json(const Route &route) {
  Json json{{"type", route.type}};
  if (route.error != 0) {
    json["error"] = route.error;
  }
  if (!route.dev.empty()) {
    json["dev"] = route.dev;
  }
  if (route.via) {
    json["via"] = route.via->to_string();
  }
  return json;
}

bool is_blocked(const Explanation &explanation) {
  return explanation.mapping && explanation.mapping->mapping.action == Action::block;
}

std::string mark_words(const Explanation &explanation) {
  const bool nostamp = explanation.mapping && explanation.mapping->mapping.nostamp;
  return hex(explanation.mark) + (nostamp ? ", on packets alone" : "");
}

bool has_guard(const Explanation &explanation) {
  return explanation.mapping && explanation.mapping->mapping.guard;
}

std::string guard_words(const Explanation &explanation) {
  if (!explanation.guarded) {
    return "passes";
  }
  return "drops the packet, it isn't leaving by " + shell_word(explanation.mapping->mapping.dev);
}

std::string source_words(const Explanation &explanation) {
  if (!explanation.source) {
    return "none, there is no way before the packet has its mark";
  }
  const std::string words = explanation.source->to_string();
  return explanation.nat_source
             ? words + ", then " + explanation.nat_source->to_string() + " by NAT"
             : words;
}

std::string table_words(std::uint32_t table, const std::string &name) {
  if (table == 0) {
    return "none";
  }
  return std::to_string(table) + (name.empty() ? "" : " (" + name + ")");
}

void print_words(std::ostream &out, const Owner &owner, const Explanation &explanation,
                 const std::string &table) {
  const auto line = [&out](std::string_view what, const std::string &words) {
    out << std::left << std::setw(9) << what << words << '\n';
  };
  line("owner", to_words(owner));
  for (const NearMapping &near : explanation.near) {
    line("not", to_words(near.mapping) + ": " + near.why);
  }
  line("mapping", explanation.mapping ? to_words(explanation.mapping->mapping) : "none");
  if (is_blocked(explanation)) {
    line("route", "none, the mapping blocks the packet");
    return;
  }
  if (explanation.dns_refused) {
    line("route", "none, the mapping has no name server of this family");
    return;
  }
  if (explanation.redirected) {
    line("to", explanation.redirected->to_string() + ", by dns");
  }
  line("mark", mark_words(explanation));
  line("rule", explanation.rule ? to_string(*explanation.rule) : "none");
  line("table", table);
  line("route", to_words(explanation.route));
  if (has_guard(explanation)) {
    line("guard", guard_words(explanation));
  }
  line("source", source_words(explanation));
}

Json to_json(const Owner &owner, const Explanation &explanation, const std::string &table_name) {
  Json json{{"owner", to_json(owner)}};
  Json near = Json::array();
  for (const NearMapping &each : explanation.near) {
    near.push_back(to_json(each.mapping));
    near.back()["why"] = each.why;
  }
  json["near"] = near;
  if (explanation.mapping) {
    json["mapping"] = to_json(explanation.mapping->mapping);
  }
  if (is_blocked(explanation)) {
    return json;
  }
  if (explanation.dns_refused) {
    json["dns_refused"] = true;
    return json;
  }
  if (explanation.redirected) {
    json["redirected"] = explanation.redirected->to_string();
  }
  json["mark"] = explanation.mark;
  if (explanation.rule) {
    json["rule"] = to_json(*explanation.rule);
  }
  if (explanation.route.table != 0) {
    json["table"] = explanation.route.table;
  }
  if (!table_name.empty()) {
    json["table_name"] = table_name;
  }
  json["route"] = to_json(explanation.route);
  if (has_guard(explanation)) {
    json["guarded"] = explanation.guarded;
  }
  if (explanation.source) {
    json["source"] = explanation.source->to_string();
  }
  if (explanation.nat_source) {
    json["nat_source"] = explanation.nat_source->to_string();
  }
  return json;
}

}  // namespace

void print_explanation(std::ostream &out, const Owner &owner, Explanation explanation,
                       const TableName &table_name, bool json) {
  const auto name_table = [&table_name](Mapping &mapping) {
    mapping.table_name = mapping.table ? table_name(*mapping.table) : "";
  };
  for (NearMapping &near : explanation.near) {
    name_table(near.mapping);
  }
  if (explanation.mapping) {
    name_table(explanation.mapping->mapping);
  }
  const std::uint32_t table = explanation.route.table;
  const std::string name = table == 0 ? "" : table_name(table);
  if (json) {
    JsonArray array(out);
    array.add(to_json(owner, explanation, name));
    array.end();
  } else {
    print_words(out, owner, explanation, table_words(table, name));
  }
}

}  // namespace ownroute::cli
