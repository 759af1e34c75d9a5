// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rule_message.hpp"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>

#include "address_family.hpp"
#include "attributes.hpp"

namespace ownroute::detail {
namespace {

RuleHandle to_libnl(const Rule &rule) {
  RuleHandle handle = checked(RuleHandle(rtnl_rule_alloc()));
  rtnl_rule_set_family(handle.get(), to_af(rule.family));
  rtnl_rule_set_action(handle.get(), FR_ACT_TO_TBL);
  rtnl_rule_set_prio(handle.get(), rule.priority);
  if (rule.mark.mask != 0) {
    rtnl_rule_set_mark(handle.get(), rule.mark.value);
    rtnl_rule_set_mask(handle.get(), rule.mark.mask);
  }
  rtnl_rule_set_table(handle.get(), rule.table);
  rtnl_rule_set_protocol(handle.get(), rule.protocol);
  return handle;
}

Message build(const Rule &rule, int (*builder)(rtnl_rule *, int, nl_msg **), int flags) {
  nl_msg *built = nullptr;
  builder(to_libnl(rule).get(), flags, &built);
  Message message(kRuleDialect, checked(MessageHandle(built)));
  if (rule.uid) {
    // libnl knows no uids.
    const fib_rule_uid_range range{.start = rule.uid->min, .end = rule.uid->max};
    message.put(FRA_UID_RANGE, &range, sizeof(range));
  }
  if (rule.suppress) {
    // Nor this.
    message.put(FRA_SUPPRESS_PREFIXLEN, *rule.suppress);
  }
  return message;
}

/// Whether it looks at nothing but mark and uid, and does nothing but look into a table for a route
/// that is narrow enough.
bool is_plain(const fib_rule_hdr &header, const Attributes &attributes) {
  if (header.action != FR_ACT_TO_TBL || header.dst_len != 0 || header.src_len != 0 ||
      header.tos != 0 || (header.flags & FIB_RULE_INVERT) != 0) {
    return false;
  }
  return std::ranges::all_of(attributes, [&](const Attribute &attribute) {
    switch (attribute.type) {
      case FRA_PRIORITY:
      case FRA_FWMARK:
      case FRA_FWMASK:
      case FRA_UID_RANGE:
      case FRA_TABLE:
      case FRA_PROTOCOL:
      case FRA_PAD:
      case FRA_SUPPRESS_PREFIXLEN:
        return true;
      case FRA_SUPPRESS_IFGROUP:
        return attributes.number(attribute.type) == kNoSuppression;
      default:
        return false;
    }
  });
}

}  // namespace

Message rule_dump(Family family) {
  fib_rule_hdr header{};
  header.family = to_af(family);
  return {kRuleDialect, RTM_GETRULE, 0, header};
}

Message rule_add(const Rule &rule) {
  return build(rule, rtnl_rule_build_add_request, NLM_F_CREATE | NLM_F_EXCL);
}

Message rule_del(Rule rule, bool by_uid) {
  if (!by_uid) {
    rule.uid.reset();
  }
  return build(rule, rtnl_rule_build_delete_request, 0);
}

void read_rule(const nlmsghdr &answer, Routing &routing) {
  const auto header = read_as<fib_rule_hdr>(payload(answer));
  const Attributes attributes(answer, sizeof(header));
  const std::uint32_t table = attributes.number(FRA_TABLE).value_or(header.table);
  if (table != RT_TABLE_UNSPEC) {
    routing.tables.insert(table);
  }
  const Mark mark{attributes.number(FRA_FWMARK).value_or(0),
                  attributes.number(FRA_FWMASK).value_or(0)};
  std::optional<UidRange> uid;
  if (const auto attribute = attributes.find(FRA_UID_RANGE)) {
    const auto range = read_as<fib_rule_uid_range>(attribute->payload);
    uid = UidRange{range.start, range.end};
  }
  const auto suppress = attributes.number(FRA_SUPPRESS_PREFIXLEN);
  if (mark.mask != 0) {
    routing.marks.insert(mark);
  }
  if ((mark.mask != 0) != uid.has_value() && is_plain(header, attributes)) {
    routing.rules.push_back(
        {.family = from_af(header.family),
         .priority = attributes.number(FRA_PRIORITY).value_or(0),
         .mark = mark,
         .table = table,
         .protocol = attributes.number<std::uint8_t>(FRA_PROTOCOL).value_or(RTPROT_UNSPEC),
         .uid = uid,
         .suppress = suppress == kNoSuppression ? std::nullopt : suppress});
  }
}

}  // namespace ownroute::detail
