// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Between TCP connections and sock_diag's messages.
#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <optional>
#include <ownroute/sock_diag.hpp>

#include "message.hpp"

namespace ownroute::detail {

/// Asks for those of sockets of @p family.
Message connection_dump(Family family);
/// Likewise, for those that listen.
Message listener_dump(Family family);
Message connection_destroy(const TcpConnection &connection);

/// @p answer is of type SOCK_DIAG_BY_FAMILY. None if no program has the socket open.
std::optional<TcpConnection> read_connection(const nlmsghdr &answer);
/// Likewise; every socket has one.
std::optional<std::uint16_t> read_local_port(const nlmsghdr &answer);

}  // namespace ownroute::detail
