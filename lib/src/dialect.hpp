// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What must be known of a kind of netlink message to make an error of the kernel's answer.
#pragma once

#include <cstddef>
#include <ownroute/error.hpp>
#include <string>

namespace ownroute::detail {

struct Dialect {
  /// Bytes between netlink's header and the attributes.
  std::size_t header_size;
  /// "OWNROUTE_A_MAPPING"; the number where there is no name.
  std::string (*attribute_name)(unsigned type);
  /// What to make of errno value @p code, beyond EPERM; @p explained: in the kernel's own words.
  ErrorKind (*kind)(int code, bool explained);
};

extern const Dialect kControlDialect;
extern const Dialect kOwnrouteDialect;
extern const Dialect kRuleDialect;
extern const Dialect kRouteDialect;
extern const Dialect kLinkDialect;
extern const Dialect kNetconfDialect;
extern const Dialect kAddressDialect;
extern const Dialect kSockDiagDialect;
extern const Dialect kNetfilterDialect;

}  // namespace ownroute::detail
