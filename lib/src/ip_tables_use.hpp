// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// What rules of iptables-legacy, which is no part of nftables, do with marks and
/// conntrack.
#pragma once

#include <filesystem>
#include <ownroute/policy.hpp>
#include <string>
#include <vector>

#include "attributes.hpp"
#include "filter_use.hpp"

namespace ownroute::detail {

/// The tables of @p family that the caller's network namespace has; nothing is loaded. @p root is
/// put before /proc.
std::vector<std::string> ip_tables(const std::filesystem::path &root, Family family);

/// What the rules of @p table, one of them, do.
/// Throws Error.
FilterUse ip_tables_use(const std::string &table, Family family);

/// The same of rules as the kernel gives them out.
FilterUse read_ip_tables(Bytes rules, Family family);

}  // namespace ownroute::detail
