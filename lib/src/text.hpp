// SPDX-License-Identifier: LGPL-2.1-or-later
/// @file
/// Words for messages.
#pragma once

#include <ownroute/router.hpp>
#include <string>
#include <string_view>

namespace ownroute::detail {

/// "uid 1001-1010 gid 100 suppl cgroup /x"
std::string selector_words(const Mapping &mapping);
/// "mapping 7", or "the mapping for uid 1001" if it has no id yet
std::string name_of(const Mapping &mapping);
/// "fwmark 0x1111 lookup 200", "uidrange 1001-1001 lookup 200"
std::string to_words(const Rule &rule);
/// "default via 10.2.0.254 dev tun0", "unreachable default"
std::string to_words(const DefaultRoute &route);
/// "net.ipv4.conf.tun0.rp_filter"
std::string name_of(const std::string &dev, Setting setting);
std::string name_of_setting(std::string dev, std::string_view setting);
bool is_control(char c);
/// @p text with '?' for what would end the line or move the cursor.
std::string on_one_line(std::string_view text);
/// @p text in single quotes, what can't be shown replaced: fit for one line, whatever it was.
std::string cite(std::string_view text);

}  // namespace ownroute::detail
