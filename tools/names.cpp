// SPDX-License-Identifier: LGPL-2.1-or-later
#include "names.hpp"

#include <ownroute/table_names.hpp>
#include <ownroute/users.hpp>

namespace ownroute::cli {

Names system_names() {
  return {find_user, find_group, [](const std::string &name) { return TableNames().number(name); }};
}

}  // namespace ownroute::cli
