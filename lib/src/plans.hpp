// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// From what is wanted to a plan: see Session, whose methods these are.
#pragma once

#include <cstdint>
#include <ownroute/client.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/session.hpp>
#include <string>
#include <vector>

#include "surroundings.hpp"

namespace ownroute::detail {

Plan plan_add(Mapping wanted, Client &client, Surroundings &surroundings);
Plan plan_replace(Mapping wanted, Client &client, Surroundings &surroundings);
Plan plan_del(const std::vector<std::uint32_t> &ids, Client &client, Surroundings &surroundings);
Plan plan_flush(Client &client, Surroundings &surroundings);
Plan plan_apply(const Policy &policy, Client &client, Surroundings &surroundings);
Repair plan_repair(const std::string &dev, Client &client, Surroundings &surroundings);

}  // namespace ownroute::detail
