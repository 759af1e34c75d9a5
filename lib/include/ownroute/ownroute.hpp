// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Everything of libownroute.
#pragma once

#include <ownroute/cgroup.hpp>
#include <ownroute/check.hpp>
#include <ownroute/client.hpp>
#include <ownroute/cut.hpp>
#include <ownroute/error.hpp>
#include <ownroute/events.hpp>
#include <ownroute/explain.hpp>
#include <ownroute/netns.hpp>
#include <ownroute/own_cgroup.hpp>
#include <ownroute/plan.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/policy_file.hpp>
#include <ownroute/router.hpp>
#include <ownroute/session.hpp>
#include <ownroute/sock_diag.hpp>
#include <ownroute/table_names.hpp>
#include <ownroute/users.hpp>
#include <ownroute/words.hpp>
