// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Which kernel runs.
#pragma once

#include <sys/utsname.h>

#include <string>

namespace ownroute::detail {

/// As uname(1) -r prints it: the name of its directory below /lib/modules.
inline std::string kernel_release() {
  utsname names{};
  uname(&names);
  return names.release;
}

}  // namespace ownroute::detail
