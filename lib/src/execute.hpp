// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Carries out plans, and undoes them.
#pragma once

#include <ownroute/client.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/router.hpp>
#include <ownroute/table_names.hpp>

#include "modules.hpp"

namespace ownroute::detail {

struct Targets {
  Client &client;
  Router &router;
  TableNames &names;
  const Modules &modules;
};

/// Carries out all of @p plan, or nothing: see Session::apply(). Several changes of mappings make
/// one transaction; one that @p targets' client has begun is committed, if there is something to
/// commit. Ids that the kernel chose are filled into @p plan. Throws Error.
void execute(Plan &plan, Targets targets);

/// Carries out @p step, which no other is to be undone with. Throws Error.
void execute_alone(Step &step, Targets targets);

}  // namespace ownroute::detail
