// SPDX-License-Identifier: LGPL-2.1-or-later
#include "any_rule.hpp"

#include <linux/fib_rules.h>
#include <netinet/in.h>

#include <ownroute/words.hpp>

#include "attributes.hpp"
#include "rule_message.hpp"

namespace ownroute::detail {
namespace {

std::string action_name(std::uint8_t action) {
  switch (action) {
    case FR_ACT_TO_TBL:
      return "lookup";
    case FR_ACT_GOTO:
      return "goto";
    case FR_ACT_NOP:
      return "nop";
    case FR_ACT_BLACKHOLE:
      return "blackhole";
    case FR_ACT_UNREACHABLE:
      return "unreachable";
    case FR_ACT_PROHIBIT:
      return "prohibit";
    default:
      return "action " + std::to_string(action);
  }
}

/// Takes over what @p attribute says; false if a packet's way doesn't depend on it alone.
bool take(const Attribute &attribute, AnyRule &rule) {
  switch (attribute.type) {
    case FRA_PRIORITY:
      rule.priority = read_as<std::uint32_t>(attribute.payload);
      return true;
    case FRA_DST:
      rule.to = Address::from_bytes(attribute.payload.data(), attribute.payload.size());
      return true;
    case FRA_UID_RANGE: {
      const auto range = read_as<fib_rule_uid_range>(attribute.payload);
      rule.uid = UidRange{range.start, range.end};
      return true;
    }
    case FRA_IP_PROTO:
      rule.ip_protocol = read_as<std::uint8_t>(attribute.payload);
      return true;
    case FRA_DPORT_RANGE: {
      const auto range = read_as<fib_rule_port_range>(attribute.payload);
      rule.ports = {range.start, range.end};
      return true;
    }
    case FRA_PROTOCOL:
      rule.protocol = read_as<std::uint8_t>(attribute.payload);
      return true;
    case FRA_FWMARK:
    case FRA_FWMASK:
    case FRA_TABLE:
    case FRA_PAD:
    // What becomes of the routes that it finds is for the kernel to say.
    case FRA_SUPPRESS_IFGROUP:
      return true;
    case FRA_SUPPRESS_PREFIXLEN:
      if (const auto length = read_as<std::uint32_t>(attribute.payload); length != kNoSuppression) {
        rule.suppress = length;
      }
      return true;
    default:
      return false;
  }
}

bool is_within(const Address &address, const Address &network, unsigned length) {
  if (address.family() != network.family()) {
    return false;
  }
  for (unsigned bit = 0; bit < length && bit < 8 * address.size(); ++bit) {
    const unsigned differing = address.data()[bit / 8] ^ network.data()[bit / 8];
    if ((differing & (0x80u >> bit % 8)) != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

AnyRule read_any_rule(const nlmsghdr &answer) {
  const auto header = read_as<fib_rule_hdr>(payload(answer));
  const Attributes attributes(answer, sizeof(header));
  AnyRule rule{.action = action_name(header.action),
               .to_length = header.dst_len,
               .inverted = (header.flags & FIB_RULE_INVERT) != 0,
               .other = header.src_len != 0 || header.tos != 0};
  if (header.action == FR_ACT_TO_TBL) {
    rule.table = attributes.number(FRA_TABLE).value_or(header.table);
  }
  const Mark mark{attributes.number(FRA_FWMARK).value_or(0),
                  attributes.number(FRA_FWMASK).value_or(0)};
  if (mark.mask != 0) {
    rule.mark = mark;
  }
  for (const Attribute &attribute : attributes) {
    rule.other |= !take(attribute, rule);
  }
  return rule;
}

bool is_for(const AnyRule &rule, const RouteQuestion &question) {
  const auto matches = [&] {
    if (rule.mark && ((question.mark ^ rule.mark->value) & rule.mark->mask) != 0) {
      return false;
    }
    if (rule.uid && !(question.uid && rule.uid->contains(*question.uid))) {
      return false;
    }
    if (rule.to && !is_within(question.to, *rule.to, rule.to_length)) {
      return false;
    }
    if (rule.ip_protocol != 0 && rule.ip_protocol != question.protocol) {
      return false;
    }
    return !rule.ports || (question.port && rule.ports->first <= *question.port &&
                           *question.port <= rule.ports->second);
  };
  return matches() != rule.inverted;
}

}  // namespace ownroute::detail

namespace ownroute {

std::string to_string(const AnyRule &rule) {
  std::string words = "priority " + std::to_string(rule.priority);
  words += rule.inverted ? " not" : "";
  if (rule.to) {
    words += " to " + rule.to->to_string() + "/" + std::to_string(rule.to_length);
  }
  if (rule.mark) {
    words += " fwmark " + to_string(*rule.mark);
  }
  if (rule.uid) {
    words += " uidrange " + std::to_string(rule.uid->min) + "-" + std::to_string(rule.uid->max);
  }
  if (rule.ip_protocol != 0) {
    words += " ipproto " + std::to_string(rule.ip_protocol);
  }
  if (rule.ports) {
    words +=
        " dport " + std::to_string(rule.ports->first) + "-" + std::to_string(rule.ports->second);
  }
  words += rule.other ? " ..." : "";
  words += " " + rule.action;
  words += rule.table == 0 ? "" : " " + std::to_string(rule.table);
  return rule.suppress ? words + " suppress_prefixlength " + std::to_string(*rule.suppress) : words;
}

}  // namespace ownroute
