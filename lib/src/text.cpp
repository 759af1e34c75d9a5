// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text.hpp"

#include <algorithm>
#include <ownroute/words.hpp>

namespace ownroute::detail {

std::string selector_words(const Mapping &mapping) {
  std::string words;
  const auto add = [&](const std::string &word) { words += (words.empty() ? "" : " ") + word; };
  if (mapping.uid) {
    add("uid " + to_string(*mapping.uid));
  }
  if (mapping.gid) {
    add("gid " + to_string(*mapping.gid));
  }
  if (mapping.suppl) {
    add("suppl");
  }
  if (!mapping.cgroup.empty()) {
    add("cgroup " + mapping.cgroup);
  }
  return words;
}

std::string name_of(const Mapping &mapping) {
  return mapping.id == 0 ? "the mapping for " + selector_words(mapping)
                         : "mapping " + std::to_string(mapping.id);
}

std::string to_words(const Rule &rule) {
  std::string table = " lookup " + std::to_string(rule.table);
  if (rule.suppress) {
    table += " suppress_prefixlength " + std::to_string(*rule.suppress);
  }
  return rule.uid ? "uidrange " + std::to_string(rule.uid->min) + "-" +
                        std::to_string(rule.uid->max) + table
                  : "fwmark " + to_string(rule.mark) + table;
}

std::string to_words(const DefaultRoute &route) {
  if (route.other_kind) {
    return "default of another kind";
  }
  if (route.is_backstop()) {
    return "unreachable default";
  }
  std::string words = "default";
  if (route.via) {
    words += " via " + route.via->to_string();
  }
  if (!route.dev.empty()) {
    words += " dev " + route.dev;
  }
  return words;
}

std::string name_of(const std::string &dev, Setting setting) {
  return name_of_setting(dev, to_string(setting));
}

std::string name_of_setting(std::string dev, std::string_view setting) {
  // As sysctl(8) writes eth0.100.
  std::ranges::replace(dev, '.', '/');
  return "net.ipv4.conf." + dev + "." + std::string(setting);
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::string on_one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(line, is_control, '?');
  return line;
}

std::string cite(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  return "'" + on_one_line(text.substr(0, kLongest)) + (text.size() > kLongest ? "…'" : "'");
}

}  // namespace ownroute::detail
