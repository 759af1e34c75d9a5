// SPDX-License-Identifier: LGPL-2.1-or-later
#include <strings.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <system_error>

#include "checks.hpp"
#include "read_lines.hpp"

namespace ownroute::detail {
namespace {

using std::filesystem::path;

/// Where systemd looks, what says more first.
constexpr std::array kDirectories{"etc/systemd", "run/systemd", "usr/local/lib/systemd",
                                  "usr/lib/systemd"};

/// It has a cgroup while it runs, and a link to be started by.
bool is_in_use(const path &root) {
  const path link = root / "etc/systemd/system/multi-user.target.wants/systemd-networkd.service";
  return std::filesystem::exists(root / "sys/fs/cgroup/system.slice/systemd-networkd.service") ||
         std::filesystem::is_symlink(link);
}

/// In the order in which they are read: the later one counts.
std::vector<path> configuration(const path &root) {
  std::vector<path> files;
  for (const char *directory : kDirectories) {
    const path main = root / directory / "networkd.conf";
    if (std::filesystem::exists(main)) {
      files.push_back(main);
      break;
    }
  }
  // Of files of the same name, in whichever directory, the first stands for all.
  std::map<std::string, path> snippets;
  for (const char *directory : kDirectories) {
    std::error_code error;
    for (const auto &entry :
         std::filesystem::directory_iterator(root / directory / "networkd.conf.d", error)) {
      if (entry.path().extension() == ".conf") {
        snippets.try_emplace(entry.path().filename(), entry.path());
      }
    }
  }
  for (const auto &[name, file] : snippets) {
    files.push_back(file);
  }
  return files;
}

bool is_no(const std::string &value) {
  constexpr std::array kNo{"0", "no", "n", "false", "f", "off"};
  return std::ranges::any_of(kNo,
                             [&](const char *no) { return strcasecmp(value.c_str(), no) == 0; });
}

/// What @p settings, those of [Network], say in @p file.
void read_settings(const path &file, std::map<std::string, bool> &settings) {
  bool is_network = false;
  for (const std::string &line : read_lines(file)) {
    if (line.starts_with('[')) {
      is_network = line == "[Network]";
      continue;
    }
    const std::size_t equals = line.find('=');
    if (!is_network || equals == line.npos) {
      continue;
    }
    const auto name = words_of(line.substr(0, equals));
    const auto value = words_of(line.substr(equals + 1));
    const auto setting = settings.find(name.size() == 1 ? name[0] : "");
    if (setting != settings.end() && value.size() == 1) {
      setting->second = !is_no(value[0]);
    }
  }
}

}  // namespace

void check_networkd(Scene &scene, Findings &findings) {
  const Sight &sight = scene.sight;
  if (!sight.is_machines || !is_in_use(sight.root)) {
    return;
  }
  // Whether it deletes them: so it does if it isn't told.
  std::map<std::string, bool> settings{{"ManageForeignRoutes", true},
                                       {"ManageForeignRoutingPolicyRules", true}};
  for (const path &file : configuration(sight.root)) {
    read_settings(file, settings);
  }
  for (const auto &[name, deletes] : settings) {
    if (deletes) {
      findings.add(Severity::collision,
                   std::string("systemd-networkd deletes ") +
                       (name == "ManageForeignRoutes" ? "routes" : "rules") +
                       " that aren't its own",
                   name + "=no below [Network] in /etc/systemd/networkd.conf");
    }
  }
}

}  // namespace ownroute::detail
