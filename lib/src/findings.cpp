// SPDX-License-Identifier: LGPL-2.1-or-later
#include "findings.hpp"

#include <algorithm>
#include <limits>

#include "text.hpp"

namespace ownroute {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::leak:
      return "leak";
    case Severity::broken:
      return "broken";
    case Severity::collision:
      return "collision";
    case Severity::note:
      break;
  }
  return "note";
}

}  // namespace ownroute

namespace ownroute::detail {

void Findings::add(Severity severity, std::string_view problem, std::string_view remedy) {
  // Names of others may hold anything.
  found_.try_emplace({severity, on_one_line(problem), on_one_line(remedy)});
}

void Findings::add(Severity severity, const Mapping &about, std::string_view problem,
                   std::string_view remedy) {
  found_[{severity, on_one_line(problem), on_one_line(remedy)}].emplace(
      Place(about.priority, about.id), about.id);
}

void Findings::add(Severity severity, std::string_view text) {
  const std::size_t colon = text.rfind(": ");
  add(severity, text.substr(0, colon), colon == text.npos ? "" : text.substr(colon + 2));
}

std::vector<Finding> Findings::in_order() const {
  constexpr Place kLast{std::numeric_limits<std::uint32_t>::max(),
                        std::numeric_limits<std::uint32_t>::max()};
  std::vector<std::pair<Place, Finding>> findings;
  for (const auto &[text, places] : found_) {
    const auto &[severity, problem, remedy] = text;
    Finding finding{.severity = severity, .problem = problem, .remedy = remedy};
    for (const auto &[place, id] : places) {
      finding.about.push_back(id);
    }
    findings.emplace_back(places.empty() ? kLast : places.begin()->first, std::move(finding));
  }
  std::ranges::stable_sort(findings, {}, [](const auto &entry) {
    return std::pair(entry.second.severity, entry.first);
  });
  std::vector<Finding> sorted;
  for (auto &[place, finding] : findings) {
    sorted.push_back(std::move(finding));
  }
  return sorted;
}

}  // namespace ownroute::detail
