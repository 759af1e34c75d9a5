// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lan.hpp"

#include <linux/rtnetlink.h>

namespace ownroute::detail {

bool is_by_lan(const Route &route, const RouteQuestion &question, Router &router) {
  return route.table == RT_TABLE_MAIN &&
         router.prefix_length(question) > widest_lan_prefix(question.to.family());
}

}  // namespace ownroute::detail
