// SPDX-License-Identifier: LGPL-2.1-or-later
#include "identity.hpp"

#include <algorithm>
#include <ownroute/error.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/words.hpp>
#include <string_view>
#include <utility>

#include "quote.hpp"

namespace ownroute::cli {
namespace {

constexpr std::string_view kPrefixes[] = {"SUDO_", "DOAS_", "PKEXEC_"};

std::optional<std::string> value_of(const Environment &environment, const std::string &name) {
  const auto found = std::ranges::find_if(
      environment, [&](const std::string &variable) { return variable.starts_with(name + "="); });
  return found == environment.end() ? std::nullopt : std::optional(found->substr(name.size() + 1));
}

void set(Environment &environment, const std::string &name, const std::string &value) {
  std::erase_if(environment,
                [&](const std::string &variable) { return variable.starts_with(name + "="); });
  environment.push_back(name + "=" + value);
}

bool is_of_a_way_to_root(const std::string &variable) {
  return std::ranges::any_of(kPrefixes,
                             [&](std::string_view prefix) { return variable.starts_with(prefix); });
}

struct Login {
  User user = {};
  UserGroups groups = {};
};

std::optional<Login> log_in(std::uint32_t uid, const Users &users) {
  const auto user = users.entry(uid);
  const auto groups = users.groups(uid);
  return user && groups ? std::optional(Login{*user, *groups}) : std::nullopt;
}

/// Of the user whom sudo, doas or pkexec has made root.
std::optional<Login> log_in(const Environment &environment, const Users &users) {
  for (const std::string name : {"SUDO_UID", "DOAS_USER", "PKEXEC_UID"}) {
    const auto value = value_of(environment, name);
    if (!value) {
      continue;
    }
    const auto uid = name == "DOAS_USER" ? users.find(*value) : parse_number(*value);
    auto login = uid ? log_in(*uid, users) : std::nullopt;
    if (!login) {
      throw Error(ErrorKind::refused, name + " is " + cite(*value) +
                                          ", which is no user: set it right, or unset it to run "
                                          "the command as root");
    }
    return login;
  }
  return std::nullopt;
}

/// The group that the user had when sudo was called, which newgrp(1) may have changed.
std::optional<std::uint32_t> sudo_gid(const Environment &environment) {
  const auto gid = parse_number(value_of(environment, "SUDO_GID").value_or(""));
  // The number above means "leave it" to the kernel.
  return gid && *gid <= kMaxGid ? gid : std::nullopt;
}

}  // namespace

Identity caller(std::uint32_t uid, std::uint32_t gid, Environment environment, const Users &users) {
  // Who isn't root could have set these variables to anything.
  auto login = uid == 0 ? log_in(environment, users) : std::nullopt;
  if (!login) {
    return {.uid = uid, .gid = gid, .environment = std::move(environment)};
  }
  auto &[user, groups] = *login;
  const std::uint32_t user_gid = sudo_gid(environment).value_or(groups.primary);
  // Among them, as initgroups(3) has it.
  groups.supplementary.insert(groups.supplementary.begin(), groups.primary);
  std::erase_if(environment, is_of_a_way_to_root);
  set(environment, "HOME", user.home);
  set(environment, "USER", user.name);
  set(environment, "LOGNAME", user.name);
  set(environment, "SHELL", user.shell);
  return {.uid = user.uid,
          .gid = user_gid,
          .groups = std::move(groups.supplementary),
          .environment = std::move(environment)};
}

}  // namespace ownroute::cli
