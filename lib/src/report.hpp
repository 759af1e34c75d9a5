// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What the kernel says at the end of an answer: an ack, an error, or the end of a dump.
#pragma once

#include <linux/netlink.h>

#include <ownroute/error.hpp>
#include <string>
#include <string_view>

#include "dialect.hpp"

namespace ownroute::detail {

/// libnl reads none of the extended acks' attributes.
struct Report {
  /// errno value, positive; 0: done.
  int code = 0;
  /// NLMSGERR_ATTR_MSG
  std::string extack = {};
  /// Name of the attribute that NLMSGERR_ATTR_OFFS or NLMSGERR_ATTR_MISS_TYPE points at.
  std::string attribute = {};
};

/// @p end is of type NLMSG_ERROR or NLMSG_DONE and ends the answer to @p request.
Report read_report(const nlmsghdr &end, const nlmsghdr &request, const Dialect &dialect);

/// @p subject says what can't be done: "cannot add IPv4 rule".
Error to_error(const Report &report, const Dialect &dialect, std::string_view subject);

}  // namespace ownroute::detail
