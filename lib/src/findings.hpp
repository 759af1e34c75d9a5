// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What the checks find.
#pragma once

#include <cstddef>
#include <map>
#include <ownroute/check.hpp>
#include <ownroute/policy.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace ownroute::detail {

/// The same thing found about many mappings, which share their ways, is one finding.
class Findings {
 public:
  void add(Severity severity, std::string_view problem, std::string_view remedy);
  void add(Severity severity, const Mapping &about, std::string_view problem,
           std::string_view remedy);
  /// @p text is "PROBLEM: REMEDY", as an Error says it.
  void add(Severity severity, std::string_view text);

  std::vector<Finding> in_order() const;

 private:
  /// (priority, id)
  using Place = std::pair<std::uint32_t, std::uint32_t>;
  using Text = std::tuple<Severity, std::string, std::string>;

  /// By the text; in the places of their mappings.
  std::map<Text, std::map<Place, std::uint32_t>> found_;
};

}  // namespace ownroute::detail
