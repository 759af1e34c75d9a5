// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// There may be very many mappings, but they go few ways.
#pragma once

#include <ownroute/policy.hpp>
#include <tuple>

namespace ownroute::detail {

/// Orders mappings by what their rules and routes depend on, and by nothing else.
struct ByWay {
  bool operator()(const Mapping &a, const Mapping &b) const {
    return std::tie(a.mark, a.table, a.table_name, a.dev, a.via, a.lan, a.inbound_mark) <
           std::tie(b.mark, b.table, b.table_name, b.dev, b.via, b.lan, b.inbound_mark);
  }
};

}  // namespace ownroute::detail
