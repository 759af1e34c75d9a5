// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Carries out plans, and undoes them.
#pragma once

#include <ownroute/client.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/router.hpp>
#include <ownroute/table_names.hpp>

namespace ownroute::detail {

struct Targets {
  Client &client;
  Router &router;
  TableNames &names;
};

/// Carries out all of @p plan, or nothing: see Session::apply(). Returns the steps as they were
/// done, with the ids that the kernel chose. Throws Error.
Plan execute(const Plan &plan, Targets targets);

}  // namespace ownroute::detail
