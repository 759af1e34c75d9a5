// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "checks.hpp"

namespace ownroute::detail {
namespace {

constexpr const char *kRepair = "ownroute repair";

class NeedsOf {
 public:
  NeedsOf(const Mapping &mapping, Scene &scene, Findings &findings)
      : mapping_(mapping), scene_(scene), findings_(findings) {}

  void check() {
    const Lack lack = scene_.surroundings.lack(mapping_, scene_.sources.ruled.contains(&mapping_));
    const bool has_device = check_device();
    for (const Rule &rule : lack.way.rules) {
      // Those for the LAN and for answers to the outside are exceptions.
      miss(rule.table == mapping_.table ? unless_guarded() : Severity::broken, rule);
    }
    for (const DefaultRoute &route : lack.way.routes) {
      if (route.is_backstop()) {
        miss(unless_guarded(), route);
      } else if (has_device) {
        // What has a backstop gets an error.
        const bool stopped = std::ranges::none_of(lack.way.routes, [&](const DefaultRoute &other) {
          return other.is_backstop() && other.family == route.family;
        });
        miss(stopped ? Severity::broken : unless_guarded(), route);
      }
    }
    for (const Rule &rule : lack.source_rules) {
      miss(Severity::broken, rule);
    }
    if (lack.settings.contains(Setting::route_localnet)) {
      findings_.add(
          Severity::broken, mapping_,
          "answers of the name server don't get in, route_localnet of " + mapping_.dev + " is 0",
          kRepair);
    }
    check_cgroup(lack);
  }

 private:
  Severity unless_guarded() const { return mapping_.guard ? Severity::broken : Severity::leak; }

  template <typename Need>
  void miss(Severity severity, const Need &need) {
    findings_.add(severity, mapping_, need_words(need) + " is missing", kRepair);
  }

  /// Without it there can be no default route, and nobody can put it back.
  bool check_device() {
    if (mapping_.dev.empty()) {
      return true;
    }
    const auto &device = scene_.surroundings.device(mapping_.dev);
    if (!device) {
      findings_.add(Severity::broken, mapping_, "device " + mapping_.dev + " is gone",
                    std::string("bring it back, then ") + kRepair);
    } else if (!device->up) {
      findings_.add(Severity::broken, mapping_, "device " + mapping_.dev + " is down",
                    "ip link set " + mapping_.dev + " up, then " + kRepair);
    }
    return device && device->up;
  }

  void check_cgroup(const Lack &lack) {
    if (!lack.cgroup) {
      return;
    }
    const Severity severity = mapping_.action == Action::bypass ? Severity::broken : Severity::leak;
    const std::string id = " id " + std::to_string(mapping_.id);
    if (lack.other_cgroup) {
      findings_.add(severity, mapping_,
                    "cgroup " + mapping_.cgroup + " was made again, and matches no more",
                    "ownroute replace" + id + " with the same words");
    } else {
      findings_.add(severity, mapping_,
                    "cgroup " + mapping_.cgroup + " is gone, and will be another one",
                    "ownroute del" + id + ", or replace" + id + " when it is back");
    }
  }

  const Mapping &mapping_;
  Scene &scene_;
  Findings &findings_;
};

}  // namespace

void check_needs(Scene &scene, Findings &findings) {
  for (const Mapping *mapping : scene.mappings) {
    NeedsOf(*mapping, scene, findings).check();
  }
}

}  // namespace ownroute::detail
