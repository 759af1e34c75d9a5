// SPDX-License-Identifier: LGPL-2.1-or-later
#include "print_check.hpp"

#include <algorithm>
#include <string>

#include "json.hpp"

namespace ownroute::cli {
namespace {

constexpr std::size_t kMostIds = 8;

/// "mapping 3: ", "mappings 3, 4 and 100 more: "; empty if it is about none.
std::string subject(const std::vector<std::uint32_t> &ids) {
  if (ids.empty()) {
    return "";
  }
  std::string words = ids.size() == 1 ? "mapping" : "mappings";
  for (std::size_t i = 0; i < std::min(ids.size(), kMostIds); ++i) {
    words += (i == 0 ? " " : ", ") + std::to_string(ids[i]);
  }
  if (ids.size() > kMostIds) {
    words += " and " + std::to_string(ids.size() - kMostIds) + " more";
  }
  return words + ": ";
}

Json to_json(const Finding &finding) {
  Json json{{"severity", to_string(finding.severity)}};
  if (!finding.about.empty()) {
    json["about"] = finding.about;
  }
  json["problem"] = finding.problem;
  json["remedy"] = finding.remedy;
  return json;
}

}  // namespace

void print_check(std::ostream &out, const std::vector<Finding> &findings, bool json) {
  if (json) {
    JsonArray array(out);
    for (const Finding &finding : findings) {
      array.add(to_json(finding));
    }
    array.end();
    return;
  }
  for (const Finding &finding : findings) {
    out << to_string(finding.severity) << ": " << subject(finding.about) << finding.problem << ": "
        << finding.remedy << '\n';
  }
  if (findings.empty()) {
    out << "nothing is wrong\n";
  }
}

}  // namespace ownroute::cli
