// SPDX-License-Identifier: LGPL-2.1-or-later
#include <linux/ownroute.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <bit>
#include <ownroute/cgroup.hpp>
#include <ownroute/error.hpp>
#include <ownroute/policy.hpp>
#include <ownroute/words.hpp>
#include <tuple>

#include "text.hpp"

namespace ownroute {
namespace {

using detail::cite;
using detail::is_control;

[[noreturn]] void refuse(const std::string &message) {
  throw Error(ErrorKind::usage, message);
}

/// @p what is "uid" or "gid", of a @p whom.
void check_range(const IdRange &range, const std::string &what, const std::string &whom) {
  if (range.min > range.max) {
    refuse(what + " range " + to_string(range) + " is upside down: write " +
           to_string(IdRange{range.max, range.min}));
  }
  if (range.max > kMaxUid) {
    refuse(what + " " + std::to_string(range.max) + " means no " + whom + ": the largest is " +
           std::to_string(kMaxUid));
  }
}

void check_selector(const Mapping &mapping) {
  if (!mapping.uid && !mapping.gid && mapping.cgroup.empty()) {
    refuse("whose packets? give uid, gid or cgroup");
  }
  if (mapping.uid) {
    check_range(*mapping.uid, "uid", "user");
  }
  if (mapping.gid) {
    check_range(*mapping.gid, "gid", "group");
  } else if (mapping.suppl) {
    refuse("suppl says which groups a gid is looked for in: give gid too, or leave it out");
  }
  if (!mapping.cgroup.empty() && mapping.cgroup != normal_cgroup(mapping.cgroup)) {
    refuse("cgroup " + cite(mapping.cgroup) + " is not written out: write " +
           cite(normal_cgroup(mapping.cgroup)));
  }
}

void check_mark(const Mark &mark, bool has_rule) {
  if (mark.mask == 0) {
    refuse("mask of the mark is 0: give it at least one bit");
  }
  if ((mark.value & ~mark.mask) != 0) {
    refuse("mark " + hex(mark.value) + " lies outside its mask " + hex(mark.mask) +
           ": give a wider mask");
  }
  if (mark.value == 0 && has_rule) {
    refuse("mark 0 is what everyone's packets have, and all would go to the table: give another");
  }
}

void check_table(std::uint32_t table, bool has_default_route) {
  if (table == RT_TABLE_UNSPEC) {
    refuse("table 0 is no table: give a name, or a number from 1 up");
  }
  const bool everyones =
      table == RT_TABLE_LOCAL || table == RT_TABLE_MAIN || table == RT_TABLE_DEFAULT;
  if (everyones && has_default_route) {
    refuse("table " + std::to_string(table) +
           " is everyone's, dev or via would change their way too: give another table");
  }
}

/// What the kernel takes as a device's name, see its dev_valid_name().
bool is_device_name(const std::string &name) {
  return name.size() < IFNAMSIZ && name != "." && name != ".." &&
         std::ranges::none_of(
             name, [](char c) { return c == '/' || c == ':' || c == ' ' || is_control(c); });
}

bool is_host(const Address &address) {
  const std::uint8_t *bytes = address.data();
  const bool unspecified =
      std::all_of(bytes, bytes + address.size(), [](auto b) { return b == 0; });
  const bool multicast =
      address.family() == Family::ipv4 ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == 0xff;
  return !unspecified && !multicast;
}

bool is_loopback(const Address &address) {
  const std::uint8_t *bytes = address.data();
  return address.family() == Family::ipv4
             ? bytes[0] == 127
             : std::all_of(bytes, bytes + 15, [](auto b) { return b == 0; }) && bytes[15] == 1;
}

/// @p what is "via", "source" or "dns", @p kind what such an address is.
void check_addresses(const std::vector<Address> &addresses, const std::string &what,
                     const std::string &kind) {
  for (const Address &address : addresses) {
    const std::string name = what + " " + address.to_string();
    if (find_of(addresses, address.family()) != &address) {
      refuse(name + " is the second " + std::string(to_string(address.family())) + " " + kind +
             ": give one of each family");
    }
    if (!is_host(address)) {
      refuse(name + " is no " + kind + ": give a host's address");
    }
  }
}

void check_gateways(const Mapping &mapping) {
  check_addresses(mapping.via, "via", "gateway");
  for (const Address &address : mapping.via) {
    if (address.is_link_local() && mapping.dev.empty()) {
      refuse("via " + address.to_string() + " is known on its link only: give dev too");
    }
  }
}

/// Addresses that the kernel's NAT puts into packets.
void check_nat_addresses(const std::vector<Address> &addresses, const std::string &what,
                         const std::string &kind) {
  check_addresses(addresses, what, kind);
  for (const Address &address : addresses) {
    if (is_loopback(address) || address.is_link_local()) {
      refuse(what + " " + address.to_string() +
             " is known on this host or link only: give another " + kind);
    }
  }
}

void check_nat(const Mapping &mapping) {
  check_nat_addresses(mapping.source_addresses, "source", "source address");
  check_nat_addresses(mapping.dns, "dns", "name server");
  if (mapping.source == Source::address && mapping.source_addresses.empty()) {
    refuse("source has no address: give one, or auto, rule, masquerade or keep");
  }
  if (mapping.source != Source::address && !mapping.source_addresses.empty()) {
    refuse("source " + std::string(to_string(mapping.source)) +
           " takes no address: leave one of them out");
  }
  const std::string what = mapping.source == Source::masquerade ? "source masquerade"
                           : mapping.source == Source::address  ? "a source address"
                           : !mapping.dns.empty()               ? "dns"
                                                                : "";
  if (what.empty()) {
    return;
  }
  if (mapping.dev.empty()) {
    refuse(what + " needs dev: give the device that the packets leave by");
  }
  if (mapping.mark && mapping.mark->value == 0) {
    refuse(what + " can't tell mark 0 from none: give another mark");
  }
}

void check_inbound(const Mapping &mapping) {
  if (mapping.inbound == Inbound::back && mapping.nostamp) {
    refuse(
        "inbound back is remembered by sockets' stamps: leave nostamp out, or give inbound follow");
  }
  if (mapping.inbound == Inbound::back && mapping.mark && std::popcount(mapping.mark->mask) == 1) {
    refuse("inbound back needs a second mark, and mask " + hex(mapping.mark->mask) +
           " has one bit: give a wider mask, or inbound follow");
  }
}

void check_comment(const std::string &comment) {
  if (comment.size() > OWNROUTE_COMMENT_MAX) {
    refuse("comment has " + std::to_string(comment.size()) + " bytes: the most is " +
           std::to_string(OWNROUTE_COMMENT_MAX));
  }
  if (std::ranges::any_of(comment, is_control)) {
    refuse("comment has a control character in it: leave it out");
  }
}

void check_source_rule(const Mapping &mapping, bool has_rule) {
  if (!has_rule) {
    refuse("source rule leads to the table: give dev, via or table too");
  }
  if (!mapping.uid || mapping.gid || !mapping.cgroup.empty()) {
    refuse("source rule is for a uid alone: give uid and neither gid nor cgroup, or source keep");
  }
  if (mapping.uid->min == 0) {
    refuse("source rule can't be for uid 0, which the kernel forwards with: give source keep");
  }
}

void check_way(const Mapping &mapping) {
  if (mapping.guard && mapping.dev.empty()) {
    refuse("guard needs dev: give the device that the packets may leave by");
  }
  const bool has_rule = mapping.has_default_route() || mapping.table || !mapping.table_name.empty();
  if (!mapping.mark && !has_rule) {
    refuse("nothing is to be done with these packets: give mark, table, dev or via");
  }
  if (mapping.mark) {
    check_mark(*mapping.mark, has_rule);
  }
  if (mapping.table) {
    check_table(*mapping.table, mapping.has_default_route());
  }
  if (mapping.connmark && mapping.mark && mapping.mark->value == 0) {
    refuse("connmark can't tell mark 0 from none: give another mark, or leave connmark out");
  }
  if (!is_device_name(mapping.dev)) {
    refuse("dev " + cite(mapping.dev) + " can't be a device's name");
  }
  check_gateways(mapping);
  check_nat(mapping);
  check_inbound(mapping);
  if (mapping.lan && !has_rule) {
    refuse("lan is an exception from a way: give dev, via or table too, or leave it out");
  }
  if (mapping.source == Source::rule) {
    check_source_rule(mapping, has_rule);
  }
}

/// Of a mapping that doesn't mark.
void check_no_way(const Mapping &mapping) {
  const std::string action(to_string(mapping.action));
  if (mapping.mark || mapping.table || !mapping.table_name.empty() || mapping.has_default_route()) {
    refuse(action + " sends packets nowhere: leave mark, table, dev and via out");
  }
  if (mapping.source != Source::automatic) {
    refuse(action + " sends packets nowhere: leave source out");
  }
  if (mapping.lan || !mapping.dns.empty() || mapping.inbound != Inbound::automatic) {
    refuse(action + " sends packets nowhere: leave lan, dns and inbound out");
  }
  if (mapping.guard) {
    refuse("guard needs dev, and " + action + " sends packets nowhere: leave guard out");
  }
  if (mapping.connmark) {
    refuse(action + " leaves no mark on connections: leave connmark out");
  }
  if (mapping.nostamp) {
    refuse(action + " leaves no mark on sockets: leave nostamp out");
  }
}

}  // namespace

std::string_view to_string(Family family) {
  return family == Family::ipv4 ? "IPv4" : "IPv6";
}

const Address *find_of(const std::vector<Address> &addresses, Family family) {
  const auto found = std::ranges::find(addresses, family, &Address::family);
  return found == addresses.end() ? nullptr : &*found;
}

Source Mapping::source_means() const {
  if (source != Source::automatic || action != Action::mark) {
    return source == Source::automatic ? Source::keep : source;
  }
  if (has_default_route() && uid && uid->min != 0 && !gid && cgroup.empty()) {
    return Source::rule;
  }
  return dev.empty() || (mark && mark->value == 0) ? Source::keep : Source::masquerade;
}

Inbound Mapping::inbound_means() const {
  if (inbound != Inbound::automatic) {
    return inbound;
  }
  const bool can = action == Action::mark && !dev.empty() && !nostamp &&
                   !(mark && std::popcount(mark->mask) == 1);
  return can && !guard ? Inbound::back : Inbound::follow;
}

std::string_view to_string(Action action) {
  switch (action) {
    case Action::mark:
      break;
    case Action::bypass:
      return "bypass";
    case Action::block:
      return "block";
  }
  return "mark";
}

std::string_view to_string(Source source) {
  switch (source) {
    case Source::automatic:
      break;
    case Source::rule:
      return "rule";
    case Source::masquerade:
      return "masquerade";
    case Source::address:
      return "address";
    case Source::keep:
      return "keep";
  }
  return "auto";
}

std::string_view to_string(Inbound inbound) {
  switch (inbound) {
    case Inbound::automatic:
      break;
    case Inbound::back:
      return "back";
    case Inbound::follow:
      return "follow";
  }
  return "auto";
}

std::string_view to_string(Setting setting) {
  return setting == Setting::rp_filter ? "rp_filter" : "route_localnet";
}

bool operator==(const Mapping &a, const Mapping &b) {
  const auto wanted = [](const Mapping &m) {
    return std::tie(m.id, m.priority, m.uid, m.gid, m.suppl, m.cgroup, m.kernel, m.action, m.mark,
                    m.table, m.table_name, m.dev, m.via, m.source, m.source_addresses, m.lan, m.dns,
                    m.inbound, m.guard, m.connmark, m.nostamp, m.comment);
  };
  return wanted(a) == wanted(b);
}

void validate(const Mapping &mapping) {
  check_selector(mapping);
  check_comment(mapping.comment);
  if (mapping.action == Action::mark) {
    check_way(mapping);
  } else {
    check_no_way(mapping);
  }
}

}  // namespace ownroute
