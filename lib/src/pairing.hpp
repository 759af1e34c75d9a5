// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Which of the mappings that are there stands for which that is wanted.
#pragma once

#include <ownroute/client.hpp>
#include <ownroute/policy.hpp>
#include <vector>

namespace ownroute::detail {

/// Whether @p wanted goes the way of @p present, what @p wanted leaves open aside.
bool goes_the_way_of(const Mapping &wanted, const Mapping &present);

/// Whether @p present is what is wanted, ids and what @p wanted leaves open aside.
bool is_as_wanted(const Mapping &wanted, const Mapping &present);

/// For each of @p wanted the one of @p present that becomes it, none if it is to be made; nothing
/// stands for two. One with an id stands for the wanted one with the id; of the others, first those
/// that are as wanted, then those that have its selector and priority.
/// Throws Error of kind usage if two of @p wanted have the same id.
std::vector<const Mapping *> pair_up(const std::vector<Mapping> &wanted,
                                     const std::vector<KernelMapping> &present);

}  // namespace ownroute::detail
