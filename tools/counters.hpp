// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// The counters by name, in the order in which they are shown.
#pragma once

#include <array>
#include <cstdint>
#include <ownroute/client.hpp>
#include <string_view>

namespace ownroute::cli {

template <typename Counters>
struct Counter {
  std::string_view name;
  std::uint64_t Counters::*value;
};

/// Of a mapping.
inline constexpr std::array kCounters{
    Counter<Stats>{"packets", &Stats::packets}, Counter<Stats>{"bytes", &Stats::bytes},
    Counter<Stats>{"stamped", &Stats::stamped}, Counter<Stats>{"reroutes", &Stats::reroutes},
    Counter<Stats>{"drops", &Stats::drops},     Counter<Stats>{"guarded", &Stats::guarded},
};

/// Of a network namespace.
inline constexpr std::array kNetCounters{
    Counter<NetStats>{"lookups", &NetStats::lookups},
    Counter<NetStats>{"misses", &NetStats::misses},
    Counter<NetStats>{"ownerless", &NetStats::ownerless},
    Counter<NetStats>{"nomem", &NetStats::nomem},
    Counter<NetStats>{"refused_invalid", &NetStats::refused_invalid},
    Counter<NetStats>{"refused_exists", &NetStats::refused_exists},
    Counter<NetStats>{"refused_missing", &NetStats::refused_missing},
    Counter<NetStats>{"refused_limit", &NetStats::refused_limit},
    Counter<NetStats>{"refused_busy", &NetStats::refused_busy},
    Counter<NetStats>{"refused_other", &NetStats::refused_other},
};

}  // namespace ownroute::cli
