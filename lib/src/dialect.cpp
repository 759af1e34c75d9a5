// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dialect.hpp"

#include <linux/fib_rules.h>
#include <linux/genetlink.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/netconf.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/ownroute.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cerrno>
#include <utility>

namespace ownroute::detail {
namespace {

using Name = std::pair<unsigned, const char *>;

constexpr Name kControlNames[] = {{CTRL_ATTR_FAMILY_NAME, "CTRL_ATTR_FAMILY_NAME"}};
constexpr Name kOwnrouteNames[] = {
    {OWNROUTE_A_INFO, "OWNROUTE_A_INFO"},       {OWNROUTE_A_ID, "OWNROUTE_A_ID"},
    {OWNROUTE_A_MAPPING, "OWNROUTE_A_MAPPING"}, {OWNROUTE_A_STATS, "OWNROUTE_A_STATS"},
    {OWNROUTE_A_COMMENT, "OWNROUTE_A_COMMENT"}, {OWNROUTE_A_USERDATA, "OWNROUTE_A_USERDATA"},
    {OWNROUTE_A_OWNER, "OWNROUTE_A_OWNER"},     {OWNROUTE_A_GROUPS, "OWNROUTE_A_GROUPS"},
    {OWNROUTE_A_DEVICE, "OWNROUTE_A_DEVICE"},   {OWNROUTE_A_NAT, "OWNROUTE_A_NAT"}};
// Of these, what our requests hold.
constexpr Name kRuleNames[] = {
    {FRA_PRIORITY, "FRA_PRIORITY"},  {FRA_FWMARK, "FRA_FWMARK"},
    {FRA_TABLE, "FRA_TABLE"},        {FRA_FWMASK, "FRA_FWMASK"},
    {FRA_PROTOCOL, "FRA_PROTOCOL"},  {FRA_SUPPRESS_PREFIXLEN, "FRA_SUPPRESS_PREFIXLEN"},
    {FRA_UID_RANGE, "FRA_UID_RANGE"}};
constexpr Name kRouteNames[] = {{RTA_DST, "RTA_DST"},
                                {RTA_OIF, "RTA_OIF"},
                                {RTA_GATEWAY, "RTA_GATEWAY"},
                                {RTA_PRIORITY, "RTA_PRIORITY"},
                                {RTA_TABLE, "RTA_TABLE"}};
constexpr Name kLinkNames[] = {{IFLA_IFNAME, "IFLA_IFNAME"}, {IFLA_AF_SPEC, "IFLA_AF_SPEC"}};
constexpr std::array<Name, 0> kNoNames{};

template <const auto &kNames>
std::string name_in(unsigned type) {
  for (const auto &[number, name] : kNames) {
    if (number == type) {
      return name;
    }
  }
  return "attribute " + std::to_string(type);
}

ErrorKind control_kind(int code, bool) {
  return code == ENOENT ? ErrorKind::not_loaded : ErrorKind::refused;
}

ErrorKind ownroute_kind(int code, bool explained) {
  // Asked for a field that the module doesn't have, or a command, of which it says nothing then.
  // What it explains it knows: it is something else that is lacking.
  const bool is_older = code == E2BIG || (code == EOPNOTSUPP && !explained);
  return is_older ? ErrorKind::other_version : ErrorKind::refused;
}

ErrorKind other_kind(int, bool) {
  return ErrorKind::refused;
}

ErrorKind route_kind(int code, bool) {
  return code == ENOENT || code == ESRCH || code == ENODEV ? ErrorKind::not_found
                                                           : ErrorKind::refused;
}

}  // namespace

const Dialect kControlDialect{sizeof(genlmsghdr), name_in<kControlNames>, control_kind};
const Dialect kOwnrouteDialect{sizeof(genlmsghdr), name_in<kOwnrouteNames>, ownroute_kind};
const Dialect kRuleDialect{sizeof(fib_rule_hdr), name_in<kRuleNames>, route_kind};
const Dialect kRouteDialect{sizeof(rtmsg), name_in<kRouteNames>, route_kind};
const Dialect kLinkDialect{sizeof(ifinfomsg), name_in<kLinkNames>, route_kind};
const Dialect kNetconfDialect{sizeof(netconfmsg), name_in<kNoNames>, route_kind};
const Dialect kAddressDialect{sizeof(ifaddrmsg), name_in<kNoNames>, route_kind};
const Dialect kSockDiagDialect{sizeof(inet_diag_req_v2), name_in<kNoNames>, other_kind};
const Dialect kNetfilterDialect{sizeof(nfgenmsg), name_in<kNoNames>, other_kind};

}  // namespace ownroute::detail
