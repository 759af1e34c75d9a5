// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Many mappings completed together, and what they need.
#pragma once

#include <map>
#include <optional>
#include <ownroute/plan.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/router.hpp>
#include <ownroute/table_names.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "by_way.hpp"
#include "choose.hpp"
#include "present.hpp"

namespace ownroute::detail {

/// Mappings that ask for the same way get the same mark and table.
class Assembly {
 public:
  /// @p used_marks are those of mappings: none of them is chosen.
  Assembly(const Routing &routing, const TableNames &names, UsedMarks used_marks);

  /// What @p mapping asks for is not chosen for another.
  void reserve(const Mapping &mapping);
  /// @p mapping is there, and is what was made of @p asked. True if it goes a way that has not been
  /// seen yet: then need() must hear of it.
  bool keep(const Mapping &asked, const Mapping &mapping);
  void need(const Needs &needs);
  /// Fills in what @p mapping leaves open, and notes what it needs. Throws Error as complete().
  void complete(Mapping &mapping, Ipv6 ipv6);
  /// Fills in the inbound mark of @p mapping, if it is to have one, and notes what that needs; the
  /// rest is there. Throws Error as inbound_mark_for().
  void choose_inbound(Mapping &mapping, Ipv6 ipv6);

  /// What all of them need, each thing once.
  const Needs &needs() const { return needs_; }
  /// Of these, what isn't there.
  const Needs &lacking() const { return lacking_; }
  const std::vector<TableNameStep> &new_names() const { return new_names_; }

 private:
  /// As it will be, as far as that is known.
  Routing routing_;
  const TableNames &names_;
  UsedMarks used_marks_;
  Present present_;

  /// Mark and table by what was asked for.
  std::map<Mapping, std::pair<std::optional<Mark>, std::optional<std::uint32_t>>, ByWay> answers_;
  std::set<Mapping, ByWay> ways_;
  std::map<std::string, std::uint32_t> named_;
  /// By the mask of the mark: what is nobody's, is so for all of them.
  std::map<std::uint32_t, std::uint32_t> inbound_;

  std::set<Rule> rules_;
  std::set<DefaultRoute> routes_;
  Needs needs_;
  Needs lacking_;
  std::vector<TableNameStep> new_names_;
};

}  // namespace ownroute::detail
