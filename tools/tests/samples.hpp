// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What tests of printing print.
#pragma once

#include <ownroute/policy.hpp>
#include <sstream>
#include <string>

namespace ownroute::cli {

inline Mapping one_liner() {
  Mapping mapping;
  mapping.id = 1;
  mapping.uid = UidRange{1001, 1001};
  mapping.mark = Mark{0x1111, 0xffffffff};
  mapping.table = 200;
  mapping.dev = "tun0";
  return mapping;
}

/// What @p print prints.
template <typename Print>
std::string printed(Print print) {
  std::ostringstream out;
  print(out);
  return out.str();
}

}  // namespace ownroute::cli
